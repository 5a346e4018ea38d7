"""Threads that sleep longer end later."""

import threading
import time

log = []


def work(number):
    time.sleep(number * 0.15)
    log.append(number)


threads = [threading.Thread(target=work, args=(number,)) for number in (3, 1, 2)]
for each in threads:
    each.start()
for each in threads:
    each.join()
print(log)
