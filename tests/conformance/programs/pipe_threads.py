"""A thread that reads a pipe waits for the one that writes."""

import os
import threading
import time

readable, writable = os.pipe()
log = []
thread = threading.Thread(target=lambda: log.append(os.read(readable, 100)))
thread.start()
time.sleep(0.1)
log.append("writes")
os.write(writable, b"text")
thread.join()
os.close(writable)
print(log, os.read(readable, 1))
