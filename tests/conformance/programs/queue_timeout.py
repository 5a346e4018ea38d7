"""get and put of a queue time out with Empty and Full."""

import queue
import time

box = queue.Queue(1)
begin = time.monotonic()
try:
    box.get(timeout=0.2)
except queue.Empty:
    print("empty", time.monotonic() - begin >= 0.2)
box.put(1)
begin = time.monotonic()
try:
    box.put(2, timeout=0.2)
except queue.Full:
    print("full", time.monotonic() - begin >= 0.2)
for call in (lambda: box.put_nowait(2), lambda: box.get(timeout=-1)):
    try:
        call()
    except (queue.Full, ValueError) as error:
        print(type(error).__name__)
