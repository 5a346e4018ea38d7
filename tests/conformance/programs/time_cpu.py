"""Sleeping takes no CPU time."""

import os
import resource
import time


def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (
        time.process_time(),
        time.thread_time(),
        sum(os.times()[:2]),
        usage.ru_utime + usage.ru_stime,
    )


before = used()
time.sleep(0.5)
print([0 <= after - start < 0.4 for start, after in zip(before, used())])
try:
    resource.getrusage(77)
except ValueError as error:
    print(error)
