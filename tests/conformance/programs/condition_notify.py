"""A notified thread goes on when the lock is free again."""

import threading
import time

condition, log = threading.Condition(), []


def wait():
    with condition:
        log.append("waits")
        log.append(condition.wait())


thread = threading.Thread(target=wait)
thread.start()
time.sleep(0.2)
with condition:
    condition.notify()
    log.append("notified")
thread.join()
print(log)
