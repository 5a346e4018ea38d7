"""Scenarios as values."""

from __future__ import annotations

import pickle

from harness.scenario import Expectation
from harness.scenario import FaultPlan
from harness.scenario import Job
from harness.scenario import Scenario
from harness.scenario import World

WORLD = World("BNL", "BNL_ATLAS_1", 0.0, {"node": {"cores": 4}, "queuedata": {"status": "none"}})


def scenario(**fields: object) -> Scenario:
    """Return a scenario in which only *fields* differ from the defaults."""
    return Scenario(**{"name": "flap", "world": WORLD, **fields})  # type: ignore[arg-type]


def test_each_job_that_flies_has_a_key_of_its_own() -> None:
    first, clones = Job(), Job(kind="clone", count=2)
    flown = scenario(jobs=(first, clones)).flown_jobs()
    assert (("flap/1", first), ("flap/2", clones), ("flap/3", clones)) == flown


def test_a_claim_that_a_family_does_not_make_stays_the_general_one() -> None:
    general = Expectation(states=("finished",), exit_codes=(0,), violations=())
    special = Expectation(states=("failed",), violations=("heartbeat-gap",))
    flown = scenario(expect=general, families={"pilot3": special})
    expected = Expectation(states=("failed",), exit_codes=(0,), violations=("heartbeat-gap",))
    assert expected == flown.expect_for("pilot3")
    assert general == flown.expect_for("core")


def test_a_family_may_take_a_claim_back_to_nothing_fires() -> None:
    general = Expectation(violations=("heartbeat-gap",))
    flown = scenario(expect=general, families={"core": Expectation(violations=())})
    assert () == flown.expect_for("core").violations


def test_a_scenario_reaches_another_process_whole() -> None:
    sent = scenario(faults=(FaultPlan("tool.dccp", "hang", options={"after": "2h"}),))
    assert sent == pickle.loads(pickle.dumps(sent))


def test_where_a_scenario_was_written_down_is_no_part_of_its_data() -> None:
    here = scenario(
        faults=(FaultPlan("tool.dccp", "hang", where="/a/x.toml:3"),), source="/a/x.toml"
    )
    there = scenario(faults=(FaultPlan("tool.dccp", "hang", where="y.toml:9"),), source="y.toml")
    assert here == there
    assert here.as_data() == there.as_data()


def test_only_the_sections_of_the_catalogue_go_to_the_site() -> None:
    assert {"node": {"cores": 4}} == WORLD.site_overrides()
