"""Scenario files as pytest collects them: file, variant, and one item a seed.

The flight itself is the item's set-up: a flight that breaks is then an *error* of the test and
one that fails a *failure*, in pytest's summary as in its JUnit report.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from typing import Iterator

import pytest

from harness.fleet import Order
from harness.fleet import fly_one
from harness.known import vocabulary
from harness.pilots import parse_choice
from harness.plugin import RUNS_DEFAULT
from harness.scenario import Scenario
from harness.scenario_text import ScenarioFileError
from harness.scenario_text import read_scenarios
from harness.seeds import seeds_of
from reports.failure import epoch_of
from reports.failure import failure_block
from simkernel import ScenarioError

MARKER = "flightsim"


class FlightError(Exception):
    """A flight did not pass; its *verdict* says why."""

    def __init__(self, verdict: dict[str, Any]) -> None:
        super().__init__(str(verdict["state"]))
        self.verdict = verdict


class ScenarioFile(pytest.File):
    """One scenario file."""

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """Yield its flights, by variant if it has any; a wrong file tells all that is wrong."""
        try:
            scenarios = read_scenarios(self.path, vocabulary=vocabulary(), source=self._source())
        except ScenarioFileError as error:
            raise self.CollectError(str(error)) from error
        for scenario in scenarios:
            if scenario.variant:
                yield Variant.from_parent(self, name=scenario.variant, scenario=scenario)
            else:
                yield from flights(self, scenario)

    def _source(self) -> str:
        here = Path.cwd()
        inside = self.path.is_relative_to(here)
        return str(self.path.relative_to(here) if inside else self.path)


class Variant(pytest.Collector):
    """One variant of a scenario file."""

    def __init__(self, *, scenario: Scenario, **given: Any) -> None:
        super().__init__(**given)
        self.scenario = scenario

    def collect(self) -> Iterator[pytest.Item]:
        """Yield its flights."""
        yield from flights(self, self.scenario)


class FlightItem(pytest.Item):
    """One flight: a scenario, a pilot and a seed."""

    def __init__(self, *, order: Order, **given: Any) -> None:
        super().__init__(**given)
        self.order = order
        self.verdict: dict[str, Any] = {}
        for tag in (MARKER, *order.scenario.tags):
            self.add_marker(tag)

    def setup(self) -> None:
        """Fly. Raises FlightError if the flight could not be judged."""
        self.verdict = fly_one(self.order)
        for name in ("pilot", "seed", "sha256"):
            self.user_properties.append((name, str(self.verdict[name])))
        self._attach()
        if self.verdict["state"] in ("broken", "unknown"):
            raise FlightError(self.verdict)

    def runtest(self) -> None:
        """Judge. Raises FlightError if the pilot did something wrong."""
        if self.verdict["state"] != "pass":
            raise FlightError(self.verdict)

    def explained(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str:
        """Return the failure block of a flight that did not pass; nothing for other errors."""
        if not isinstance(excinfo.value, FlightError):
            return ""
        return failure_block(excinfo.value.verdict, epoch=epoch_of(excinfo.value.verdict))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return file, line and title for the head of a failure."""
        return self.path, None, f"{self.order.scenario.name} seed {self.order.seed}"

    def _attach(self) -> None:
        if self.verdict.get("run_dir"):
            self.add_report_section(
                "setup", "flightsim", f"run directory: {self.verdict['run_dir']}"
            )


def check_options(config: pytest.Config) -> None:
    """Raise pytest.UsageError if the options name no pilot or no seeds."""
    try:
        parse_choice(config.getoption("--flightsim-pilot"))
        seeds_of(config.getoption("--flightsim-seeds") or "0")
    except (ScenarioError, ValueError) as error:
        raise pytest.UsageError(str(error)) from error


def flights(parent: pytest.Collector, scenario: Scenario) -> Iterator[FlightItem]:
    """Yield one item for each seed that was asked for."""
    config = parent.config
    pilot = parse_choice(config.getoption("--flightsim-pilot"))
    given = config.getoption("--flightsim-seeds")
    runs = config.getoption("--flightsim-runs") or config.rootpath / RUNS_DEFAULT
    python = config.getoption("--flightsim-pilot-python")
    for tag in scenario.tags:
        config.addinivalue_line("markers", f"{tag}: scenarios of flightsim")
    for seed in seeds_of(given) if given else (scenario.seed,):
        order = Order(scenario, pilot, seed, Path(runs), python)
        yield FlightItem.from_parent(parent, name=f"seed={seed}", order=order)
