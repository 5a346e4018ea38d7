"""Each thread has values of its own in a local."""

import threading
import time

data, log = threading.local(), []
data.x = "main"


def work(number):
    log.append(hasattr(data, "x"))
    data.x = number
    time.sleep(0.1)
    log.append(data.x)


threads = [threading.Thread(target=work, args=(number,)) for number in (1, 2)]
for each in threads:
    each.start()
for each in threads:
    each.join()
print(sorted(log, key=str), data.x, data.__dict__)
