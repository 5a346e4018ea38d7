"""release(n) lets n threads go."""

import threading
import time

semaphore, log = threading.Semaphore(0), []
threads = [threading.Thread(target=lambda: log.append(semaphore.acquire())) for _ in range(3)]
for each in threads:
    each.start()
time.sleep(0.1)
print(len(log))
semaphore.release(2)
time.sleep(0.2)
print(len(log))
semaphore.release()
for each in threads:
    each.join()
print(len(log))
