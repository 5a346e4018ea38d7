"""A heartbeat with wait(timeout) beats until it is told to stop."""

import threading
import time

stop, beats = threading.Event(), []


def beat():
    while not stop.wait(0.1):
        beats.append(time.monotonic())


thread = threading.Thread(target=beat)
thread.start()
time.sleep(0.55)
stop.set()
thread.join()
print(2 <= len(beats) <= 6, beats == sorted(beats))
