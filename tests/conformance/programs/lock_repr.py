"""The representation of locks tells their state and kind."""

import re
import threading

lock, again = threading.Lock(), threading.RLock()


def show(each):
    print(re.sub(r"owner=[1-9]\d*", "owner=N", re.sub(" at 0x[0-9a-f]+", "", repr(each))))


for each in (lock, again):
    show(each)
    with each:
        show(each)
    show(each)
print(type(lock), type(again), isinstance(lock, type(again)))
