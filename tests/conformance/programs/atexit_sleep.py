"""An exit function may block."""

import atexit
import time


def wait():
    begin = time.monotonic()
    time.sleep(0.2)
    print(time.monotonic() - begin >= 0.2)


atexit.register(wait)
print("main")
