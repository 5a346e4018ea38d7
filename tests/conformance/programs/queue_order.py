"""Queues give first, last or smallest first."""

import queue

for kind in (queue.Queue, queue.LifoQueue, queue.PriorityQueue, queue.SimpleQueue):
    box = kind()
    for each in (2, 3, 1):
        box.put(each)
    print(kind.__name__, [box.get() for _ in range(3)], box.empty(), box.qsize())
