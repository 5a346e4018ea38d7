"""Timers run in the order of their times."""

import threading
import time

log = []
for delay in (0.45, 0.15, 0.3):
    threading.Timer(delay, log.append, (delay,)).start()
time.sleep(0.7)
print(log)
