"""A handler runs on the main thread, and the sleep goes on after it."""

import os
import signal
import threading
import time

log = []


def handler(number, frame):
    log.append((number == signal.SIGUSR1, threading.current_thread().name, frame is not None))


signal.signal(signal.SIGUSR1, handler)
threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGUSR1)).start()
begin = time.monotonic()
time.sleep(0.4)
print(log, time.monotonic() - begin >= 0.4)
