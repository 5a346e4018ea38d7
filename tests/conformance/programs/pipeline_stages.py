"""Three threads pass work along queues, as pilots do."""

import queue
import threading
import time

first, second, done = queue.Queue(), queue.Queue(), queue.Queue()


def stage(source, target, name):
    while True:
        item = source.get()
        if item is None:
            target.put(None)
            return
        time.sleep(0.02)
        target.put(f"{item}{name}")


threads = [
    threading.Thread(target=stage, args=(first, second, "a")),
    threading.Thread(target=stage, args=(second, done, "b")),
]
for each in threads:
    each.start()
for number in range(4):
    first.put(number)
first.put(None)
result = []
while (item := done.get()) is not None:
    result.append(item)
print(result)
