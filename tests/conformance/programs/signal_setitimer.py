"""setitimer rings again and again, until it is stopped."""

import signal
import time

log = []
signal.signal(signal.SIGALRM, lambda number, frame: log.append(time.monotonic()))
print(signal.setitimer(signal.ITIMER_REAL, 0.1, 0.2))
end = time.monotonic() + 0.62
while time.monotonic() < end:
    time.sleep(0.02)
left = signal.setitimer(signal.ITIMER_REAL, 0)
print(len(log) in (2, 3), left[0] > 0, round(left[1], 3))
count = len(log)
time.sleep(0.3)
print(len(log) == count, signal.getitimer(signal.ITIMER_REAL))
