"""pause waits for any signal that is handled."""

import os
import signal
import threading

signal.signal(signal.SIGUSR1, lambda number, frame: print("handled"))
threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGUSR1)).start()
signal.pause()
print("on")
