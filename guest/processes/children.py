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

    def __init__(self, hub, host):
        self._hub = hub
        self._host = host
        self._ended = {}
        self._alive = {}
        self._forked = set()
        self._waiters = []

    def begot(self, pid):
        """Enter a forked child: the node keeps what is left of it until somebody has waited."""
        self._alive[pid] = None
        self._forked.add(pid)

    def disown(self, pid):
        """Forget the forked child *pid*, as if it had never been."""
        self._forked.discard(pid)
        self._alive.pop(pid, None)
        self._wake()

    def part(self):
        """Forget all children: they are not those of a forked copy."""
        self._ended.clear()
        self._alive.clear()
        self._forked.clear()
        self._waiters = []

    def born(self, pid, child):
        """Enter a child that runs."""
        self._alive[pid] = child

    def ended(self, pid, status):
        """Note the end of *pid* with a wait status, and wake whoever waits for any child."""
        self._alive.pop(pid, None)
        self._ended[pid] = status
        self._wake()
        if callable(signal.getsignal(signal.SIGCHLD)):
            self._hub.interrupt(int(signal.SIGCHLD))

    def _wake(self):
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
        found = self._wait(pid, options)
        return (0, 0) if found is None else (found, self._take(found))

    def waitid(self, kind, number, options):
        """``os.waitid`` for the ends of children."""
        pid = self._wait(number if kind == os.P_PID else -1, options)
        if pid is None:
            return None
        status = self._ended[pid] if options & os.WNOWAIT else self._take(pid)
        code = (os.CLD_KILLED, status) if status & 127 else (os.CLD_EXITED, status >> 8)
        words = (pid, os.getuid(), int(signal.SIGCHLD), code[1], code[0])
        return os.waitid_result(words)

    def _wait(self, pid, options):
        """Return which of the children that *pid* means has ended; None if none has yet."""
        while True:
            ready = sorted(self._ended) if pid <= 0 else [pid] if pid in self._ended else []
            if ready:
                return ready[0]
            if not (self._alive if pid <= 0 else pid in self._alive):
                raise ChildProcessError(errno.ECHILD, os.strerror(errno.ECHILD))
            if options & os.WNOHANG:
                return None
            waiter = self._hub.waiter()
            self._waiters.append(waiter)
            self._hub.wait(waiter)

    def _take(self, pid):
        if pid in self._forked:
            self._forked.discard(pid)
            self._host.note("reap", pid=pid)
        return self._ended.pop(pid)


def install(hub, host, root, facts, raise_signal):
    """Replace the process functions of ``os``; return the table of children."""
    children = Children(hub, host)

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
    os.waitid = children.waitid
    os.nice = lambda increment: increment
    programs.install(leave)
    return children


def _no_usage():
    import resource

    return resource.struct_rusage((0.0,) * 16)


def status_of(code, number):
    """Return the wait status of an exit code or a signal number."""
    return number if number else (code & 0xFF) << 8
