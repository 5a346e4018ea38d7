"""Who waits for a lock gets it when it is released."""

import threading
import time

lock, log = threading.Lock(), []
lock.acquire()


def wait():
    lock.acquire()
    log.append("taken")
    lock.release()


thread = threading.Thread(target=wait)
thread.start()
time.sleep(0.2)
log.append("released")
lock.release()
thread.join()
print(log, lock.locked())
