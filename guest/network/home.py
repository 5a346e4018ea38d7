"""Where the sockets of this guest live: its hub and host, the node's names, and one way to wait.

A holder, filled once by :func:`guest.network.install`, so that everything else in this room can
be plain classes and functions. Nothing here may import ``socket``: it comes later.
"""

from __future__ import annotations

import os
import sys
from _socket import timeout as TimedOut  # TimeoutError, but a class of its own on 3.9

LOOPBACK, LOOPBACK6 = "127.0.0.1", "::1"
OPEN_MAX = 1024
"""Sockets that may be open at a time: the usual soft limit of open files."""


class Home:
    """What the sockets of one guest share."""

    def __init__(self):
        self.hub = None
        self.host = None
        self.root = ""
        self.hostname = "localhost"
        self.address = LOOPBACK
        self.address6 = ""
        self.ids = (0, 0, 0)
        self.default_timeout = None

    def fill(self, hub, host, root, facts):
        """Move in: *facts* are what the host says of the node."""
        self.hub = hub
        self.host = host
        self.root = root
        self.hostname = facts["hostname"]
        self.address = facts["address"]
        self.address6 = facts.get("address6", "")
        self.ids = (facts["pid"], facts["uid"], facts["gid"])


home = Home()


def failure(number, text=None):
    """Return the OSError of errno *number*, of the class that CPython gives it."""
    return OSError(number, text or os.strerror(number))


def no_integer(value):
    """Return the error of a *value* that should be one, as this CPython words it."""
    kind = type(value).__name__
    if sys.version_info < (3, 10):
        return TypeError(f"an integer is required (got type {kind})")
    return TypeError(f"{kind!r} object cannot be interpreted as an integer")


def wait_until(watchers, ready, timeout, complaint="timed out", again_at=None):
    """Block the strand until *ready* says so; raises TimedOut after *timeout* seconds.

    *watchers* is the list whose waiters are woken when something changes. *again_at* tells when
    to look again although nobody will wake us (virtual time, or None for never).
    """
    hub = home.hub
    deadline = None if timeout is None else hub.now + timeout
    while not ready():
        until = deadline
        if again_at is not None:
            soon = again_at()
            if soon is not None:
                until = soon if until is None else min(until, soon)
        if deadline is not None and hub.now >= deadline:
            raise TimedOut(complaint)
        waiter = hub.waiter()
        watchers.append(waiter)
        try:
            hub.wait(waiter, None if until is None else until - hub.now)
        finally:
            # A signal handler may have raised out of the wait: nobody must wake this strand then.
            waiter.done = True
            if waiter in watchers:
                watchers.remove(waiter)
