"""A Platform whose clock, network and programs are scripted: whole lives in no time.

Strands are greenlets; a blocking call is a switch; time moves when nobody can run. Ties go by
(time, sequence), so that a life is the same each time. What a request or a program does is an
ordinary function of the test's, which may itself sleep.
"""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Callable
from typing import Iterator

from greenlet import getcurrent
from greenlet import greenlet

from pilotcore.platform import Command
from pilotcore.platform import Exit
from pilotcore.platform import Flag
from pilotcore.platform import Request
from pilotcore.platform import Response

# Later than any file of the test itself: what a test does not touch on purpose looks old.
EPOCH = 4_000_000_000.0
SWITCHES_MAX = 200_000

Program = Callable[["ScriptedChild"], Exit]


class Clock:
    """The strands of one test and their time in seconds."""

    def __init__(self) -> None:
        self.now = 0.0
        self._root = getcurrent()
        self._ready: deque[greenlet] = deque()
        self._timers: list[tuple[float, int, greenlet]] = []
        self._sequence = 0

    def spawn(self, work: Callable[[], None]) -> greenlet:
        """Let *work* run beside the others."""
        strand = greenlet(lambda: work(), parent=self._root)
        self._ready.append(strand)
        return strand

    def park(self) -> None:
        """Give way until somebody readies this strand."""
        self._root.switch()

    def ready(self, strand: greenlet) -> None:
        """Let *strand* go on at this instant."""
        self._ready.append(strand)

    def call_at(self, instant: float, strand: greenlet) -> None:
        """Let *strand* go on at *instant*."""
        self._sequence += 1
        heapq.heappush(self._timers, (instant, self._sequence, strand))

    def run(self, until: Callable[[], bool]) -> None:
        """Run until *until()* is true. Raises AssertionError if that can never come about."""
        for _ in range(SWITCHES_MAX):
            if until():
                return
            if self._ready:
                strand = self._ready.popleft()
                if not strand.dead:
                    strand.switch()
                continue
            assert self._timers, "everybody waits for ever"
            self.now, _, strand = heapq.heappop(self._timers)
            self._ready.append(strand)
        raise AssertionError(f"more than {SWITCHES_MAX} switches: something spins")


class ScriptedFlag:
    """A flag on the clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._set = False
        self._waiting: list[greenlet] = []

    def set(self) -> None:
        self._set = True
        waiting, self._waiting = self._waiting, []
        for strand in waiting:
            self._clock.ready(strand)

    def clear(self) -> None:
        self._set = False

    def is_set(self) -> bool:
        return self._set

    def wait(self, timeout: float | None = None) -> bool:
        deadline = None if timeout is None else self._clock.now + timeout
        strand = getcurrent()
        if not self._set and deadline is not None:
            self._clock.call_at(deadline, strand)
        while not self._set and (deadline is None or self._clock.now < deadline):
            self._waiting.append(strand)
            self._clock.park()
            self._waiting = [each for each in self._waiting if each is not strand]
        return self._set


class ScriptedTask:
    """Work on a strand."""

    def __init__(self, clock: Clock, work: Callable[[], None]) -> None:
        self._ended = ScriptedFlag(clock)
        self._work = work
        clock.spawn(self._run)

    def _run(self) -> None:
        self._work()
        self._ended.set()

    def join(self, timeout: float | None = None) -> None:
        self._ended.wait(timeout)


class ScriptedChild:
    """A program that runs; *ignores* are the signals that do not end it."""

    def __init__(self, platform: ScriptedPlatform, command: Command, *, pid: int, wake: Flag):
        self.platform = platform
        self.command = command
        self.pid = pid
        self.ignores: set[int] = set()
        self.signals: list[tuple[float, int]] = []
        self.late_signals: list[int] = []
        self._wake = wake
        self._exit: Exit | None = None

    @property
    def argv(self) -> tuple[str, ...]:
        return self.command.argv

    def sleep(self, seconds: float) -> None:
        """Let the program take *seconds*."""
        self.platform.sleep(seconds)

    def exit(self) -> Exit | None:
        return self._exit

    def signal_group(self, number: int) -> bool:
        if self._exit is not None:
            self.late_signals.append(int(number))
            return False
        self.signals.append((self.platform.clock.now, int(number)))
        if number not in self.ignores:
            self.end(Exit(0, int(number)))
        return True

    def end(self, how: Exit) -> None:
        """Let the program be over, unless it is already."""
        if self._exit is None:
            self._exit = how
            self._wake.set()


@dataclass
class Asked:
    """One request and when it was made."""

    at: float
    request: Request


class ScriptedPlatform:
    """Implements platform.Platform on *http* and *program*, which the test supplies."""

    def __init__(
        self,
        *,
        http: Callable[[Request], Response],
        program: Callable[[Command], Program | None],
    ) -> None:
        self.clock = Clock()
        self.asked: list[Asked] = []
        self.children: list[ScriptedChild] = []
        self._http = http
        self._program = program
        self._guids = 0

    def now(self) -> float:
        return EPOCH + self.clock.now

    def monotonic(self) -> float:
        return self.clock.now

    def sleep(self, seconds: float) -> None:
        self.flag().wait(seconds)

    def flag(self) -> ScriptedFlag:
        return ScriptedFlag(self.clock)

    def spawn(self, work: Callable[[], None], *, name: str) -> ScriptedTask:
        return ScriptedTask(self.clock, work)

    def attend(
        self, work: Callable[[], Iterator[float | None]], *, wake: Flag, name: str
    ) -> ScriptedTask:
        def live() -> None:
            for pause_s in work():
                wake.wait(pause_s)

        return self.spawn(live, name=name)

    def http(self, request: Request) -> Response:
        self.asked.append(Asked(self.clock.now, request))
        return self._http(request)

    def start(self, command: Command, *, wake: Flag) -> ScriptedChild:
        program = self._program(command)
        if program is None:
            raise FileNotFoundError(2, "No such file or directory")
        child = ScriptedChild(self, command, pid=4001 + len(self.children), wake=wake)
        self.children.append(child)
        self.clock.spawn(lambda: child.end(program(child)))
        return child

    def new_guid(self) -> str:
        self._guids += 1
        return f"GUID-{self._guids}"

    def path(self, text: str) -> Path:
        return Path(text)

    def cores(self) -> int:
        return 8

    def ran(self, tool: str) -> list[ScriptedChild]:
        """Return the runs of *tool*, in order."""
        return [child for child in self.children if child.argv[0] == tool]
