"""Threads share the settings of the interpreter."""

import os
import sys
import threading


def change():
    os.environ["FROM_THREAD"] = "1"
    os.chdir("/")
    sys.setswitchinterval(0.01)


thread = threading.Thread(target=change)
thread.start()
thread.join()
print(os.environ["FROM_THREAD"], os.getcwd(), round(sys.getswitchinterval(), 3))
