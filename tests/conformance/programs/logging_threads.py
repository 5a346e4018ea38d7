"""Log records of threads carry their names and come one by one."""

import logging
import sys
import threading
import time

logging.basicConfig(stream=sys.stdout, format="%(threadName)s %(message)s", level=logging.INFO)


def work(number):
    time.sleep(number * 0.1)
    logging.info("hello %d", number)


threads = [threading.Thread(target=work, args=(number,), name=f"t{number}") for number in (1, 0)]
for each in threads:
    each.start()
for each in threads:
    each.join()
