"""A put into a full queue goes on when a get has made room."""

import queue
import threading
import time

box, log = queue.Queue(1), []
box.put("first")


def put():
    box.put("second")
    log.append("put")


thread = threading.Thread(target=put)
thread.start()
time.sleep(0.1)
log.append(box.get())
thread.join()
log.append(box.get())
print(log)
