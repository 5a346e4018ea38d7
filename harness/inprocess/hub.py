"""Strands: blocking code on a SimPy clock, one greenlet each.

A strand that waits switches to the hub, which is whoever runs the clock; an event of the clock
switches back. Ties go by (time, priority, sequence), as everything on the clock. Work that
mostly waits is given as a generator of its pauses: only its steps have a strand (a greenlet
that waits takes 4 to 8 kB, a generator a tenth).

Who waits has one timer: where a limit is later than the timer that is armed already, that one
is left to come and goes on to the later; most limits are never reached.
"""

from __future__ import annotations

from collections import deque
from typing import Any
from typing import Callable
from typing import Iterator

from greenlet import getcurrent
from greenlet import greenlet

from simkernel import Clock

GRID, GRAIN, TICK = 2.0**30, 2.0**-22, 1e-6
"""Waits end at multiples of a grain and have a shortest length, as those of a guest."""
BURIED: list[Any] = []
"""Hubs that have ended: to collect the strands of one would have them tidy up after their end."""
LAST = 2
"""The priority of strands: at one instant the world goes first, as it does with guests."""


class Moment:
    """An event of the clock that calls *act* when it comes, and never fails."""

    __slots__ = ("callbacks",)
    _ok = True

    def __init__(self, act: Callable[[Any], None]) -> None:
        self.callbacks: list[Callable[[Any], None]] | None = [act]


class Strand(greenlet):  # type: ignore[misc]
    """Work that can wait anywhere."""

    __slots__ = ("deadline", "flag", "timer")

    def __init__(self, work: Callable[..., None], root: greenlet) -> None:
        super().__init__(work, root)
        self.flag: Flag | None = None
        self.deadline: float | None = None
        self.timer: Timer | None = None


class Attendant:
    """Work that waits only where it yields; each of its steps runs on a strand."""

    __slots__ = ("deadline", "flag", "hub", "over", "pauses", "starter", "timer", "wake")

    def __init__(self, hub: Hub, pauses: Iterator[float | None], wake: Flag) -> None:
        self.hub = hub
        self.pauses = pauses
        self.wake = wake
        self.flag: Flag | None = None
        self.deadline: float | None = None
        self.timer: Timer | None = None
        self.over: Flag | None = None
        self.starter: Strand | None = None
        hub.start(self, self)

    def switch(self, _is_set: bool) -> None:
        """Take the next step."""
        Strand(self._step, self.hub.root).switch()

    def _step(self) -> None:
        self.hub.begun(self)
        for pause_s in self.pauses:
            if not self.wake.is_set():
                self.wake.await_by(self, pause_s)
                return
        over, self.over = self.over or self.hub.done, self.hub.done
        over.set()

    def join(self, timeout: float | None = None) -> None:
        """Wait until the work has ended."""
        if self.over is None:
            self.over = Flag(self.hub)
        self.over.wait(timeout)


Waiter = Strand | Attendant


class Timer(Moment):
    """The armed timer of one waiter; one that is no longer the waiter's own does nothing."""

    __slots__ = ("instant", "waiter")

    def __init__(self, waiter: Waiter, instant: float) -> None:
        self.waiter = waiter
        self.instant = instant
        self.callbacks = [_rung]


class Flag:
    """What threading.Event offers."""

    __slots__ = ("_hub", "_set", "_waiting")

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._set = False
        self._waiting: list[Waiter] | None = None

    def set(self) -> None:
        """Set it and wake whoever waits."""
        self._set = True
        if self._waiting:
            for waiter in self._waiting:
                waiter.flag = None
                self._hub.ready(waiter, True)
            self._waiting = None

    def clear(self) -> None:
        """Reset it."""
        self._set = False

    def is_set(self) -> bool:
        """Tell whether it is set."""
        return self._set

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is set or *timeout* seconds have passed; return whether it was set."""
        if self._set:
            return True
        if timeout is not None and timeout <= 0:
            return False
        self.await_by(getcurrent(), timeout)
        woken: bool = self._hub.root.switch()
        return woken

    def await_by(self, waiter: Waiter, timeout: float | None) -> None:
        """Note that *waiter* is to be switched to: True once it is set, else False."""
        waiter.flag = self
        if self._waiting is None:
            self._waiting = [waiter]
        else:
            self._waiting.append(waiter)
        if timeout is None:
            waiter.deadline = None
        else:
            waiter.deadline = grained(self._hub.clock.now + max(timeout, TICK))
            self._hub.arm(waiter, waiter.deadline)

    def forget(self, waiter: Waiter) -> None:
        """Note that *waiter* waits no more."""
        assert self._waiting is not None
        self._waiting.remove(waiter)
        waiter.flag = None

    def give_up(self, waiter: Waiter) -> None:
        """The time of *waiter* has come."""
        self.forget(waiter)
        self._hub.turn(waiter.switch, False)


class Hub:
    """Strands that belong together, on a clock that is run by the greenlet that made this.

    At one instant hubs go in their *order*, after the world, and who was woken goes before who
    only waited; the strands of an *exact* one in the order in which they began to wait, which
    takes a timer for each wait.
    """

    def __init__(self, clock: Clock, *, order: int = 0, exact: bool = False) -> None:
        self.clock = clock
        self._exact = exact
        self._priority = LAST + 2 * order
        self.root = getcurrent()
        self.done = Flag(self)
        self.done.set()
        self._ready: deque[tuple[Waiter, bool]] = deque()
        self._late: list[Callable[[], None]] | None = None
        self._over = False
        self._turning = False

    def suspend(self) -> None:
        """Let no strand go on until go_on(): what is due meanwhile is late."""
        if self._late is None:
            self._late = []

    def go_on(self) -> None:
        """Let the strands go on, in the order in which they were due."""
        late, self._late = self._late or [], None
        if self._ready:
            self.at(0.0, self._run_ready)
        for each in late:
            each()

    def end(self) -> None:
        """Let no strand go on ever again; not even to tidy up."""
        self._over = True
        BURIED.append(self)

    def _stands(self, then: Callable[[], None]) -> bool:
        """Tell whether nobody may go on now; *then* is kept for when they may again."""
        if self._late is not None and not self._over:
            self._late.append(then)
        return self._over or self._late is not None

    def at(self, delay_s: float, act: Callable[[Any], None]) -> None:
        """Have *act* called *delay_s* seconds from now, on the hub."""
        moment = Moment(act)
        self.clock.schedule_at(moment, self.clock.now + delay_s, priority=self._priority)  # type: ignore[arg-type]

    def arm(self, waiter: Waiter, instant: float) -> None:
        """See to it that the timer of *waiter* rings at *instant*, or before."""
        timer = waiter.timer
        if timer is None or timer.instant > instant or self._exact:
            waiter.timer = timer = Timer(waiter, instant)
            self.clock.schedule_at(timer, instant, priority=self._priority + 1)  # type: ignore[arg-type]

    def rings_late(self, waiter: Waiter) -> None:
        """Let the time of *waiter* come now: its timer rang while nobody could hear it."""
        flag, deadline = waiter.flag, waiter.deadline
        if flag is None or deadline is None:
            return
        if deadline > self.clock.now:
            self.arm(waiter, deadline)
        else:
            flag.forget(waiter)
            self.ready(waiter, False)

    def ready(self, waiter: Waiter, value: bool) -> None:
        """Let *waiter* go on at this instant."""
        if not self._ready and not self._turning:
            self.at(0.0, self._run_ready)
        self._ready.append((waiter, value))

    def start(self, work: Task | Attendant, waiter: Waiter) -> None:
        """Let *waiter* begin; on an exact hub the caller goes on once it has, as with threads."""
        self.ready(waiter, True)
        caller = getcurrent()
        if self._exact and isinstance(caller, Strand):
            work.starter = caller
            self.root.switch()

    def begun(self, work: Task | Attendant) -> None:
        """Let whoever started *work* go on."""
        starter, work.starter = work.starter, None
        if starter is not None:
            self.ready(starter, True)

    def turn(self, switch: Callable[[Any], Any], value: object) -> None:
        """Let a strand go on, and then whoever is readied by that, as long as there is anybody."""
        self._turning = True
        switch(value)
        ready = self._ready
        while ready and not self._over and self._late is None:
            waiter, is_set = ready.popleft()
            waiter.switch(is_set)
        self._turning = False

    def _run_ready(self, moment: Moment) -> None:
        if self._stands(lambda: self._run_ready(moment)):
            return
        if self._ready:
            waiter, is_set = self._ready.popleft()
            self.turn(waiter.switch, is_set)

    def spawn(self, work: Callable[[], None]) -> Task:
        """Begin *work* on a strand of its own, at this instant."""
        return Task(self, work)

    def call(self, delay_s: float, ask: Callable[[], Any]) -> Any:
        """Wait *delay_s* seconds, call *ask* on the hub's own stack, and return what it returns.

        What it raises is raised here. A strand's own stack stays small.
        """
        strand = getcurrent()

        def act(moment: Moment) -> None:
            if self._stands(lambda: act(moment)):
                return
            try:
                answer = ask()
            except Exception as error:  # noqa: BLE001 (the strand's business)
                self.turn(strand.throw, error)
            else:
                self.turn(strand.switch, answer)

        self.at(delay_s, act)
        return self.root.switch()


class Task:
    """Work on a strand of its own."""

    __slots__ = ("_hub", "_over", "_work", "starter")

    def __init__(self, hub: Hub, work: Callable[[], None]) -> None:
        self._hub = hub
        self._work = work
        self._over: Flag | None = None
        self.starter: Strand | None = None
        hub.start(self, Strand(self._run, hub.root))

    def _run(self, _value: bool) -> None:
        self._hub.begun(self)
        self._work()
        over, self._over = self._over or self._hub.done, self._hub.done
        over.set()

    def join(self, timeout: float | None = None) -> None:
        """Wait until it has ended."""
        if self._over is None:
            self._over = Flag(self._hub)
        self._over.wait(timeout)


def grained(instant: float) -> float:
    """Return the first instant from *instant* on at which both clocks are exact."""
    shown = instant + GRID - GRID
    return shown if shown >= instant else shown + GRAIN


def _rung(timer: Timer) -> None:
    waiter = timer.waiter
    if waiter.timer is not timer:
        return
    waiter.timer = None
    flag, deadline = waiter.flag, waiter.deadline
    if flag is None or deadline is None:
        return
    hub = flag._hub
    if hub._stands(lambda: hub.rings_late(waiter)):
        return
    if deadline > hub.clock.now:
        hub.arm(waiter, deadline)
    else:
        flag.give_up(waiter)
