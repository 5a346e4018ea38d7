"""Schedules: which thread of a pilot goes on when several can.

A schedule is a name and its parameters, written in one line:

    fifo                              first come, first served (nothing is drawn)
    random                            any of them, each as likely as the others
    pct:depth=3,steps=10000           priorities, lowered at depth - 1 drawn points in every steps
    random:preempt=50                 with switches inside bytecode, one in fifty on average

What was chosen is kept in schedule.json.gz: for each pilot the index of each choice and the
number of threads that could run, ``1/3``, equal ones in a row as ``0/2*7``; and the bytecodes
preempted.
"""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from dataclasses import field
from dataclasses import fields
from itertools import groupby
from itertools import zip_longest
from pathlib import Path
from typing import Any
from typing import Iterator
from typing import Mapping

from simkernel import HarnessError
from simkernel import ScenarioError
from simkernel import nearest

FILE = "schedule.json.gz"
FORMAT = 1
NAMES = ("fifo", "random", "pct")
PREEMPT_DEFAULT = 50
PREEMPT_FROM = (3, 12)
FORM = re.compile(r"(\w+)(?::(\w+=\d+(?:,\w+=\d+)*))?")
# The parameters that a schedule has, in the order in which they are written, and the least of each.
PARAMETERS: Mapping[str, Mapping[str, int]] = {
    "fifo": {},
    "random": {"preempt": 0},
    "pct": {"depth": 1, "steps": 1, "preempt": 0},
}


@dataclass(frozen=True, slots=True)
class Schedule:
    """How threads are chosen. *preempt* bytecodes pass between two preemptions; 0 is never."""

    name: str = "fifo"
    depth: int = 3
    steps: int = 10_000
    preempt: int = 0

    @property
    def text(self) -> str:
        """The schedule in one line, as ``parse_schedule`` reads it."""
        shown = {name: getattr(self, name) for name in PARAMETERS[self.name]}
        given = [f"{name}={value}" for name, value in shown.items() if value]
        return self.name + (":" + ",".join(given) if given else "")

    def order(self, *, seed: int) -> dict[str, Any]:
        """Return what a guest is told of it; *seed* is its stream's."""
        mine = {each.name: getattr(self, each.name) for each in fields(self)}
        return {**mine, "seed": seed}


FIFO = Schedule()


def parse_schedule(text: str, *, preempt: bool = False) -> Schedule:
    """Return the schedule that *text* means, with switches inside bytecode if *preempt*.

    Raises ScenarioError, with what to write instead.
    """
    match = FORM.fullmatch(text.strip())
    name = match[1] if match else text
    if match is None or name not in PARAMETERS:
        close = nearest(name, NAMES)
        remedy = f"did you mean {close[0]!r}?" if close else f"give {', '.join(NAMES)}"
        raise ScenarioError(f"{text!r} is no schedule", remedy=remedy)
    given = dict(each.split("=") for each in (match[2] or "").split(",") if each)
    known = PARAMETERS[name]
    for key, value in given.items():
        if key not in known or int(value) < known[key]:
            may = ", ".join(f"{each} (from {least})" for each, least in known.items()) or "nothing"
            raise ScenarioError(f"{key}={value} is no parameter of {name}", remedy=f"it has {may}")
    schedule = Schedule(name, **{key: int(value) for key, value in given.items()})
    if not preempt or schedule.preempt:
        return schedule
    if name == "fifo":
        remedy = "add --schedule random or --schedule pct"
        raise ScenarioError("nobody is preempted by the schedule fifo", remedy=remedy)
    return Schedule(name, schedule.depth, schedule.steps, PREEMPT_DEFAULT)


@dataclass(slots=True)
class Choices:
    """What was chosen in one guest: *taken* holds index and number, flat, in turn."""

    taken: list[int] = field(default_factory=list)
    preempted: list[int] = field(default_factory=list)

    def add(self, chosen: list[list[int]]) -> None:
        """Append what a guest has told."""
        self.taken += chosen[0]
        self.preempted += chosen[1]

    @property
    def switches(self) -> list[int]:
        """The numbers of the choices that were not first come, first served."""
        return [at // 2 for at in range(0, len(self.taken), 2) if self.taken[at]]

    def differ(self, actual: Choices) -> str:
        """Return the first choice that is another one in *actual*, in words; nothing if none is."""
        for number, (left, right) in enumerate(
            zip_longest(self._each(), actual._each(), fillvalue=None)
        ):
            if left != right:
                return f"choice {number}: recorded {_words(left)}, now {_words(right)}"
        for left_at, right_at in zip_longest(self.preempted, actual.preempted, fillvalue=None):
            if left_at != right_at:
                return f"preempted at bytecode {left_at}, now at {right_at}"
        return ""

    def _each(self) -> Iterator[tuple[int, int]]:
        return zip(self.taken[::2], self.taken[1::2], strict=True)

    def order(self, *, strict: bool, told: bool = False) -> dict[str, Any]:
        """Return what a guest is told to choose the same again, and, if *told*, to say where."""
        return {
            "name": "script",
            "choices": self.taken,
            "preempted": self.preempted,
            "preempt": int(bool(self.preempted)),
            "strict": strict,
            "told": told,
        }


def _words(choice: tuple[int, int] | None) -> str:
    return "none" if choice is None else f"thread {choice[0] + 1} of {choice[1]}"


def write_choices(path: Path, schedule: Schedule, chosen: Mapping[str, Choices]) -> None:
    """Keep what was *chosen* by each pilot."""
    pilots = {
        name: {"choices": _packed(each.taken), "preempted": each.preempted}
        for name, each in chosen.items()
    }
    content = {"format": FORMAT, "schedule": schedule.text, "pilots": pilots}
    # No file name and no time in it: equal schedules are equal files.
    text = json.dumps(content, indent=1) + "\n"
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def read_choices(path: Path) -> dict[str, Choices]:
    """Return what was chosen by each pilot. Raises HarnessError if the file holds no schedule."""
    try:
        content = json.loads(gzip.decompress(path.read_bytes()))
        if content["format"] != FORMAT:
            raise ValueError(f"format {content['format']}, and this flightsim reads {FORMAT}")
        return {
            name: Choices(_unpacked(each["choices"]), list(each["preempted"]))
            for name, each in content["pilots"].items()
        }
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise HarnessError(f"no schedule can be read: {error}", where=str(path)) from error


def _packed(taken: list[int]) -> str:
    pairs = zip(taken[::2], taken[1::2], strict=True)
    runs = [(pair, len(list(group))) for pair, group in groupby(pairs)]
    return " ".join(f"{index}/{of}" + (f"*{n}" if n > 1 else "") for (index, of), n in runs)


def _unpacked(text: str) -> list[int]:
    taken: list[int] = []
    for word in text.split():
        pair, _, count = word.partition("*")
        index, of = pair.split("/")
        taken += [int(index), int(of)] * int(count or 1)
    return taken
