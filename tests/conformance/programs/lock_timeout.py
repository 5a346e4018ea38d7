"""A wait for a lock ends after its time-out, not before."""

import threading
import time

lock = threading.Lock()
lock.acquire()
begin = time.monotonic()
print(lock.acquire(timeout=0.2), time.monotonic() - begin >= 0.2)
print(lock.acquire(True, 0.1), lock.acquire(timeout=0))
