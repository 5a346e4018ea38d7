"""An uncaught KeyboardInterrupt ends by SIGINT, after exit functions have run."""

import atexit

atexit.register(print, "atexit")
raise KeyboardInterrupt
