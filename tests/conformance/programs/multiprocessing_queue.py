"""Results come back through a queue."""

import multiprocessing
import os
import time

context = multiprocessing.get_context("fork")


def work(box, number):
    time.sleep(number * 0.2)
    box.put((number, os.getpid() == parent, multiprocessing.current_process().name))


parent = os.getpid()
box = context.Queue()
processes = [context.Process(target=work, args=(box, number)) for number in (2, 1)]
for each in processes:
    each.start()
print(box.get(timeout=10))
print(box.get(timeout=10))
for each in processes:
    each.join()
print([each.exitcode for each in processes], box.empty())
