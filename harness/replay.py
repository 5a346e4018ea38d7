"""Fly a recorded flight again and say whether its journal is the same, byte for byte."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from harness.flight import JOURNAL
from harness.flight import ORDER
from harness.flight import journey
from harness.flight import learn_help
from harness.pilots import install
from harness.pilots import parse_choice
from harness.scenario import Scenario
from simkernel import HarnessError
from simkernel import ScenarioError


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """Whether the journals are the *same*, else the first *line* that differs, from 1."""

    same: bool
    line: int | None = None
    expect: str = ""
    actual: str = ""


def replay(run: Path) -> ReplayResult:
    """Fly the flight of the run directory *run* again and compare the journals."""
    order = _order(run)
    pilot = parse_choice(order["pilot"])
    installed = install(pilot)
    learn_help(installed, python=order["python"])
    with tempfile.TemporaryDirectory() as folder:
        journey(
            _scenario(order["scenario"], order["variant"]),
            installed,
            pilot.label,
            seed=order["seed"],
            folder=Path(folder),
            python=order["python"],
        )
        return compare(run / JOURNAL, Path(folder) / JOURNAL)


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
