"""An exception in a scheduled function leaves the rest scheduled."""

import sched

log = []
scheduler = sched.scheduler()
scheduler.enter(0.05, 1, lambda: 1 / 0)
scheduler.enter(0.1, 1, log.append, ("next",))
try:
    scheduler.run()
except ZeroDivisionError:
    print(log, len(scheduler.queue))
scheduler.run()
print(log)
