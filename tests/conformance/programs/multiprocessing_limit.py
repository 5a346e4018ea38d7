"""A function that takes too long is given up, as pilots do it."""

import multiprocessing
import queue
import time

context = multiprocessing.get_context("fork")


def execute(function, arguments, box):
    box.put((True, function(*arguments)))


def limited(function, arguments, seconds):
    box = context.Queue(1)
    process = context.Process(target=execute, args=(function, arguments, box), daemon=True)
    process.start()
    try:
        return box.get(timeout=seconds)
    except queue.Empty:
        process.terminate()
        return None
    finally:
        process.join()


print(limited(pow, (2, 5), 10), limited(time.sleep, (20,), 0.3), multiprocessing.active_children())
