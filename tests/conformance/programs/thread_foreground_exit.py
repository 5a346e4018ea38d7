"""The end of the program waits for threads that are no daemons, before exit functions run."""

import atexit
import threading
import time

atexit.register(print, "atexit")


def work():
    time.sleep(0.2)
    print("thread", threading.main_thread().is_alive())


threading.Thread(target=work).start()
print("main")
