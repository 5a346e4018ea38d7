"""Limits of memory and open files, as a batch node sets them: who passes them ends the flight.

The kernel keeps the limits; the program meets MemoryError and EMFILE. Those that nobody caught end
the flight, with the stacks of all strands: what is left of the program after that is no pilot.
"""

from __future__ import annotations

import errno
import os
import resource
import sys

RESERVE_BYTES = 1 << 20
RESERVE_FILES = 8


class Limits:
    """The limits of this guest; *give_up* ends the flight."""

    def __init__(self, give_up, memory, files):
        self._give_up = give_up
        self._memory = memory
        self._files = files
        # What the report on the end needs is set aside while it can be had.
        self._reserve = bytearray(RESERVE_BYTES)
        self._spare = [os.open("/dev/null", os.O_RDONLY) for _ in range(RESERVE_FILES)]

    def install(self):
        """Set the limits, and see every exception that ends a thread."""
        import threading

        for kind, most in (
            (resource.RLIMIT_AS, self._memory),
            (resource.RLIMIT_NOFILE, self._files),
        ):
            _, hard = resource.getrlimit(kind)
            limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (limit, limit))
        of_main, of_threads = sys.excepthook, threading.excepthook

        def excepthook(kind, error, trace):
            self.check(error)
            of_main(kind, error, trace)

        def thread_excepthook(args):
            self.check(args.exc_value)
            of_threads(args)

        sys.excepthook, threading.excepthook = excepthook, thread_excepthook

    def check(self, error):
        """End the flight if *error*, which nobody caught, says that a limit was reached."""
        if isinstance(error, MemoryError):
            self._end(f"limit: memory, of which a pilot gets {self._memory >> 20} MB")
        elif isinstance(error, OSError) and error.errno == errno.EMFILE:
            self._end(f"limit: open files, of which a pilot gets {self._files}")

    def _end(self, why):
        self._reserve = None
        for number in self._spare:
            os.close(number)
        self._spare = []
        self._give_up(why)
