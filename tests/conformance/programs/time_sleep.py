"""sleep takes at least its time, by every clock."""

import datetime
import time

clocks = (time.time, time.monotonic, time.perf_counter, lambda: time.time_ns() / 1e9)
clocks += (
    lambda: time.clock_gettime(time.CLOCK_BOOTTIME),
    lambda: datetime.datetime.now().timestamp(),
)
begin = [clock() for clock in clocks]
time.sleep(0.2)
print([0.199 < clock() - start < 5 for clock, start in zip(clocks, begin)])
