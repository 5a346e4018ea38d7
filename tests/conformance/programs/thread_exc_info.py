"""The exception that one thread handles is not seen in another."""

import sys
import threading

log = []


def look():
    log.append(sys.exc_info()[0])


try:
    raise KeyError
except KeyError:
    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    look()
print(log)
