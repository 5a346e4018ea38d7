"""An exit function may register another."""

import atexit


def first():
    print("first")
    atexit.register(print, "second")


atexit.register(first)
