"""A loop that polls a flag ends soon after it is set, as pilots poll."""

import threading
import time

stop, turns = threading.Event(), []


def loop():
    while not stop.is_set():
        turns.append(1)
        time.sleep(0.05)


thread = threading.Thread(target=loop)
thread.start()
time.sleep(0.3)
stop.set()
thread.join(5)
print(thread.is_alive(), 2 <= len(turns) <= 8)
