"""SimpleQueue blocks, times out and may be put to from anywhere."""

import queue
import threading

box = queue.SimpleQueue()
for call in (box.get_nowait, lambda: box.get(timeout=0.1), lambda: box.get(block=False)):
    try:
        call()
    except queue.Empty:
        print("empty")
threading.Timer(0.1, box.put, ("late",)).start()
print(box.get(timeout=5))
