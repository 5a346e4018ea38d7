"""A thread has a recursion limit of its own."""

import sys
import threading

sys.setrecursionlimit(300)


def deep(number):
    return deep(number + 1)


def work():
    try:
        deep(0)
    except RecursionError:
        print("RecursionError")


for _ in range(2):
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
work()
