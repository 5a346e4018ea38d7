"""A cancelled timer does not run."""

import threading

log = []
timers = [threading.Timer(0.2, log.append, (number,)) for number in range(3)]
for each in timers:
    each.start()
timers[1].cancel()
for each in timers:
    each.join()
print(sorted(log), timers[1].finished.is_set())
