"""The hub: one interpreter's threads, as greenlets, on virtual time.

Everything that blocks in the guest ends in :meth:`Hub.wait`. The hub runs whatever is
runnable; when nothing is, time moves to the earliest timer, but never as far as the host's
grant: beyond that the host is asked first (conservative time). Ties go by (time, sequence).
Who is to run next of those that can is decided here, first come, first served; with a chooser
(guest/schedules.py) that decides.

Imported before ``threading``: nothing here may import a module that binds a real lock.
"""

from __future__ import annotations

from _collections import deque
from _heapq import heappop
from _heapq import heappush
from _heapq import heappushpop

from greenlet import getcurrent
from greenlet import greenlet

TICK = 1e-6
"""No wait is shorter (seconds): below it ``epoch + now`` might not move at all."""

GRID, GRAIN = 2.0**30, 2.0**-22
"""Waits end at multiples of the grain (0.24 µs), later rather than earlier: those are the times
that both clocks show exactly (a sum with the grid is one), so that no wait looks too short."""

READS_MAX = 20_000
"""Clock reads at one instant after which a thread is taken to spin, and is put to sleep."""

SWITCHES_MAX = 10_000
"""Switches at one instant after which all that can run is taken to spin."""

SPIN_S, SPIN_S_MAX = 1e-3, 5.0
"""How long (seconds) who spins is put to sleep; twice as long each time it goes on at once."""

SPINS_MAX = 200
"""So many times in a row, and it will not stop: the flight is over."""

GIVEN_UP = 75
"""The exit code of a program that its own runtime has ended (EX_TEMPFAIL)."""

STRANDS_KEPT = 64
HUB_BLOCKS = "the guest's hub cannot block: a finaliser or a signal tried to"


class Strand(greenlet):
    """One virtual thread."""

    # What is looked at with each switch; the rest is seldom asked for.
    __slots__ = ("ident", "sleeper")
    sentinel = None
    signalled = False
    priority = None


class Waiter:
    """What one strand waits for, once; *what* it is, if no frame of the runtime tells."""

    __slots__ = ("done", "strand", "value", "what")

    def __init__(self, strand):
        self.strand = strand
        self.done = False
        self.value = None
        self.what = None


class Never:
    """A detour by way of the hub, which is not taken: strands switch to each other at once.

    Or what may have been written, where nothing is.
    """

    maybe = False


class Always:
    """A detour by way of the hub, which is always taken: somebody chooses who goes on."""

    maybe = True


class Stopped(BaseException):
    """The flight is over for this strand; not an Exception, so that pilots let it through."""


class Hub:
    """The scheduler of one guest. Times are seconds since the flight began."""

    # A dictionary of so many attributes would be shared with nothing, and slower to look into.
    __slots__ = (
        "__dict__",
        "current",
        "detour",
        "epoch",
        "main",
        "now",
        "posix",
        "reads",
        "ready",
        "root",
        "sequence",
        "signals",
        "timers",
        "turns",
        "until",
        "written",
    )

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
        self.laps = 0
        self.lapped = start
        self.spins = 0
        self.spun_until = start
        self.spun = set()
        self.strands = 0
        self.alive = []
        self.alive_max = STRANDS_KEPT
        self.current = self.root
        self.folder = ""
        self.chooser = None
        self.turns = 0
        self.detour = Never
        self.written = Never
        self.before_move = []
        self.signals = deque()
        self.handle_signal = None
        self.over = None
        self.leaving = None
        self.compiled = None

    # -- what strands call

    def spawn(self, work):
        """Make *work* (no arguments) a strand that runs at this instant, and return it."""
        strand = Strand(work, self.root)
        self.strands += 1
        strand.ident = 1000 + self.strands
        strand.sleeper = None
        self.ready.append(strand)
        # Kept, like a thread that nobody refers to: else what waits for ever would be unwound.
        self.alive.append(strand)
        if len(self.alive) > self.alive_max:
            self.alive = [each for each in self.alive if not each.dead]
            self.alive_max = max(STRANDS_KEPT, 2 * len(self.alive))
        return strand

    def waiter(self):
        """Return a waiter for the calling strand."""
        strand = getcurrent()
        if strand is self.root:
            raise RuntimeError(HUB_BLOCKS)
        return Waiter(strand)

    def sleeper(self):
        """Return a waiter for the calling strand, which time wakes, or who drops it then.

        It is used again and again: whoever has woken one for another reason than its time has to
        set the strand's ``sleeper`` to None, as the timer still refers to it.
        """
        strand = getcurrent()
        try:
            waiter = strand.sleeper
        except AttributeError:  # a greenlet of the program's own
            waiter = None
        if waiter is None:
            if strand is self.root:
                raise RuntimeError(HUB_BLOCKS)
            waiter = strand.sleeper = Waiter(strand)
        waiter.done = False
        return waiter

    def wait(self, waiter, timeout=None):
        """Block until *waiter* is woken or *timeout* seconds pass; return its value or None."""
        if timeout is not None:
            self.sleep(timeout, waiter)
            return waiter.value
        strand = waiter.strand
        while not waiter.done:
            self.turn()
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
            due = self.now + (delay if delay > TICK else TICK)
            shown = due + GRID - GRID
            heappush(self.timers, (shown if shown >= due else shown + GRAIN, self.sequence, waiter))
        else:
            heappush(self.timers, (self.now, self.sequence, waiter))

    def sleep(self, delay, waiter=None):
        """Block the calling strand for *delay* seconds, unless *waiter*, its own, is woken."""
        # What most pilots do most of the time: waiter(), after() and turn() in one.
        if waiter is None:
            try:
                waiter = getcurrent().sleeper
                waiter.done = False
            except AttributeError:
                waiter = self.sleeper()
        if delay < TICK:
            delay = TICK if delay > 0 else 0.0
        self.sequence = sequence = self.sequence + 1
        due = self.now + delay
        shown = due + GRID - GRID
        timers = self.timers
        entry = (shown if shown >= due else shown + GRAIN, sequence, waiter)
        if not self.ready and not self.detour.maybe:
            first = heappushpop(timers, entry)
            while first[2].done:
                first = heappop(timers)
            if self.now < first[0] < self.until:
                self.go(first)
            else:
                heappush(timers, first)
                self.turn()
        else:
            heappush(timers, entry)
            self.turn()
        while True:
            if self.signals and waiter.strand is self.main:
                self.take_signals()
            if waiter.done:
                return
            self.turn()

    def turn(self):
        """Let others run until the calling strand is switched to.

        Whoever is next is switched to at once; by way of the hub goes what is rare, or has to be
        chosen: a chooser, the host, who spins.
        """
        if not self.detour.maybe:
            ready = self.ready
            if ready:
                self.turns += 1
                strand = ready[0]
                if not strand.dead and self.turns < SWITCHES_MAX:
                    ready.popleft()
                    self.current = strand
                    strand.switch()
                    return
            else:
                timers = self.timers
                while timers and timers[0][2].done:
                    heappop(timers)
                if timers and self.now < timers[0][0] < self.until:
                    self.go(heappop(timers))
                    return
        self.root.switch()

    def go(self, first):
        """Go to the time of *first*, a timer, and let its strand run; nothing else could."""
        if self.written.maybe:
            self.prepare()
        self.now = now = first[0]
        self.posix = self.epoch + now
        self.reads = self.turns = 0
        waiter = first[2]
        waiter.done = True
        timers = self.timers
        if timers and timers[0][0] <= now:
            self.fire()
        strand = waiter.strand
        if strand.dead:
            self.root.switch()
        elif strand is not self.current:
            self.current = strand
            strand.switch()

    def prepare(self):
        """See to what has to be done before time goes on; what fails is no matter of the strand."""
        try:
            for prepare in self.before_move:
                prepare()
        except BaseException as error:
            self.root.throw(error)

    def count_read(self):
        """Count a clock read; a strand that only reads the clock has to let time pass."""
        self.reads += 1
        if self.reads > READS_MAX and getcurrent() is not self.root:
            self.reads = 0
            self.sleep(self.spin_s(f"{READS_MAX} clock reads"))

    def spin_s(self, what):
        """Return how long (seconds) what spins at this instant has to let time go on."""
        if self.now > self.spun_until + TICK:
            self.spins = 0
        if what not in self.spun:
            self.spun.add(what)
            text = f"{what} at one instant: time goes on by {SPIN_S} s"
            self.host.note("note", kind="busy-loop", text=text)
        self.spins += 1
        if self.spins > SPINS_MAX:
            from guest.trouble import standing

            where = standing(self)
            self.give_up(f"busy: {what} at one instant, {SPINS_MAX} times in a row; {where}")
        step = min(SPIN_S * 2 ** (self.spins - 1), SPIN_S_MAX)
        self.spun_until = self.now + step
        return step

    def give_up(self, why):
        """End the program because of *why*, which begins with the kind of trouble."""
        from guest.trouble import told

        self.host.note("stuck", why=why, stacks=told(self))
        self.end((GIVEN_UP, 0))

    def end(self, over):
        """End the program with *over* (exit code, signal): its strands never go on."""
        self.over = over
        self.leaving = getcurrent()
        while self.leaving is not self.root:
            self.root.switch()

    def take_signals(self):
        """Run the handlers of pending signals on the main strand's own stack."""
        # What it sleeps for now goes on when the handler, which may sleep as well, has returned.
        self.main.sleeper = None
        while self.signals:
            self.handle_signal(self.signals.popleft())

    def interrupt(self, number):
        """Have signal *number* handled by the main strand as soon as it is switched to."""
        self.signals.append(number)
        self.ready.append(self.main)

    # -- the loop

    def run(self):
        """Run until the program is over (``self.over`` is set), then return that."""
        if self.chooser is not None:
            return self.chooser.run()
        ready = self.ready
        while self.over is None:
            while ready:
                self.turns += 1
                if self.turns > SWITCHES_MAX:
                    self.hold()
                    break
                strand = self.current = ready.popleft()
                if not strand.dead:
                    strand.switch()
                    if self.over is not None:
                        return self.over
                    self.forget()
            self.turns = 0
            self.move()
        return self.over

    def forget(self):
        """If the strand that ran last has ended, leave nothing that keeps it."""
        if self.current.dead:
            self.current.sleeper = None

    def hold(self):
        """Let time go on for all that can run: it has had so many switches at this instant."""
        step = self.spin_s(f"{SWITCHES_MAX} switches")
        if self.chooser is not None:
            self.chooser.policy.lower(self.current)
        ready = self.ready
        while ready:
            self.after(step, Waiter(ready.popleft()))

    def move(self):
        """Nothing can run: go to the next timer, or ask the host what comes next."""
        timers = self.timers
        while timers and timers[0][2].done:
            heappop(timers)
        deadline = timers[0][0] if timers else None
        if deadline is not None and deadline <= self.now:
            self.lap()
        else:
            for prepare in self.before_move:
                prepare()
            if deadline is not None and deadline < self.until:
                self.now = deadline
                self.posix = self.epoch + deadline
                self.reads = 0
            else:
                self.host.idle(deadline)
        self.fire()

    def lap(self):
        """Count how often strands slept for no time at all at this instant."""
        if self.lapped != self.now:
            self.lapped = self.now
            self.laps = 0
        self.laps += 1
        if self.laps > SWITCHES_MAX:
            self.laps = 0
            self.fire()
            self.hold()

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
