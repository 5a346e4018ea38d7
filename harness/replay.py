"""Fly a recorded flight again and say whether its journal is the same, byte for byte.

A flight whose threads did not go in turn draws its choices from the seed again, and has to draw
those that were kept with it: the first one that differs is told. If another flightsim drew them,
which may have drawn otherwise, the kept ones are flown. ``retry`` flies by any choices, tolerantly.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from dataclasses import replace
from importlib import metadata
from itertools import zip_longest
from pathlib import Path
from typing import Any
from typing import Mapping

from harness.findings import moment
from harness.flight import JOURNAL
from harness.flight import ORDER
from harness.flight import Flown
from harness.flight import journey
from harness.flight import learn_help
from harness.flight import must_fire
from harness.manner import Manner
from harness.pilots import Installed
from harness.pilots import PilotChoice
from harness.pilots import install
from harness.pilots import parse_choice
from harness.record import Flight
from harness.record_fields import first_word
from harness.scenario import Scenario
from harness.schedules import FILE as CHOICES
from harness.schedules import Choices
from harness.schedules import parse_schedule
from harness.schedules import read_choices
from harness.verdict import Verdict
from harness.verdict import judge
from simkernel import HarnessError
from simkernel import ScenarioError
from simkernel import read_journal


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """Whether the journals are the *same*, else the first *line* that differs, from 1.

    *choice* says, by pilot, which choice of a thread was the first that could not be made again;
    *stopped* that somebody ended the flight from the debugger, and when.
    """

    same: bool
    line: int | None = None
    expect: str = ""
    actual: str = ""
    choice: str = ""
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A flight that can be flown again: what it was, in which *manner*, and what it chose."""

    scenario: Scenario
    pilot: PilotChoice
    installed: Installed
    seed: int
    python: str
    manner: Manner
    choices: Mapping[str, Choices]

    def fly(self, folder: Path, manner: Manner) -> Flown:
        """Fly it in *manner*, with all that is written going to *folder*."""
        return journey(
            self.scenario,
            self.installed,
            self.pilot.label,
            seed=self.seed,
            folder=folder,
            python=self.python,
            manner=manner,
        )

    def judge(self, flown: Flown) -> Verdict:
        """Return the verdict on it."""
        return judge(
            Flight(flown.header, flown.events),
            self.scenario,
            family=self.installed.family,
            variant=self.scenario.variant,
            sha256=flown.sha256,
            must_fire=must_fire(self.scenario),
        )


def recorded(run: Path) -> Recorded:
    """Return the flight of the run directory *run*. Raises HarnessError if it cannot be flown."""
    order = _order(run)
    pilot = parse_choice(order["pilot"])
    installed = install(pilot)
    learn_help(installed, python=order["python"])
    kept = run / CHOICES
    choices = read_choices(kept) if kept.is_file() else {}
    manner = Manner(
        schedule=parse_schedule(order.get("schedule", "fifo")),
        script=None if _is_of_this_version(run) else choices,
    )
    scenario = _scenario(order["scenario"], order["variant"])
    return Recorded(scenario, pilot, installed, order["seed"], order["python"], manner, choices)


def _is_of_this_version(run: Path) -> bool:
    header, _ = read_journal(run / JOURNAL)
    return bool(header.get("flightsim") == metadata.version("panda-flightsim"))


def replay(
    run: Path, *, stop_s: float | None = None, terminal: tuple[int, int] | None = None
) -> ReplayResult:
    """Fly the flight of the run directory *run* again and compare the journals.

    At *stop_s* virtual seconds the pilot enters a debugger on *terminal*, and goes on after it.
    """
    flight = recorded(run)
    manner = replace(flight.manner, stop_s=stop_s, terminal=terminal)
    with tempfile.TemporaryDirectory() as folder:
        flown = flight.fly(Path(folder), manner)
        result = compare(run / JOURNAL, Path(folder) / JOURNAL)
    return replace(result, choice=_first_choice(flight, flown), stopped=_stopped(flown))


def _first_choice(flight: Recorded, flown: Flown) -> str:
    """Return, by pilot, the first choice that is not the recorded one."""
    chosen = flown.seen.choices
    told = {name: each.differ(chosen.get(name, Choices())) for name, each in flight.choices.items()}
    told.update(flown.seen.differs)
    return "; ".join(f"{name}, {text}" for name, text in sorted(told.items()) if text)


def stopped(run: Path, *, stop_s: float) -> Flown:
    """Fly the flight of the run directory *run* up to *stop_s* virtual seconds, and no further."""
    flight = recorded(run)
    with tempfile.TemporaryDirectory() as folder:
        return flight.fly(Path(folder), replace(flight.manner, stop_s=stop_s))


def retry(
    flight: Recorded, script: Mapping[str, Choices], *, told: bool = False
) -> tuple[Verdict, Flown]:
    """Fly *flight* by other choices; where they do not fit, first come, first served.

    If *told*, the pilots tell who had to wait at each switch, and who went on.
    """
    manner = replace(flight.manner, script=script, strict=False, told=told)
    with tempfile.TemporaryDirectory() as folder:
        flown = flight.fly(Path(folder), manner)
    return flight.judge(flown), flown


def _stopped(flown: Flown) -> str:
    end = flown.events[-1]
    reason = str(end.get("reason", ""))
    return f"{reason} at {moment(end.t)}" if first_word(reason) == "stopped" else ""


def compare(expect: Path, actual: Path) -> ReplayResult:
    """Return where two journals first differ, if they do."""
    with expect.open(encoding="utf-8") as ours, actual.open(encoding="utf-8") as theirs:
        for number, (left, right) in enumerate(zip_longest(ours, theirs, fillvalue=""), start=1):
            if left != right:
                return ReplayResult(False, number, left.rstrip("\n"), right.rstrip("\n"))
    return ReplayResult(True)


def _order(run: Path) -> dict[str, Any]:
    path = run / ORDER
    try:
        order: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise HarnessError(
            f"this run cannot be flown again: {error}", where=str(path), remedy="fly it anew"
        ) from error
    return order


def _scenario(source: str, variant: str) -> Scenario:
    from harness.discover import discover
    from harness.known import vocabulary

    found = [
        each for each in discover([source], vocabulary=vocabulary()) if each.variant == variant
    ]
    if not found:
        raise ScenarioError(f"scenario {source!r} has no variant {variant!r} any more")
    return found[0]
