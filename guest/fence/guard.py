"""Functions that reach outside and that no audit event tells of, replaced by name.

A program that digs out the real function is native code in all but name: the filter of system
calls and the second wall are for that. Read from CPython 3.13 Modules/posixmodule.c,
Modules/_posixsubprocess.c, Modules/signalmodule.c, Python/import.c.
"""

from __future__ import annotations

import _imp
import _posixsubprocess
import _signal
import os
import posix
import signal

from guest.fence.audit import WRITING
from guest.fence.events import WALLLESS
from guest.fence.events import short
from guest.fence.seccomp import SPECIAL
from guest.host import Refused
from guest.host import place

PRIO_PROCESS = 0

# Name in posix -> kind of the attempt, where no argument makes it harmless.
NEVER = {
    "chroot": "file",
    "unshare": "process",
    "setns": "process",
    "pidfd_open": "signal",
}
# Those that set something of a process: done to the simulated ones, without an effect.
OF_A_PROCESS = ("sched_setaffinity", "sched_setscheduler", "sched_setparam")


class Guard:
    """One function as the program finds it: *look* decides whether and how *real* is called."""

    __slots__ = ("__name__", "_look", "real")

    def __init__(self, name, real, look):
        self.__name__ = name
        self.real = real
        self._look = look

    def __call__(self, *args, **kwargs):
        return self._look(self, args, kwargs)


class Looks:
    """The ways to look at a call; *pid* is what the program knows as its own."""

    def __init__(self, fence, host, root, pid):
        self._fence = fence
        self._host = host
        self._root = root
        self._pid = pid

    def never(self, guard, args, kwargs):
        """No argument makes it harmless."""
        name = guard.__name__
        if self._fence.stands:
            self._fence.refuse(NEVER.get(name, "process"), f"{name}{short(args)}")
        return guard.real(*args, **kwargs)

    def signal(self, guard, args, kwargs):
        """A signal, by whatever handle."""
        if self._fence.stands:
            self._fence.refuse("signal", f"{guard.__name__}{short(args)}")
        return guard.real(*args, **kwargs)

    def process(self, guard, args, kwargs):
        """Nothing happens to a process of the node; there is no other."""
        self._check_process(guard, args[0], args)

    def priority(self, guard, args, kwargs):
        """As *process*; groups and users cannot be meant."""
        if args[0] != PRIO_PROCESS:
            self._fence.refuse("process", f"{guard.__name__}{short(args)}")
        self._check_process(guard, args[1], args)

    def limits(self, guard, args, kwargs):
        """The program's own limits are real ones, those of other processes are not there."""
        if args[0] not in (0, self._pid):
            self._fence.refuse("process", f"{guard.__name__}{short(args)}")
        return guard.real(0, *args[1:])

    def fifo(self, guard, args, kwargs):
        """Opening a FIFO would block the interpreter, and whoever looks at the root."""
        if self._fence.stands:
            self._in_root(args, kwargs)
            self._fence.decline("fifo", f"{guard.__name__}{short(args)}")
        return guard.real(*args, **kwargs)

    def node(self, guard, args, kwargs):
        """A file made in the root only, and no FIFO or device."""
        mode = args[1] if len(args) > 1 else kwargs.get("mode", 0)
        if mode & SPECIAL:
            return self.fifo(guard, args, kwargs)
        if self._fence.stands:
            self._in_root(args, kwargs)
        return guard.real(*args, **kwargs)

    def open(self, guard, args, kwargs):
        """The audit event of open does not tell of dir_fd."""
        dir_fd = _descriptor(kwargs)
        if dir_fd >= 0 and self._fence.stands:
            flags = args[1] if len(args) > 1 else kwargs.get("flags", 0)
            if flags & WRITING:
                self._fence.check_path(args[0] if args else kwargs.get("path"), dir_fd)
        return guard.real(*args, **kwargs)

    def builtin(self, guard, args, kwargs):
        """Interpreters without a fence."""
        name = getattr(args[0], "name", "")
        if self._fence.stands and name in WALLLESS:
            self._fence.refuse("library", f"import of {name}")
        return guard.real(*args, **kwargs)

    def _in_root(self, args, kwargs):
        path = args[0] if args else kwargs["path"]
        self._fence.check_path(path, _descriptor(kwargs), follow=False)

    def _check_process(self, guard, pid, args):
        if pid in (0, self._pid):
            return
        try:
            self._host.ask("getpgid", pid=pid, place=place(self._root))
        except Refused:
            self._fence.refuse("process", f"{guard.__name__}{short(args)}")


def _descriptor(kwargs):
    dir_fd = kwargs.get("dir_fd")
    return -1 if dir_fd is None else dir_fd


def install(fence, host, root, pid):
    """Replace the functions that no audit event tells of, in ``os`` and below it.

    Before anything else replaces a function of ``os``: what does so later calls these.
    """
    import resource

    looks = Looks(fence, host, root, pid)
    wanted = dict.fromkeys(NEVER, looks.never)
    wanted.update(dict.fromkeys(OF_A_PROCESS, looks.process))
    wanted.update(mkfifo=looks.fifo, mknod=looks.node, open=looks.open)
    wanted.update(setpriority=looks.priority)
    for name, look in wanted.items():
        _replace((posix, os), name, look)
    _replace((_signal, signal), "pidfd_send_signal", looks.signal)
    _replace((resource,), "prlimit", looks.limits)
    _replace((_posixsubprocess,), "fork_exec", looks.never)
    _replace((_imp,), "create_builtin", looks.builtin)


def _replace(modules, name, look):
    real = getattr(modules[0], name, None)
    if real is not None:
        for module in modules:
            setattr(module, name, Guard(name, real, look))
