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


@pytest.fixture(scope="session")
def session_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache for the mutants of one session: nobody wants them in his own."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _own_cache(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, session_cache: Path
) -> None:
    # A real release is downloaded once for all sessions.
    if request.node.get_closest_marker("real") is None:
        monkeypatch.setenv("FLIGHTSIM_CACHE", str(session_cache))


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
