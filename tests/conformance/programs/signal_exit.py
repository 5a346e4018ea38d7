"""A handler may end the program with sys.exit."""

import atexit
import os
import signal
import sys
import threading
import time

atexit.register(print, "atexit")
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(12))
threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGTERM)).start()
time.sleep(20)
