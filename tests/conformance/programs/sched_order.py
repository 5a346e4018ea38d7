"""sched runs what is due by time, then priority, then order of entering."""

import sched
import time

log = []
scheduler = sched.scheduler(time.monotonic, time.sleep)
moment = time.monotonic() + 0.1
scheduler.enterabs(moment, 2, log.append, ("low",))
scheduler.enterabs(moment, 1, log.append, ("high",))
scheduler.enter(0.3, 1, log.append, ("late",))
cancelled = scheduler.enter(0.2, 1, log.append, ("cancelled",))
scheduler.cancel(cancelled)
print(len(scheduler.queue), scheduler.empty())
scheduler.run()
print(log, scheduler.empty())
