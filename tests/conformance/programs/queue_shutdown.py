"""Queues can be shut down from Python 3.13 on."""

import queue
import threading
import time

box = queue.Queue()
if hasattr(box, "shutdown"):
    log = []

    def wait():
        try:
            box.get()
        except queue.ShutDown:
            log.append("shut down")

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.1)
    box.shutdown()
    thread.join()
    print(log)
else:
    print("no shutdown")
