"""A barrier can be used again."""

import threading
import time

barrier, log = threading.Barrier(2), []


def come(name):
    for turn in range(3):
        time.sleep(0.05 if name == "a" else 0.1)
        barrier.wait()
        log.append(turn)


threads = [threading.Thread(target=come, args=(name,)) for name in "ab"]
for each in threads:
    each.start()
for each in threads:
    each.join()
print(log)
