"""Three threads add to one counter under a lock, and none is lost."""

import threading

lock, total = threading.Lock(), [0]


def add():
    for _ in range(200):
        with lock:
            total[0] += 1


threads = [threading.Thread(target=add) for _ in range(3)]
for each in threads:
    each.start()
for each in threads:
    each.join()
print(total[0])
