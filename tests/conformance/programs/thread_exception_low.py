"""An exception in a thread of _thread goes to sys.unraisablehook."""

import _thread
import sys
import time


def hook(raised):
    print(
        raised.exc_type.__name__,
        raised.exc_value,
        raised.err_msg.split(" <")[0],
        raised.object in (None, fail),
    )


def fail():
    raise KeyError("x")


sys.unraisablehook = hook
_thread.start_new_thread(fail, ())
time.sleep(0.1)
