"""No more than two threads hold a semaphore of two."""

import threading
import time

semaphore, now, most = threading.Semaphore(2), [0], [0]
guard = threading.Lock()


def work():
    with semaphore:
        with guard:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.1)
        with guard:
            now[0] -= 1


threads = [threading.Thread(target=work) for _ in range(5)]
for each in threads:
    each.start()
for each in threads:
    each.join()
print(most[0], now[0])
