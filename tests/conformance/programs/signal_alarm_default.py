"""An alarm without a handler ends the program."""

import signal
import time

signal.setitimer(signal.ITIMER_REAL, 0.1)
print("waits", flush=True)
time.sleep(20)
print("never")
