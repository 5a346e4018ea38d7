"""A thread is a daemon if the one that made it is; that cannot change once it runs."""

import threading
import time


def work():
    print(threading.Thread().daemon)


thread = threading.Thread(target=work, daemon=True)
thread.start()
thread.join()
thread = threading.Thread(target=time.sleep, args=(0.1,))
thread.start()
try:
    thread.daemon = True
except RuntimeError as error:
    print(error)
thread.join()
