"""A hook that fails does not change the exit code."""

import sys


def hook(kind, error, trace):
    print("hook")
    raise RuntimeError("in the hook")


sys.excepthook = hook
raise ValueError("x")
