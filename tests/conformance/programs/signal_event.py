"""A handler may set the event that the main thread waits for."""

import os
import signal
import threading

event = threading.Event()
signal.signal(signal.SIGTERM, lambda number, frame: event.set())
threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGTERM)).start()
print(event.wait(20))
