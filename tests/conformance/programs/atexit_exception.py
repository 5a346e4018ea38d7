"""An exit function that fails does not keep the others from running."""

import atexit

atexit.register(print, "still runs")
atexit.register(lambda: 1 / 0)
atexit.register(print, "runs first")
