"""What get with a limit gives: the item that comes in time, of the right queue, to one alone."""

import queue
import threading
import time


class Odd(queue.PriorityQueue):
    """A queue that tells only of odd items."""

    def _qsize(self):
        return sum(each % 2 for each in self.queue)


def get(box, **limit):
    """Return what a get gave, or the name of what it raised."""
    try:
        return box.get(**limit)
    except queue.Empty as error:
        return type(error).__name__


boxes = [queue.Queue(), queue.LifoQueue(), queue.PriorityQueue(), Odd()]
log = []
workers = [
    threading.Thread(target=lambda box=box: log.append((boxes.index(box), get(box, timeout=5))))
    for box in boxes
    for _ in range(2)
]
for worker in workers:
    worker.start()
time.sleep(0.1)
for box in boxes:
    box.put(3)
time.sleep(0.1)
print(sorted(log))
for box in boxes:
    box.put(1)
for worker in workers:
    worker.join()
print(sorted(log))
for box in boxes:
    box.put(2)
    print(get(box, block=False), get(box, timeout=0.05), get(box, timeout=0), box.qsize())
    with box.mutex:
        thread = threading.Thread(target=lambda: log.append(get(box, timeout=0.05)))
        thread.start()
        time.sleep(0.2)
        print("held", thread.is_alive())
    thread.join()
    print(log[-1])
for limit in (-1, "soon"):
    try:
        boxes[0].get(timeout=limit)
    except (TypeError, ValueError) as error:
        print(type(error).__name__)
