"""The with statement lets a lock go when its body raises."""

import threading

lock = threading.Lock()
try:
    with lock as taken:
        print(taken, lock.locked())
        raise KeyError("x")
except KeyError:
    print(lock.locked())
