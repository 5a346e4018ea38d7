"""A consumer takes what a producer brings, in its order."""

import queue
import threading
import time

box, got = queue.Queue(2), []


def produce():
    for number in range(6):
        box.put(number)
        time.sleep(0.02)
    box.put(None)


thread = threading.Thread(target=produce)
thread.start()
while True:
    item = box.get()
    if item is None:
        break
    got.append(item)
thread.join()
print(got)
