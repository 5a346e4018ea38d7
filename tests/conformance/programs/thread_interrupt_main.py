"""interrupt_main raises KeyboardInterrupt in the main thread."""

import _thread
import threading
import time

threading.Timer(0.2, _thread.interrupt_main).start()
try:
    for _ in range(100):
        time.sleep(0.05)
    print("never")
except KeyboardInterrupt:
    print("interrupted")
