"""A thread that joins the main thread goes on when that has ended."""

import threading
import time


def wait():
    threading.main_thread().join()
    print("main has ended", flush=True)


threading.Thread(target=wait).start()
time.sleep(0.1)
print("ends", flush=True)
