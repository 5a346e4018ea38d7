"""The end of the program does not wait for daemons."""

import threading
import time


def work():
    time.sleep(0.2)
    print("daemon", flush=True)
    time.sleep(100)
    print("never")


thread = threading.Thread(target=work, daemon=True)
thread.start()
time.sleep(0.5)
print("main", thread.daemon, flush=True)
