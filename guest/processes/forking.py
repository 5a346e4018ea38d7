"""``os.fork``: a real copy of this interpreter, which is another guest of the same node.

The copy keeps the calling strand alone, has a wire and a pid of its own, and waits for the host
to let it run: no two guests ever run at once. What it shares with its parent is what fork(2) says:
open files (the kernel sees to those), pipes and pairs of sockets (guest/concurrency/shared.py).
Not modelled: connections to the world and listeners stay the parent's, and are dead in the copy;
what the parent's commands write goes to the parent. Read from CPython 3.9 to 3.13
Modules/posixmodule.c (os_fork_impl, warn_about_fork_with_threads), fork(2).
"""

from __future__ import annotations

import errno
import os
import random
import signal
import sys
import threading
import warnings

from greenlet import getcurrent

from guest.concurrency.shared import Sharing
from guest.host import Refused
from guest.host import place
from guest.hub import Strand
from guest.network.connection import WorldStream
from guest.network.connection import connections
from guest.network.home import home
from guest.network.numbers import numbers
from guest.processes import copying

MAIN_IDENT = 1000
THREADS = (
    "This process (pid={}) is multi-threaded, use of fork() may lead to deadlocks in the child."
)


class Lost(Strand):
    """A strand of the parent's in a copy: it never goes on, and what it holds it holds for ever."""

    dead = True


class Forking:
    """Forks this guest. *parting* are called in a copy, at first, with its new pid."""

    def __init__(self, hub, host, root, facts, copier, nursery):
        self._hub = hub
        self._host = host
        self._root = root
        self._facts = facts
        self._copier = copier
        self._nursery = nursery
        self._sharing = Sharing()
        self._left = []
        self.parting = []
        self.has_copies = False
        host.takers["fork"] = self._ended

    def fork(self):
        """Stand for ``os.fork``. Raises BlockingIOError at the limit of processes."""
        pipes = self._sharing.told()
        try:
            given = self._host.ask("fork", pipes=pipes, place=place(self._root))
        except Refused as refusal:
            raise OSError(refusal.number, refusal.text) from None
        descriptor = self._copier.take_descriptor(self._host.wire)
        self._sharing.share(given["pipes"])
        real = self._copier.copy(given["word"])
        if real == 0:
            self._begin(given, descriptor)
            return 0
        self.has_copies = True
        self._copier.after_in_parent()
        copying.close(descriptor)
        self._host.note("forked", pid=given["pid"], real=real)
        if real < 0:
            raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        self._nursery.children.begot(given["pid"])
        if sys.version_info >= (3, 12) and len(self._hub.threads.alive) > 0:
            warnings.warn(THREADS.format(os.getpid()), DeprecationWarning, stacklevel=2)
        return given["pid"]

    def _ended(self, item):
        """A copy of ours has ended, or one of our descendants has become ours."""
        children = self._nursery.children
        if "adopted" in item:
            children.begot(item["adopted"])
        elif signal.getsignal(signal.SIGCHLD) == signal.SIG_IGN:
            children.disown(item["pid"])
            self._host.note("reap", pid=item["pid"])
        else:
            children.ended(item["pid"], item["signal"] or item["code"] << 8)

    # -- in the copy

    def _begin(self, given, descriptor):
        host, hub = self._host, self._hub
        copying.move(host.wire, descriptor)
        first = host.wire.receive()
        pid, me = given["pid"], getcurrent()
        self._facts.update(pid=pid, ppid=self._facts["pid"], forked=True)
        self.has_copies = False
        self._nursery.part()
        self._keep(me)
        host.waiting.clear()
        host.stood.clear()
        self._leave_connections()
        hub.threads.pid = pid
        home.ids = (pid, *home.ids[1:])
        for part in self.parting:
            part(pid)
        host.go_on(first)
        self._copier.after_in_child()
        random._inst.seed()
        threading.main_thread()._native_id = pid
        if me.ident != MAIN_IDENT:
            self._end_with(me)

    def _keep(self, me):
        """Keep *me* of all strands. The others stand where they are for ever: nothing is unwound."""
        hub, alive = self._hub, self._hub.threads.alive
        for strand in [each for each in alive.values() if each is not me]:
            del alive[strand.ident]
            if strand.after is not None:
                strand.after()  # from 3.13 on: whoever joins it need not wait
        lost = [each for each in hub.alive if each is not me and not each.dead]
        for strand in lost:
            strand.__class__ = Lost
        self._left += lost
        hub.ready.clear()
        hub.timers.clear()
        hub.signals.clear()
        hub.alive = [me]
        hub.main = hub.current = me

    def _end_with(self, strand):
        """Have this process end with its only thread, which was not the main one of its parent."""
        hub, after = self._hub, getattr(strand, "after", None)

        def end():
            if after is not None:
                after()
            hub.over = (0, 0)

        strand.after = end

    def _leave_connections(self):
        connections._streams.clear()
        for endpoint in numbers.table.values():
            stream = getattr(endpoint, "stream", None)
            if isinstance(stream, WorldStream):
                stream.ended, stream._dead_at = True, -1.0
                endpoint.error = errno.ECONNRESET


def install(hub, host, root, facts, copier, nursery):
    """Replace ``os.fork``; return what makes the copies."""
    forking = Forking(hub, host, root, facts, copier, nursery)

    def forkpty():
        text = "os.forkpty: a node has no terminals"
        host.note("refused", kind="terminal", target="os.forkpty()", place=place(root))
        raise OSError(errno.ENOENT, f"refused by the simulation: {text}")

    def fork():
        return forking.fork()

    os.fork, os.forkpty = fork, forkpty
    return forking
