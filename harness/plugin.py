"""The pytest plugin: scenario files are tests.

    pytest scenarios/                                   every scenario, with the reference pilot
    pytest scenarios/sigterm.toml::stage-in::seed=7     one flight of one variant
    pytest --flightsim-pilot . --flightsim-seeds 1-20 -m transfer -n 2

Loaded at the start of every pytest of this environment, so it imports next to nothing: what
flights need comes with the first scenario file that is collected.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Generator

import pytest

from harness.scenario_files import is_scenario_file

if TYPE_CHECKING:
    from fakeserver import PandaServer

PILOT_DEFAULT = "core"
RUNS_DEFAULT = "runs"
START_S = 1_772_352_000.0  # 2026-03-01T08:00:00Z, when scenarios begin unless they say otherwise


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options, all of them prefixed: other plugins have pilots and seeds too."""
    group = parser.getgroup("flightsim", "flightsim: fly PanDA pilots in a simulated grid")
    group.addoption(
        "--flightsim-pilot",
        metavar="core|pypi:VERSION|PATH",
        default=PILOT_DEFAULT,
        help="the pilot to fly (default: core, the reference pilot)",
    )
    group.addoption(
        "--flightsim-pilot-python",
        metavar="EXE",
        help="the interpreter that runs the pilot",
    )
    group.addoption(
        "--flightsim-seeds",
        metavar="1-20",
        help="seeds such as 7, 1-20 or 1-3,9, in place of each scenario's own",
    )
    group.addoption(
        "--flightsim-runs",
        metavar="DIR",
        help=f"where run directories go (default: {RUNS_DEFAULT} in the root directory)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Check the options, and describe the marker of every flight; tags follow as they are met."""
    config.addinivalue_line("markers", "flightsim: a scenario flown by flightsim")
    if config.getoption("--flightsim-pilot") != PILOT_DEFAULT or config.getoption(
        "--flightsim-seeds"
    ):
        from harness.flight_items import check_options

        check_options(config)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a scenario file: one in a folder called scenarios, or one that names our schema."""
    if not is_scenario_file(file_path):
        return None
    from harness.flight_items import ScenarioFile

    return ScenarioFile.from_parent(parent, path=file_path)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a flight that broke explain itself: pytest asks items only for failures of the call."""
    report = yield
    if call.excinfo is not None and hasattr(item, "explained"):
        report.longrepr = item.explained(call.excinfo) or report.longrepr
    return report


@pytest.fixture
def panda_server() -> PandaServer:
    """A fake PanDA server in memory: no socket, no wall time, its journal kept in memory too."""
    from random import Random

    from fakeserver import PandaServer
    from simkernel import Journal

    journal = Journal(lambda: 0.0)
    return PandaServer(lambda: START_S, journal, rng=Random("0/panda_server"))
