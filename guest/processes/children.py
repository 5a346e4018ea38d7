"""Pids, groups and signals of the simulated node, behind the functions of ``os``."""

from __future__ import annotations

import errno
import os
import signal

from greenlet import getcurrent

from guest.host import Refused
from guest.host import place
from guest.processes import programs


class Children:
    """The children of this program: what waitpid knows of them."""

    def __init__(self, hub):
        self._hub = hub
        self._ended = {}
        self._alive = {}
        self._waiters = []

    def born(self, pid, child):
        """Enter a child that runs."""
        self._alive[pid] = child

    def ended(self, pid, status):
        """Note the end of *pid* with a wait status, and wake whoever waits for any child."""
        self._alive.pop(pid, None)
        self._ended[pid] = status
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            self._hub.wake(waiter)

    def collected(self, pid):
        """Forget *pid*: its Popen has taken the status."""
        self._ended.pop(pid, None)

    def child(self, pid):
        """Return the running child *pid*, or None."""
        return self._alive.get(pid)

    def waitpid(self, pid, options=0):
        """``os.waitpid`` for the pids of this table."""
        while True:
            ready = sorted(self._ended) if pid <= 0 else [pid] if pid in self._ended else []
            if ready:
                return ready[0], self._ended.pop(ready[0])
            if not (self._alive if pid <= 0 else pid in self._alive):
                raise ChildProcessError(errno.ECHILD, os.strerror(errno.ECHILD))
            if options & os.WNOHANG:
                return 0, 0
            waiter = self._hub.waiter()
            self._waiters.append(waiter)
            self._hub.wait(waiter)


def install(hub, host, root, facts, raise_signal):
    """Replace the process functions of ``os``; return the table of children."""
    children = Children(hub)

    def asked(kind, **args):
        try:
            return host.ask(kind, place=place(root), **args)
        except Refused as refusal:
            raise OSError(refusal.number, refusal.text) from None

    def kill(pid, number):
        if pid == facts["pid"] and number == 0:
            return None
        if pid == facts["pid"]:
            return (
                raise_signal(number)
                if number not in (9, 19)
                else asked("kill", pid=pid, signal=int(number))
            )
        asked("kill", pid=pid, signal=int(number))
        return None

    def killpg(group, number):
        asked("killpg", pgid=group, signal=int(number))

    def refused(name):
        def refuse(*args, **kwargs):
            host.note(
                "escape", kind="process", target=f"os.{name}{args!r}"[:200], place=place(root)
            )
            raise PermissionError(errno.EPERM, f"refused by the simulation: os.{name}")

        return refuse

    def leave(code, number=0):
        hub.over = (code & 0xFF, number)
        hub.leaving = getcurrent()  # a strand that nothing refers to would be unwound
        while True:
            hub.root.switch()

    os.kill, os.killpg = kill, killpg
    os._exit = leave
    os.abort = lambda: raise_signal(signal.SIGABRT)
    os.getpgid = lambda pid: asked("getpgid", pid=pid)
    os.getsid = lambda pid: asked("getsid", pid=pid)
    os.setsid = lambda: asked("setsid", pid=0)
    os.setpgid = lambda pid, group: asked("setpgid", pid=pid, pgid=group)
    os.setpgrp = lambda: asked("setpgid", pid=0, pgid=0)
    os.waitpid = children.waitpid
    os.wait = lambda: children.waitpid(-1)
    os.wait3 = lambda options: (*children.waitpid(-1, options), _no_usage())
    os.wait4 = lambda pid, options: (*children.waitpid(pid, options), _no_usage())
    os.nice = lambda increment: increment
    for name in ("fork", "forkpty"):
        if hasattr(os, name):
            setattr(os, name, refused(name))
    programs.install(leave)
    return children


def _no_usage():
    import resource

    return resource.struct_rusage((0.0,) * 16)


def status_of(code, number):
    """Return the wait status of an exit code or a signal number."""
    return number if number else (code & 0xFF) << 8
