"""A traceback shows the program's own lines, and no others."""

import sys
import traceback

sys.excepthook = lambda kind, error, trace: print(
    [(each.name, each.line) for each in traceback.extract_tb(trace)]
)


def inner():
    raise ValueError


def outer():
    inner()


outer()
