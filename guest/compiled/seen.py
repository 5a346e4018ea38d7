"""A Python frame around whatever waits in the compiled part, for bench/split.py.

A sampler of Python frames takes what C code does for its caller's. With these frames it sees whose
it is; they cost some 50 ns a wait, which count as the runtime's. What never waits has none: a lock
that is free, a look at the clock. FLIGHTSIM_COMPILED=seen asks for them, and nothing else does.
"""

from __future__ import annotations

import time


class Seen:
    """Stands for *part* where the clock, locks, conditions, queues and files meet it."""

    def __init__(self, part):
        self._part = part

    def stamp_known(self, number, known, rest):
        self._part.stamp_known(number, known, rest)

    def install_conditions(self, condition, wait):
        self._part.install_conditions(condition, wait)
        function = condition.wait

        def wait_seen(self, timeout=None):
            return function(self, timeout)

        condition.wait = wait_seen

    def install_queues(self, queue, *rest):
        self._part.install_queues(queue, *rest)
        function = queue.get

        def get_seen(self, block=True, timeout=None):
            return function(self, block, timeout)

        queue.get = get_seen

    def install_writes(self, file, true_write, writes):
        """Leave ``write`` to Python, where a line of its own asks the kernel."""
        self._part.know_writes(writes)


def see(part):
    """Let all of *part* be seen that is in place, and what it puts in place later."""
    c_sleep, c_queue_up = part.sleep, part.queue_up

    def sleep(seconds):
        return c_sleep(seconds)

    def queue_up(lock, limit):
        return c_queue_up(lock, limit)

    time.sleep = sleep
    part.watch_locks(queue_up)
    return Seen(part)
