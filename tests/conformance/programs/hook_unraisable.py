"""sys.unraisablehook gets what a finaliser raises."""

import sys


class Thing:
    def __del__(self):
        raise ValueError("x")


sys.unraisablehook = lambda raised: print(raised.exc_type.__name__, raised.exc_value)
thing = Thing()
del thing
print("on")
