"""A semaphore at zero times out; a release lets it be taken."""

import threading

semaphore = threading.Semaphore(1)
print(semaphore.acquire(), semaphore.acquire(blocking=False), semaphore.acquire(timeout=0.1))
semaphore.release()
print(semaphore.acquire(timeout=0.1))
try:
    semaphore.acquire(blocking=False, timeout=1)
except ValueError as error:
    print(error)
