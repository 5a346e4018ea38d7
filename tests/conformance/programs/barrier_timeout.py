"""A barrier that a party does not reach in time is broken for all."""

import threading

barrier, log = threading.Barrier(3), []


def come(timeout):
    try:
        barrier.wait(timeout)
    except threading.BrokenBarrierError:
        log.append("broken")


threads = [threading.Thread(target=come, args=(timeout,)) for timeout in (0.2, 5)]
for each in threads:
    each.start()
for each in threads:
    each.join()
print(log, barrier.broken)
barrier.reset()
print(barrier.broken)
