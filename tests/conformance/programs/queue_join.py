"""join() of a queue waits for task_done of all that was put."""

import queue
import threading
import time

box, done = queue.Queue(), []


def work():
    while True:
        item = box.get()
        time.sleep(0.05)
        done.append(item)
        box.task_done()


threading.Thread(target=work, daemon=True).start()
for number in range(3):
    box.put(number)
box.join()
print(done, box.unfinished_tasks)
try:
    box.task_done()
except ValueError as error:
    print(error)
