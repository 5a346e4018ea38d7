"""A trace function set in one thread sees that thread only."""

import sys
import threading
import time

log = []


def trace(frame, event, argument):
    if frame.f_code.co_name == "step":
        log.append((threading.current_thread().name, event))
    return trace


def step():
    time.sleep(0.05)


def traced():
    sys.settrace(trace)
    step()
    sys.settrace(None)


threads = [threading.Thread(target=target, name=target.__name__) for target in (step, traced)]
for each in threads:
    each.start()
for each in threads:
    each.join()
print(log, sys.gettrace())
