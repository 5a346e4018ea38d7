"""sys.excepthook gets what nobody caught."""

import sys


def hook(kind, error, trace):
    print(kind.__name__, error, trace.tb_lineno, trace.tb_next)


sys.excepthook = hook
raise ValueError("x")
