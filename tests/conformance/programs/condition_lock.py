"""A condition on a lock of one's own gives it back during the wait, however often it was taken."""

import threading
import time

lock = threading.RLock()
condition, log = threading.Condition(lock), []


def other():
    with lock:
        log.append("other")
        condition.notify()


with lock, condition:
    thread = threading.Thread(target=other)
    thread.start()
    time.sleep(0.1)
    log.append("mine")
    condition.wait()
    log.append("again")
thread.join()
print(log)
