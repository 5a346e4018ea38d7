"""threading.settrace and setprofile are for the threads that start after it."""

import sys
import threading

log = []


def look(frame, event, argument):
    if frame.f_code.co_name == "step" and event in ("call", "return"):
        log.append(event)


def step():
    return sys.gettrace() is not None, sys.getprofile() is not None


for setter in (threading.settrace, threading.setprofile):
    setter(look)
    thread = threading.Thread(target=step)
    thread.start()
    thread.join()
    setter(None)
    print(log)
    log.clear()
step()
print(log)
