"""A lock may be released by another thread than the one that took it."""

import threading

lock = threading.Lock()
lock.acquire()
thread = threading.Thread(target=lock.release)
thread.start()
thread.join()
print(lock.locked(), lock.acquire(timeout=1))
