"""sched can run what is due and say when the next is."""

import sched

log = []
scheduler = sched.scheduler()
scheduler.enter(0, 1, log.append, ("now",))
scheduler.enter(5, 1, log.append, ("later",))
left = scheduler.run(blocking=False)
print(log, 4 < left <= 5)
