"""A handler that raises ends the wait for a lock, which then is nobody's."""

import os
import signal
import threading


def handler(number, frame):
    raise TimeoutError("signal")


signal.signal(signal.SIGUSR1, handler)
lock = threading.Lock()
lock.acquire()
threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGUSR1)).start()
try:
    lock.acquire()
except TimeoutError as error:
    print(error, lock.locked())
lock.release()
print(lock.acquire(timeout=1))
