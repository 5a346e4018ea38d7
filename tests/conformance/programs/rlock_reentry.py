"""The owner of a reentrant lock may take it again; others wait until it is free."""

import threading

lock, log = threading.RLock(), []


def attempt():
    log.append(lock.acquire(timeout=0.1))


with lock, lock:
    thread = threading.Thread(target=attempt)
    thread.start()
    thread.join()
thread = threading.Thread(target=attempt)
thread.start()
thread.join()
print(log)
