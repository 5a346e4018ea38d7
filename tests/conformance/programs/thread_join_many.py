"""Several threads may wait for the end of one."""

import threading
import time

log = []
thread = threading.Thread(target=time.sleep, args=(0.2,))
thread.start()
waiters = [threading.Thread(target=lambda: log.append(thread.join())) for _ in range(3)]
for each in waiters:
    each.start()
print(len(log))
for each in waiters:
    each.join()
print(log, thread.is_alive())
