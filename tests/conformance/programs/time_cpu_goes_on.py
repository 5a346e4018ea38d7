"""Who waits for CPU time to be used up gets there."""

import time

begin = time.process_time()
while time.process_time() - begin < 0.02:
    pass
begin = time.thread_time_ns()
while time.thread_time_ns() - begin < 20_000_000:
    pass
print("done")
