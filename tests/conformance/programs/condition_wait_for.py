"""wait_for goes on when its predicate holds, after as many notifications as that takes."""

import threading
import time

condition, count = threading.Condition(), [0]


def rise():
    for _ in range(3):
        time.sleep(0.05)
        with condition:
            count[0] += 1
            condition.notify()


thread = threading.Thread(target=rise)
thread.start()
with condition:
    print(condition.wait_for(lambda: count[0] >= 3), count[0])
thread.join()
