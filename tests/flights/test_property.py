"""Whatever goes wrong, the core breaks no rule and keeps its claims; a mutant is found.

A few examples by default; FLIGHTSIM_EXAMPLES=300 for more, ``flightsim hunt`` for a hunt
(docs/how-to/hunt.md). Of the mutants a share: ``python -m tests.flights.hunt_mutants`` for all.
"""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import Phase
from hypothesis import given
from hypothesis import settings

from harness.flight import journey
from harness.flight import learn_help
from harness.hunt import try_once
from harness.pilots import HOST_LABEL
from harness.pilots import Installed
from harness.pilots import install
from harness.pilots import parse_choice
from harness.record import Flight
from harness.scenario import Expectation
from harness.scenario import FaultPlan
from harness.scenario import File
from harness.scenario import Scenario
from harness.verdict import Verdict
from harness.verdict import judge
from scenarios.drawn import Drawn
from scenarios.strategies import fault_plans
from scenarios.worlds import whole_scenarios
from tests.flights.conftest import scenario_named
from tests.flights.hunt_mutants import FAULTS_MAX
from tests.flights.hunt_mutants import Quarry
from tests.flights.hunt_mutants import hunted
from tests.flights.hunt_mutants import quarries
from tests.flights.mutants import plant
from tests.incidents.mutant import Mutant

EXAMPLES = int(os.environ.get("FLIGHTSIM_EXAMPLES", "100"))
# Bugs that this seed meets within a few flights.
FOUND_SOON = ("inc_003", "inc_089", "inc_101")
GIVES_UP = {"final.py": ("            if self._left_s() <= 0:\n", "            if True:\n")}


def short_job() -> Scenario:
    """Return first-job with smaller files and half the payload: the same life, sooner over."""
    scenario = scenario_named("first-job")
    (job,) = scenario.jobs
    small = replace(
        job,
        inputs=(File(20_000_000), File(20_000_000)),
        # Not 3600 s: a heartbeat would fall together with the final update.
        payload=replace(job.payload, walltime_s=3500.0, outputs=(File(5_000_000),)),
    )
    return replace(scenario, jobs=(small,), expect=Expectation(), families={})


def flown(installed: Installed, plans: tuple[FaultPlan, ...]) -> Verdict:
    """Fly once with these faults and judge."""
    return judged(installed, replace(short_job(), faults=plans))


def judged(installed: Installed, scenario: Scenario) -> Verdict:
    """Fly *scenario* once and judge."""
    with tempfile.TemporaryDirectory() as folder:
        result = journey(
            scenario, installed, "core", seed=1, folder=Path(folder), python=sys.executable
        )
    return judge(Flight(result.header, result.events), scenario, family="core")


@pytest.fixture(scope="module")
def core() -> Installed:
    return install(parse_choice("core"))


@pytest.mark.slow
@given(plans=fault_plans())
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
def test_no_fault_plan_makes_the_core_break_a_rule(
    core: Installed, plans: tuple[FaultPlan, ...]
) -> None:
    verdict = flown(core, plans)
    assert ((), ()) == (verdict.findings, verdict.notes)


@pytest.mark.slow
@given(drawn=whole_scenarios())
@settings(
    max_examples=EXAMPLES // 2,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
def test_the_core_keeps_its_claims_whatever_is_drawn(core: Installed, drawn: Drawn) -> None:
    assert () == try_once(drawn, core, HOST_LABEL, python=sys.executable).complaints


@pytest.mark.slow
@pytest.mark.parametrize("name", FOUND_SOON)
def test_a_bug_of_history_is_found_by_drawing_and_made_small(name: str) -> None:
    (quarry,) = [each for each in quarries() if each.mutant.name == name]
    catch = hunted(quarry)["catch"]
    assert catch is not None
    assert catch["faults"] <= FAULTS_MAX


@pytest.mark.slow
def test_where_there_is_no_bug_none_is_found() -> None:
    none = Mutant("inc_089", "", "", {}, {}, "")
    assert hunted(Quarry(none, "queues"), examples=12)["catch"] is None


@pytest.mark.slow
def test_a_pilot_that_gives_up_its_final_update_is_found_and_shrunk_to_one_fault(
    tmp_path: Path,
) -> None:
    mutant = install(parse_choice(str(plant(tmp_path / "mutant", GIVES_UP))))
    learn_help(mutant, python=sys.executable)
    guilty: list[tuple[FaultPlan, ...]] = []

    @given(plans=fault_plans())
    @settings(
        max_examples=200,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
        report_multiple_bugs=False,
    )
    def hunt(plans: tuple[FaultPlan, ...]) -> None:
        if flown(mutant, plans).findings:
            guilty.append(plans)
            raise AssertionError("the mutant is found")

    with pytest.raises(AssertionError, match="the mutant is found"):
        hunt()
    (fault,) = guilty[-1]
    print(f"shrunk to: {fault}")
    assert "server.update_job" == fault.on or fault.on.startswith("net.")
