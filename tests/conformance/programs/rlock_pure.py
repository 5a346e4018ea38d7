"""The pure Python reentrant lock works as the other does."""

import threading

lock = threading._RLock()
print(lock.acquire(), lock.acquire(timeout=1))
log = []
thread = threading.Thread(target=lambda: log.append(lock.acquire(False)))
thread.start()
thread.join()
lock.release()
lock.release()
print(log)
