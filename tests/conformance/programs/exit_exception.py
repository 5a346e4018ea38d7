"""An uncaught exception gives 1, after exit functions have run."""

import atexit

atexit.register(print, "atexit")
raise KeyError("x")
