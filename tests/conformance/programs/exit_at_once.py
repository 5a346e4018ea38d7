"""os._exit leaves without exit functions and without flushing."""

import atexit
import os
import sys

atexit.register(print, "never")
print("lost")
sys.stderr.flush()
os._exit(9)
