"""os._exit in a thread ends the program."""

import os
import threading
import time

threading.Thread(target=lambda: (time.sleep(0.1), os._exit(4))).start()
time.sleep(20)
print("never")
