"""What is drawn is a scenario that anybody may keep, and it says what must hold in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings

from harness.known import vocabulary
from harness.scenario import Expectation
from harness.scenario import FaultPlan
from harness.scenario import Job
from harness.scenario import Payload
from harness.scenario import Scenario
from harness.scenario import World
from harness.scenario_text import parse_scenarios
from harness.scenario_text import scenario_toml
from scenarios.drawn import Drawn
from scenarios.troubles import HARMLESS
from scenarios.troubles import OPEN
from scenarios.troubles import THEMES
from scenarios.troubles import Trouble
from scenarios.worlds import known_grounds
from scenarios.worlds import whole_scenarios
from tests.incidents.mutant import scenarios

KILL = Trouble(
    (FaultPlan("server.update_job", "command"),),
    claim=Expectation(states=("failed",), pilot_error_codes=(1144,)),
    one_job=True,
)
NOISE = Trouble((FaultPlan("tool.*", "noise"),))
LOST = Trouble((FaultPlan("server.update_job", "answer_lost"),), claim=OPEN)


def drawn(*troubles: Trouble, count: int = 1) -> Drawn:
    faults = tuple(fault for each in troubles for fault in each.faults)
    job = Job(payload=Payload(walltime_s=600.0), count=count)
    world = World("BNL", "BNL_ATLAS_1", 0.0)
    return Drawn(Scenario("drawn", world, jobs=(job,), faults=faults), troubles)


@given(it=whole_scenarios())
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_drawn_can_be_written_down_and_read_again(it: Drawn) -> None:
    scenario = replace(it.scenario, expect=it.expectation(()), seed=1)
    reading = parse_scenarios(
        scenario_toml(scenario), vocabulary=vocabulary(), where="drawn.toml", source=""
    )
    assert () == reading.problems
    (read,) = reading.scenarios
    assert scenario.as_data() == replace(read, faults=scenario.faults).as_data()
    assert [(f.on, f.do, f.at) for f in scenario.faults] == [
        (f.on, f.do, f.at) for f in read.faults
    ]


@pytest.mark.parametrize("name", ["sigterm", "inc-087", "inc-099", "inc-021"])
def test_a_bundled_scenario_is_written_down_and_read_again(name: str) -> None:
    for scenario in [each for each in scenarios() if each.name.startswith(name)]:
        (plain,) = known_grounds([scenario])
        text = scenario_toml(replace(plain, variant=""))
        (read,) = parse_scenarios(
            text, vocabulary=vocabulary(), where="x.toml", source=""
        ).scenarios
        same = replace(read, name=plain.name, variant=plain.variant)
        assert plain.as_data() == same.as_data()


def test_without_a_trouble_the_jobs_end_well_and_in_time() -> None:
    claim = drawn().expectation(())
    assert (HARMLESS.states, 600.0 + 1200.0) == (claim.states, claim.within_s)


def test_a_harmless_trouble_costs_time_and_nothing_else() -> None:
    claim = drawn(NOISE).expectation({"1/noise"})
    assert (HARMLESS.states, 3600.0) == (claim.states, claim.within_s)


@pytest.mark.parametrize(
    ("troubles", "fired", "states"),
    [
        ((KILL,), {"1/command"}, ("failed",)),
        ((KILL,), set(), HARMLESS.states),
        ((NOISE, KILL), {"1/noise", "2/command"}, ("failed",)),
        ((KILL, KILL), {"1/command", "2/command"}, None),
        ((KILL, LOST), {"1/command", "2/answer_lost"}, None),
        ((KILL, LOST), {"1/command"}, ("failed",)),
    ],
)
def test_a_serious_trouble_says_what_comes_of_it_if_it_is_the_only_one(
    troubles: tuple[Trouble, ...], fired: set[str], states: tuple[str, ...] | None
) -> None:
    assert states == drawn(*troubles).expectation(fired).states


def test_of_two_jobs_one_is_hit() -> None:
    claim = drawn(KILL, count=2).expectation({"1/command"})
    assert ({"failed": 1}, (1144,)) == (claim.counts, claim.pilot_error_codes)


@given(it=whole_scenarios(most=3))
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_more_troubles_are_met_than_were_asked_for(it: Drawn) -> None:
    # What two jobs of different kinds need belongs to them.
    assert len(it.troubles) <= 4
    assert it.scenario.faults == tuple(fault for each in it.troubles for fault in each.faults)


@given(it=whole_scenarios(around=known_grounds(scenarios()[:3]), most=0))
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
def test_around_a_scenario_at_most_one_of_its_faults_is_left_out(it: Drawn) -> None:
    bases = [each for each in scenarios()[:3] if each.jobs == it.scenario.jobs]
    assert any(len(each.faults) - len(it.scenario.faults) in (0, 1) for each in bases)


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_can_be_drawn_by_itself(theme: str) -> None:
    @given(it=whole_scenarios(theme))
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    def drawn_at_all(it: Drawn) -> None:
        assert it.scenario.jobs

    drawn_at_all()
