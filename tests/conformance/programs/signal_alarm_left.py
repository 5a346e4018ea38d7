"""alarm tells how much was left, and 0 takes it back."""

import signal

signal.signal(signal.SIGALRM, lambda number, frame: print("never"))
print(
    signal.alarm(100),
    98 <= signal.alarm(200) <= 100,
    198 <= signal.alarm(0) <= 200,
    signal.alarm(0),
)
