"""A generator that one thread runs cannot be entered by another."""

import threading
import time


def steps():
    time.sleep(0.3)
    yield 1


generator = steps()
thread = threading.Thread(target=lambda: next(generator))
thread.start()
time.sleep(0.1)
try:
    next(generator)
except ValueError as error:
    print(error)
thread.join()
