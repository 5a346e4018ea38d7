"""``sys.settrace`` and ``sys.setprofile`` by thread.

The interpreter keeps one of each for its OS thread, which all strands share: so they are set
anew at each switch, from the first time that a program asks for one until it wants none.
"""

from __future__ import annotations

import sys

import greenlet
from greenlet import getcurrent


class Tracing:
    """Stands for the functions of ``sys`` that set trace and profile functions."""

    def __init__(self, threads):
        self._threads = threads
        self._settrace, self._setprofile = sys.settrace, sys.setprofile
        self._before = None
        self._watching = False

    def settrace(self, function):
        """Stand for ``sys.settrace``."""
        getcurrent().trace = function
        self._watch(function)
        self._settrace(function)

    def setprofile(self, function):
        """Stand for ``sys.setprofile``."""
        getcurrent().profile = function
        self._watch(function)
        self._setprofile(function)

    def settrace_in_all(self, function):
        """Stand for ``sys._settraceallthreads`` (CPython 3.12)."""
        for strand in self._strands():
            strand.trace = function
        self.settrace(function)

    def setprofile_in_all(self, function):
        """Stand for ``sys._setprofileallthreads`` (CPython 3.12)."""
        for strand in self._strands():
            strand.profile = function
        self.setprofile(function)

    def _strands(self):
        return [self._threads.hub.main, *self._threads.alive.values()]

    def _watch(self, function):
        wanted = function is not None or any(
            vars(each).get("trace") or vars(each).get("profile") for each in self._strands()
        )
        if wanted and not self._watching:
            self._before = greenlet.settrace(self._switched)
        elif self._watching and not wanted:
            greenlet.settrace(self._before)
        self._watching = wanted

    def _switched(self, event, strands):
        kept = vars(strands[1])
        self._settrace(kept.get("trace"))
        self._setprofile(kept.get("profile"))
        if self._before is not None:
            self._before(event, strands)


def install(threads):
    """Replace the functions of ``sys``."""
    tracing = Tracing(threads)
    sys.settrace, sys.setprofile = tracing.settrace, tracing.setprofile
    if hasattr(sys, "_settraceallthreads"):
        sys._settraceallthreads = tracing.settrace_in_all
        sys._setprofileallthreads = tracing.setprofile_in_all
