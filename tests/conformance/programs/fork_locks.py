"""A lock that another thread holds stays locked in the child; those of logging do not."""

import logging
import os
import threading
import time

lock = threading.Lock()
logging.basicConfig(level=logging.INFO)


def hold():
    with lock:
        time.sleep(0.5)


thread = threading.Thread(target=hold)
thread.start()
time.sleep(0.1)
child = os.fork()
if child == 0:
    logging.info("of the child")
    os._exit(10 + lock.acquire(timeout=1.0))
print(os.waitpid(child, 0)[1] >> 8, lock.acquire(timeout=1))
