"""An empty queue times out, and a full one."""

import multiprocessing
import queue

box = multiprocessing.get_context("fork").Queue(1)
try:
    box.get(timeout=0.1)
except queue.Empty:
    print("empty")
box.put(1)
try:
    box.put(2, timeout=0.1)
except queue.Full:
    print("full")
print(box.get(timeout=5), box.qsize())
