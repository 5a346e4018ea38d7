"""Wrong arguments of acquire and a release too many raise what they always raised."""

import threading

lock = threading.Lock()
for arguments in (
    (True, -2),
    (False, 1),
    (True, None),
    (True, "x"),
    (True, float("nan")),
    (True, 1e12),
):
    try:
        print(lock.acquire(*arguments))
    except Exception as error:
        print(arguments, type(error).__name__)
try:
    lock.release()
except RuntimeError as error:
    print(error)
