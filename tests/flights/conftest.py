"""Whole flights: a real guest process, a whole world, a verdict."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pytest

from harness.discover import discover
from harness.flight import fly
from harness.known import vocabulary
from harness.pilots import parse_choice
from harness.record import Flight
from harness.scenario import Scenario
from harness.verdict import Verdict


class Fly(Protocol):
    """Flies a scenario (by name, or built in the test) with a pilot."""

    def __call__(
        self, scenario: str | Scenario, pilot: str | Path = "core", *, seed: int = 1
    ) -> tuple[Verdict, Flight]: ...


def scenario_named(name: str) -> Scenario:
    """Return the one bundled scenario, or variant, of that name."""
    (found,) = discover([name], vocabulary=vocabulary())
    return found


@pytest.fixture
def flights(tmp_path: Path) -> Fly:
    """Return a function that flies and gives the verdict and the journal."""

    def fly_it(
        scenario: str | Scenario, pilot: str | Path = "core", *, seed: int = 1
    ) -> tuple[Verdict, Flight]:
        wanted = scenario_named(scenario) if isinstance(scenario, str) else scenario
        verdict = fly(wanted, parse_choice(str(pilot)), seed=seed, runs=tmp_path / "runs")
        return verdict, Flight.read(Path(verdict.run_dir) / "events.jsonl")

    return fly_it
