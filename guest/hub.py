"""The hub: one interpreter's threads, as greenlets, on virtual time.

Everything that blocks in the guest ends in :meth:`Hub.wait`. The hub runs whatever is
runnable; when nothing is, time moves to the earliest timer, but never as far as the host's
grant: beyond that the host is asked first (conservative time). Ties go by (time, sequence).

Imported before ``threading``: nothing here may import a module that binds a real lock.
"""

from __future__ import annotations

from _collections import deque
from _heapq import heappop
from _heapq import heappush

from greenlet import getcurrent
from greenlet import greenlet

TICK = 1e-6
"""No wait is shorter (seconds): below it ``epoch + now`` might not move at all."""

READS_MAX = 20_000
"""Clock reads at one instant after which a thread is taken to spin, and is put to sleep."""

SPIN_S = 1e-3
HUB_BLOCKS = "the guest's hub cannot block: a finaliser or a signal tried to"


class Strand(greenlet):
    """One virtual thread."""

    ident = 0
    sentinel = None
    signalled = False


class Waiter:
    """What one strand waits for, once."""

    __slots__ = ("done", "strand", "value")

    def __init__(self, strand):
        self.strand = strand
        self.done = False
        self.value = None


class Stopped(BaseException):
    """The flight is over for this strand; not an Exception, so that pilots let it through."""


class Hub:
    """The scheduler of one guest. Times are seconds since the flight began."""

    def __init__(self, *, epoch, start, host):
        self.epoch = epoch
        self.now = start
        self.posix = epoch + start
        self.until = start
        self.host = host
        self.root = getcurrent()
        self.main = None
        self.ready = deque()
        self.timers = []
        self.sequence = 0
        self.reads = 0
        self.spun = False
        self.switches = 0
        self.strands = 0
        self.before_move = []
        self.signals = deque()
        self.handle_signal = None
        self.over = None
        self.leaving = None

    # -- what strands call

    def spawn(self, work):
        """Make *work* (no arguments) a strand that runs at this instant, and return it."""
        strand = Strand(work, self.root)
        self.strands += 1
        strand.ident = 1000 + self.strands
        self.ready.append(strand)
        return strand

    def waiter(self):
        """Return a waiter for the calling strand."""
        strand = getcurrent()
        if strand is self.root:
            raise RuntimeError(HUB_BLOCKS)
        return Waiter(strand)

    def wait(self, waiter, timeout=None):
        """Block until *waiter* is woken or *timeout* seconds pass; return its value or None."""
        if timeout is not None:
            self.after(timeout, waiter)
        strand = waiter.strand
        root = self.root
        while not waiter.done:
            root.switch()
            if self.signals and strand is self.main:
                self.take_signals()
        return waiter.value

    def wake(self, waiter, value=None):
        """Let the strand of *waiter* go on with *value*; a second wake changes nothing."""
        if not waiter.done:
            waiter.done = True
            waiter.value = value
            self.ready.append(waiter.strand)

    def after(self, delay, waiter):
        """Wake *waiter* in *delay* seconds, unless something else does before."""
        self.sequence += 1
        if delay > 0:
            delay = delay if delay > TICK else TICK
            heappush(self.timers, (self.now + delay, self.sequence, waiter))
        else:
            heappush(self.timers, (self.now, self.sequence, waiter))

    def sleep(self, delay):
        """Block the calling strand for *delay* seconds."""
        # What most pilots do most of the time: waiter(), after() and wait() in one.
        strand = getcurrent()
        root = self.root
        if strand is root:
            raise RuntimeError(HUB_BLOCKS)
        waiter = Waiter(strand)
        if 0 < delay < TICK:
            delay = TICK
        self.sequence += 1
        heappush(self.timers, (self.now + delay, self.sequence, waiter))
        while not waiter.done:
            root.switch()
            if self.signals and strand is self.main:
                self.take_signals()

    def count_read(self):
        """Count a clock read; a strand that only reads the clock has to let time pass."""
        self.reads += 1
        if self.reads > READS_MAX and getcurrent() is not self.root:
            self.reads = 0
            if not self.spun:
                text = f"{READS_MAX} clock reads at one instant: time goes on by {SPIN_S} s"
                self.host.note("note", kind="busy-loop", text=text)
            self.spun = True
            self.sleep(SPIN_S)

    def take_signals(self):
        """Run the handlers of pending signals on the main strand's own stack."""
        while self.signals:
            self.handle_signal(self.signals.popleft())

    def interrupt(self, number):
        """Have signal *number* handled by the main strand as soon as it is switched to."""
        self.signals.append(number)
        self.ready.append(self.main)

    # -- the loop

    def run(self):
        """Run until the program is over (``self.over`` is set), then return that."""
        ready = self.ready
        while self.over is None:
            while ready:
                strand = ready.popleft()
                if not strand.dead:
                    self.switches += 1
                    strand.switch()
                    if self.over is not None:
                        return self.over
            self.move()
        return self.over

    def move(self):
        """Nothing can run: go to the next timer, or ask the host what comes next."""
        timers = self.timers
        while timers and timers[0][2].done:
            heappop(timers)
        deadline = timers[0][0] if timers else None
        if deadline is not None and deadline < self.until:
            self.set_now(deadline)
        elif deadline is not None and deadline == self.now:
            pass
        else:
            for prepare in self.before_move:
                prepare()
            self.host.idle(deadline)
        self.fire()

    def set_now(self, instant):
        """Move the clock to *instant*."""
        for prepare in self.before_move:
            prepare()
        self.now = instant
        self.posix = self.epoch + instant
        self.reads = 0

    def fire(self):
        """Wake all that is due, in order of (time, sequence), before any of them runs."""
        timers = self.timers
        now = self.now
        ready = self.ready
        while timers and timers[0][0] <= now:
            waiter = heappop(timers)[2]
            if not waiter.done:
                waiter.done = True
                ready.append(waiter.strand)
