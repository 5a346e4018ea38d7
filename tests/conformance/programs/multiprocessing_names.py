"""Processes have names, parents and children."""

import multiprocessing
import os
import threading

context = multiprocessing.get_context("fork")


def look(box):
    me, parent = multiprocessing.current_process(), multiprocessing.parent_process()
    box.put(
        (
            me.name,
            me.daemon,
            parent.name,
            parent.pid == os.getppid(),
            multiprocessing.active_children(),
        )
    )
    box.put(
        (
            threading.current_thread().name,
            threading.active_count(),
            me.pid == os.getpid(),
            me.is_alive(),
        )
    )


box = context.SimpleQueue()
print(multiprocessing.current_process().name, multiprocessing.parent_process())
process = context.Process(target=look, args=(box,), name="looker", daemon=True)
print(process.pid, process.exitcode, process.is_alive(), process.name)
process.start()
print(multiprocessing.active_children() == [process])
print(box.get())
print(box.get())
process.join()
print(multiprocessing.active_children(), process.pid == os.getpid())
