"""What each process has a copy of, in memory that they all share."""

from __future__ import annotations

from itertools import count


class Apart:
    """An attribute of a queue that every process has its own of, as after a fork."""

    family = None

    def __init__(self, name):
        self._name = name

    def __get__(self, queue, owner=None):
        if queue is None:
            return self
        return self._kept(queue)[self._name]

    def __set__(self, queue, value):
        self._kept(queue)[self._name] = value

    def _kept(self, queue):
        copies = queue.__dict__.setdefault("_apart", {})
        here = self.family.here()
        kept = copies.get(here)
        if kept is None:
            kept = copies[here] = {}
            queue._reset()
        return kept


# What Queue._reset() sets.
OF_QUEUES = (
    "_buffer",
    "_close",
    "_closed",
    "_jointhread",
    "_joincancelled",
    "_notempty",
    "_poll",
    "_recv_bytes",
    "_send_bytes",
    "_thread",
)


class Current:
    """Stands for ``multiprocessing.process._current_process``, whoever asks."""

    def __init__(self, family, main):
        self._family = family
        self._main = main

    def now(self):
        """Return the process object of the caller."""
        forked = self._family.here()
        return self._main if forked is None or forked.process is None else forked.process

    def __getattr__(self, name):
        return getattr(self.now(), name)


class Children:
    """Stands for ``multiprocessing.process._children``: those of the caller, in order."""

    def __init__(self, family):
        self._family = family
        self._of = {}

    def _mine(self):
        return self._of.setdefault(self._family.here(), {})

    def add(self, process):
        self._mine()[process] = None

    def discard(self, process):
        self._mine().pop(process, None)

    def __iter__(self):
        return iter(self._mine())


class Counter:
    """Stands for ``multiprocessing.process._process_counter``."""

    def __init__(self, family):
        self._family = family
        self._of = {}

    def __next__(self):
        return next(self._of.setdefault(self._family.here(), count(1)))
