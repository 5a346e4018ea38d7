"""Lines that threads print are whole."""

import threading
import time


def work(number):
    time.sleep(number * 0.1)
    print("line", number)


threads = [threading.Thread(target=work, args=(number,)) for number in (2, 0, 1)]
for each in threads:
    each.start()
for each in threads:
    each.join()
