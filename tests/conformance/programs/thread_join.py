"""join() waits for the end, or for its time-out."""

import threading
import time

thread = threading.Thread(target=time.sleep, args=(0.4,))
try:
    thread.join()
except RuntimeError as error:
    print(error)
thread.start()
print(thread.join(0.1), thread.is_alive(), thread.join(), thread.is_alive(), thread.join(-1))
try:
    threading.current_thread().join()
except RuntimeError as error:
    print(error)
try:
    thread.start()
except RuntimeError as error:
    print(error)
