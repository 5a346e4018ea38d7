"""SIGINT raises KeyboardInterrupt in the main thread."""

import os
import signal
import threading
import time

threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    time.sleep(20)
except KeyboardInterrupt:
    print("interrupted", signal.getsignal(signal.SIGINT) is signal.default_int_handler)
