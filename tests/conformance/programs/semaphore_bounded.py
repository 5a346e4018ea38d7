"""A bounded semaphore cannot be released more often than it was taken."""

import threading

semaphore = threading.BoundedSemaphore(1)
with semaphore:
    pass
try:
    semaphore.release()
except ValueError as error:
    print(error)
try:
    threading.Semaphore(-1)
except ValueError as error:
    print(error)
