"""Locks on virtual time: what ``_thread`` offers, on the hub.

``threading`` builds Condition, Event, Semaphore, Timer and Thread on these two, ``queue`` and
``concurrent.futures`` on those. Locks are handed over in the order of asking.
Read from CPython 3.9 to 3.13: Modules/_threadmodule.c, Lib/threading.py (_RLock).
"""

from __future__ import annotations

from _collections import deque
from itertools import count

from greenlet import getcurrent

from guest.concurrency.abandoned import Abandoned
from guest.hub import Waiter

TIMEOUT_MAX = 9223372036.0
FIRST = 1000
next_number = count(1).__next__
hub = None
"""The hub of this guest (see ``use``)."""


def use(the_hub):
    """Let locks block on *the_hub*."""
    global hub
    hub = the_hub


def number_anew():
    """Begin with FIRST: however many locks the start of the runtime took, it does not show."""
    global next_number
    next_number = count(FIRST).__next__


def _check(blocking, timeout):
    """Raise what the real one does for a *timeout* that it does not take."""
    if timeout is None or not isinstance(timeout, (int, float)):
        raise TypeError(f"{type(timeout).__name__!r} cannot be a timeout in seconds")
    if not blocking and timeout != -1:
        raise ValueError("can't specify a timeout for a non-blocking call")
    if timeout != -1:
        if not timeout >= 0:
            raise ValueError("timeout value must be a non-negative number")
        if timeout > TIMEOUT_MAX:
            raise OverflowError("timeout value is too large")


def leave(waiters, waiter):
    """Take *waiter* out; it is out already if it was passed over since its time was up."""
    if waiter in waiters:
        waiters.remove(waiter)


class Waited:
    """What strands queue up for.

    ``_held`` is the strand that took it last, None if it is free, or the waiter to whom it was
    handed: that one, the first of ``_waiters``, has it as soon as it runs.
    """

    __slots__ = ("__weakref__", "_held", "_number", "_waiters")

    def __init__(self):
        self._number = next_number()
        self._held = None
        self._waiters = None

    def __hash__(self):
        # Sets of locks (threading keeps one) must not be ordered by address.
        return self._number

    def __eq__(self, other):
        return self is other

    def __reduce_ex__(self, protocol):
        raise TypeError(f"cannot pickle {type(self).__name__!r} object")

    def _wait(self, blocking, timeout):
        """Take it in *timeout* seconds of waiting, with the limits of the real one."""
        if type(timeout) is not float or not blocking or not 0 <= timeout <= TIMEOUT_MAX:
            _check(blocking, timeout)
        held = self._held
        if held is None or (type(held) is Abandoned and self._is_left()):
            self._held = hub.current
            return True
        if not blocking or timeout == 0:
            return False
        return self._queue_up(None if timeout == -1 else timeout)

    def _queue_up(self, timeout):
        waiter = hub.sleeper()
        waiters = self._waiters
        if waiters is None:
            waiters = self._waiters = deque()
        waiters.append(waiter)
        try:
            if timeout is None:
                hub.wait(waiter)
            else:
                hub.sleep(timeout, waiter)
            if waiter.value is not True:
                if waiters and waiters[0] is waiter:
                    waiters.popleft()
                else:
                    leave(waiters, waiter)
                return False
        except BaseException:
            self._fall_out(waiter)
            raise
        waiters.popleft()
        strand = self._held = waiter.strand
        strand.sleeper = None
        return True

    def _fall_out(self, waiter):
        """A signal handler raised out of the wait: the lock must not go to nobody."""
        leave(self._waiters, waiter)
        if waiter.done and waiter.value is True:
            self._hand_over()
        waiter.done = True

    def _hand_over(self):
        waiters = self._waiters
        while waiters:
            waiter = waiters[0]
            if not waiter.done and not waiter.strand.dead:
                self._held = waiter
                hub.wake(waiter, True)
                return
            waiters.popleft()
        self._held = None

    def _is_left(self):
        """Tell whether it is free because who held it was ended with all that it had."""
        if type(self._held) is Abandoned:
            self._hand_over()
        return self._held is None

    def _at_fork_reinit(self):
        self._held = None
        self._waiters = None


class Lock(Waited):
    """A lock whose waiters are strands."""

    __slots__ = ()

    def acquire(self, blocking=True, timeout=-1):
        # The way that nearly all calls go: free, and asked for without a limit.
        if timeout == -1:
            held = self._held
            if held is None or (type(held) is Abandoned and self._is_left()):
                self._held = hub.current
                return True
            return self._queue_up(None) if blocking else False
        return self._wait(blocking, timeout)

    def release(self):
        if self._waiters:
            self._pass_on()
        elif self._held is not None:
            self._held = None
        else:
            raise RuntimeError("release unlocked lock")

    def _pass_on(self):
        if type(self._held) is Waiter:
            raise RuntimeError("release unlocked lock")
        self._hand_over()

    def locked(self):
        held = self._held
        return held is not None and type(held) is not Waiter

    __enter__ = acquire

    def __exit__(self, kind, error, trace):
        if self._waiters:
            self._pass_on()
        elif self._held is not None:
            self._held = None
        else:
            raise RuntimeError("release unlocked lock")

    def __repr__(self):
        state = "locked" if self.locked() else "unlocked"
        return f"<{state} _thread.lock object at 0x{self._number:012x}>"

    acquire_lock = acquire
    release_lock = release
    locked_lock = locked


class RLock(Waited):
    """A lock that its owner may take again."""

    __slots__ = ("_count", "_owner")

    def __init__(self, *args, **kwargs):
        super().__init__()
        self._owner = None
        self._count = 0

    def acquire(self, blocking=True, timeout=-1):
        me = getcurrent()
        if self._owner is me:
            self._count += 1
            return True
        if timeout == -1 and self._held is None:
            self._held = hub.current
        elif not self._wait(blocking, timeout):
            return False
        self._owner = me
        self._count = 1
        return True

    __enter__ = acquire

    def release(self):
        if self._owner is not getcurrent():
            raise RuntimeError("cannot release un-acquired lock")
        if self._count > 1:
            self._count -= 1
        else:
            self._let_go()

    def __exit__(self, kind, error, trace):
        self.release()

    def _let_go(self):
        self._count = 0
        self._owner = None
        if self._waiters:
            self._hand_over()
        else:
            self._held = None

    def _acquire_restore(self, state):
        # Whoever waited on a condition has to have its lock again, whatever is raised meanwhile.
        raised = None
        while self._held is not None:
            try:
                self._queue_up(None)
                break
            except BaseException as error:
                raised = error
        self._held = hub.current
        self._count, self._owner = state
        if raised is not None:
            raise raised

    def _release_save(self):
        if not self._count:
            raise RuntimeError("cannot release un-acquired lock")
        state = (self._count, self._owner)
        self._let_go()
        return state

    def _is_owned(self):
        return self._owner is getcurrent()

    def _recursion_count(self):
        return self._count if self._is_owned() else 0

    def _at_fork_reinit(self):
        super()._at_fork_reinit()
        self._owner = None
        self._count = 0

    def __repr__(self):
        state = "locked" if self._count else "unlocked"
        owner = self._owner.ident if self._owner else 0
        where = f"at 0x{self._number:012x}"
        return f"<{state} _thread.RLock object owner={owner} count={self._count} {where}>"


# Error messages and reprs show these as those of the C types that they stand for.
for each in (Lock, RLock):
    name = "lock" if each is Lock else "RLock"
    each.__name__, each.__qualname__, each.__module__ = f"_thread.{name}", name, "_thread"
