"""What a payload uses: memory, CPU time and cores of its process and of all that came of it.

One ``ps`` tells everything. A process belongs to the payload by its parents, or by its process
group where its parent is gone; whatever cgroups there are need not know of it (INC-023). What is
read is not believed blindly: a value that is no number is left out (INC-029), CPU time that no
machine could have given is not counted (INC-027), and what ended between two looks keeps what it
had. Read from pilot3@a090538b:pilot/util/processes.py#get_current_cpu_consumption_time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Iterable

from pilotcore.commands import run
from pilotcore.platform import Command
from pilotcore.platform import Platform

PS = ("ps", "-eo", "pid,ppid,pgid,stat,rss,time,comm")
PS_TIMEOUT_S = 30.0
KB = 1024
DAY_S = 86400.0


@dataclass(frozen=True)
class Process:
    """One line of ps; None is what cannot be read."""

    pid: int
    parent: int
    group: int
    busy: bool
    rss: int | None
    cpu_s: float | None
    name: str


@dataclass(frozen=True)
class Usage:
    """What is used just now: bytes, seconds of CPU since the beginning, cores at work."""

    rss: int
    cpu_s: float
    cores: int


def parse(text: str) -> tuple[Process, ...]:
    """Return the processes in the output of PS; a line that is none is left out."""
    rows = (line.split(None, 6) for line in text.splitlines())
    return tuple(_process(row) for row in rows if len(row) == 7 and row[0].isdigit())


def _process(row: list[str]) -> Process:
    rss = amount(row[4])
    return Process(
        pid=int(row[0]),
        parent=int(amount(row[1]) or 0),
        group=int(amount(row[2]) or 0),
        busy=row[3].startswith("R"),
        rss=None if rss is None else int(rss) * KB,
        cpu_s=seconds(row[5]),
        name=row[6],
    )


def amount(text: str) -> float | None:
    """Return the number in *text*, None if it is none, or none that can be (``-1``, ``nan``)."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def seconds(text: str) -> float | None:
    """Return the seconds in ``[DD-]HH:MM:SS``, None if it is not that."""
    days, _, clock = text.rpartition("-")
    parts = [amount(each) for each in (days or "0", *clock.split(":"))]
    if len(parts) != 4 or None in parts:
        return None
    day, hour, minute, second = (float(part or 0.0) for part in parts)
    return day * DAY_S + hour * 3600 + minute * 60 + second


def family(processes: Iterable[Process], root: int) -> tuple[Process, ...]:
    """Return process *root*, what it and its children started, and the rest of its group."""
    found, left = {root}, tuple(processes)
    grown = True
    while grown:
        kin = {each.pid for each in left if each.parent in found or root in (each.pid, each.group)}
        grown = not kin <= found
        found |= kin
    return tuple(each for each in left if each.pid in found)


class Meter:
    """Measures one payload; *cores* is how many the machine has."""

    def __init__(self, platform: Platform, *, cores: int) -> None:
        self.rss_max = 0
        self.core_counts: list[int] = []
        self._platform = platform
        self._cores = max(1, cores)
        self._cpu_s: dict[int, float] = {}
        self._taken_at: dict[int, float] = {}
        self._looked_at: float | None = None

    @property
    def cpu_s(self) -> float:
        """Return the seconds of CPU that were seen to be used."""
        return sum(self._cpu_s.values())

    @property
    def pids(self) -> frozenset[int]:
        """Return the processes that were ever seen."""
        return frozenset(self._cpu_s)

    @property
    def mean_cores(self) -> float | None:
        """Return how many cores were at work on average, None if nobody has looked."""
        return sum(self.core_counts) / len(self.core_counts) if self.core_counts else None

    def carry_on(self, *, cpu_s: float, rss_max: int, cores: int) -> None:
        """Begin with what another pilot has measured before it was gone (seconds, bytes)."""
        self._cpu_s[0] = cpu_s
        self.rss_max = rss_max
        self.core_counts = [cores]

    def look(self, root: int) -> Usage | None:
        """Measure process *root* and its family; None if it cannot be seen."""
        outcome = run(self._platform, Command(PS), timeout_s=PS_TIMEOUT_S)
        kin = family(parse(outcome.stdout), root)
        if outcome.code or not kin:
            return None
        rss = sum(each.rss or 0 for each in kin)
        cores = sum(each.busy for each in kin)
        self.rss_max = max(self.rss_max, rss)
        self.core_counts = with_count(self.core_counts, cores)
        self._count(kin)
        return Usage(rss, self.cpu_s, cores)

    def _count(self, kin: Iterable[Process]) -> None:
        """Take over the CPU times that are possible since the last time that one was taken over.

        While the kernel tells what cannot be, the true time goes on growing.
        """
        now = self._platform.monotonic()
        for each in kin:
            before = self._cpu_s.get(each.pid, 0.0)
            taken_at = self._taken_at.get(each.pid, self._looked_at)
            since = None if taken_at is None else now - taken_at
            if each.cpu_s is not None and possible(each.cpu_s - before, since, self._cores):
                self._cpu_s[each.pid] = max(before, each.cpu_s)
                self._taken_at[each.pid] = now
        self._looked_at = now


def possible(grown_s: float, since_s: float | None, cores: int) -> bool:
    """Tell whether *cores* can give *grown_s* of CPU in *since_s* (None: nobody knows).

    ps counts whole seconds, and a process may have begun to work between two looks.
    """
    longest_s = DAY_S if since_s is None else since_s
    return grown_s <= cores * (longest_s + 60.0)


def with_count(counts: list[int], count: int) -> list[int]:
    """Return *counts* with *count* at the end (INC-039: list.append returns None)."""
    return [*counts, count]
