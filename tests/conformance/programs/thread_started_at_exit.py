"""A thread may start others while the program ends."""

import threading
import time


def first():
    time.sleep(0.1)
    threading.Thread(target=second).start()


def second():
    time.sleep(0.1)
    print("second")


threading.Thread(target=first).start()
print("main")
