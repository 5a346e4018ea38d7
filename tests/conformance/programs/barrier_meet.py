"""A barrier lets its parties go when all have come, and one of them runs the action."""

import threading

log = []
barrier = threading.Barrier(3, action=lambda: log.append("action"))


def come():
    log.append(barrier.wait())


threads = [threading.Thread(target=come) for _ in range(3)]
for each in threads:
    each.start()
for each in threads:
    each.join()
print(log[0], sorted(log[1:]), barrier.parties, barrier.n_waiting, barrier.broken)
