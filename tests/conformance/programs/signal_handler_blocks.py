"""A handler may wait for a thread, and the main thread waits for the handler."""

import os
import signal
import threading
import time

log = []
thread = threading.Thread(target=time.sleep, args=(0.3,))


def handler(number, frame):
    log.append("handler")
    thread.join()
    log.append("joined")


signal.signal(signal.SIGTERM, handler)
thread.start()
threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGTERM)).start()
time.sleep(0.2)
log.append("slept")
print(log)
