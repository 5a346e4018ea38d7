"""A lock is free, taken, free again, and says so."""

import threading

lock = threading.Lock()
print(
    lock.locked(), lock.acquire(), lock.locked(), lock.acquire(False), lock.release(), lock.locked()
)
print(lock.acquire(blocking=True), lock.acquire(blocking=False), lock.acquire(True, 0))
