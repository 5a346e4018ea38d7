"""notify(2) lets two of four waiters go, notify_all the others."""

import threading
import time

condition, log = threading.Condition(), []


def wait():
    with condition:
        condition.wait()
        log.append(1)


threads = [threading.Thread(target=wait) for _ in range(4)]
for each in threads:
    each.start()
time.sleep(0.2)
for call in (lambda: condition.notify(2), condition.notify_all):
    with condition:
        call()
    time.sleep(0.2)
    print(len(log))
