"""Clocks do not go back."""

import threading
import time

seen = []


def look():
    for _ in range(20):
        seen.append(time.monotonic())
        time.sleep(0.002)


threads = [threading.Thread(target=look) for _ in range(3)]
for each in threads:
    each.start()
for each in threads:
    each.join()
print(seen == sorted(seen))
