"""A join is interrupted by what a handler raises, and can be taken up again."""

import os
import signal
import threading
import time


def handler(number, frame):
    raise InterruptedError("signal")


signal.signal(signal.SIGUSR1, handler)
thread = threading.Thread(target=time.sleep, args=(0.4,))
thread.start()
threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGUSR1)).start()
try:
    thread.join()
except InterruptedError as error:
    print(error, thread.is_alive())
thread.join()
print(thread.is_alive())
