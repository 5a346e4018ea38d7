"""Only the owner of a reentrant lock can release it."""

import threading

lock = threading.RLock()


def release():
    try:
        lock.release()
    except RuntimeError as error:
        print(error)


release()
lock.acquire()
thread = threading.Thread(target=release)
thread.start()
thread.join()
lock.release()
print("released")
