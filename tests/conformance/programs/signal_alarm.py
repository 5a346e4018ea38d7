"""alarm interrupts a sleep with what its handler raises."""

import signal
import time


class Late(Exception):
    pass


def handler(number, frame):
    raise Late


signal.signal(signal.SIGALRM, handler)
begin = time.monotonic()
signal.alarm(1)
try:
    time.sleep(20)
    print("never")
except Late:
    print(0.9 < time.monotonic() - begin < 15)
print(signal.alarm(0))
