"""A hook that fails is reported with the name of the thread."""

import sys
import threading


def hook(args):
    raise ValueError("hook")


threading.excepthook = hook
sys.excepthook = lambda kind, error, trace: print("sys.excepthook", kind.__name__, error)
thread = threading.Thread(target=lambda: 1 / 0)
thread.start()
thread.join()
print("on")
