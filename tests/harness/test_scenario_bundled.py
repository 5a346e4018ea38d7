"""The scenarios that come with flightsim, read with everything that it really knows."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from harness.discover import bundled
from harness.discover import discover
from harness.known import vocabulary
from harness.scenario import Scenario
from harness.scenario_text import json_schema
from harness.scenario_text import parse_scenarios

NAMES = (
    "clone-job",
    "first-job",
    "hanging-transfer",
    "itb-queue",
    "lost-answer",
    "server-answers-html",
    "sigterm",
    "voms-attributes-expired",
)


def scenarios() -> dict[str, Scenario]:
    """Return every bundled scenario by name."""
    return {each.name: each for each in discover(vocabulary=vocabulary())}


def test_the_eight_are_there() -> None:
    assert set(NAMES) <= set(bundled())


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_says_what_it_is_and_where_it_comes_from(name: str) -> None:
    tables = tomllib.loads(bundled()[name].read_text())
    assert name == tables["name"]
    assert all(tables.get(key) for key in ("about", "from", "tags", "expect"))


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_tells_an_editor_its_schema(name: str) -> None:
    assert "#:schema scenario.schema.json" == bundled()[name].read_text().splitlines()[0]


def test_the_published_schema_is_that_of_the_code() -> None:
    path = Path(bundled()["first-job"]).with_name("scenario.schema.json")
    assert json_schema() == json.loads(path.read_text())


def test_first_job_is_the_flight_in_which_nothing_breaks() -> None:
    first = scenarios()["first-job"]
    assert () == first.faults
    ((_, job),) = first.flown_jobs()
    assert [2_000_000_000, 2_000_000_000] == [each.size_bytes for each in job.inputs]
    assert (7200.0, [500_000_000], True) == (
        job.payload.walltime_s,
        [each.size_bytes for each in job.payload.outputs],
        job.log,
    )


def test_sigterm_strikes_in_each_of_the_four_phases() -> None:
    phases = [
        each.faults[0].at.phase for name, each in scenarios().items() if name.startswith("sigterm")
    ]
    assert ["get-job", "stage-in", "payload", "stage-out"] == phases


def test_clones_are_two_jobs_for_two_pilots_of_which_one_counts() -> None:
    clones = scenarios()["clone-job"]
    assert [("clone", "runonce")] * 2 == [(job.kind, job.clone) for _, job in clones.flown_jobs()]
    assert 2 == len(clones.pilots)
    assert {"finished": 1} == clones.expect.counts


def test_the_hanging_transfer_is_the_second_whichever_tool_copies() -> None:
    (fault,) = scenarios()["hanging-transfer"].faults
    assert ("tool.transfer", "hang", 2) == (fault.on, fault.do, fault.at.call)


def test_the_attributes_are_gone_from_the_start_or_go_during_the_payload() -> None:
    known = scenarios()
    start, during = (
        known[f"voms-attributes-expired[{name}]"] for name in ("from-the-start", "during-the-job")
    )
    assert ["voms_expired", "short"] == [each.faults[0].do for each in (start, during)]
    assert {"left": "2h"} == during.faults[0].options


def test_an_itb_job_says_so_and_a_queue_that_is_off_runs_none() -> None:
    known = scenarios()
    online, off = known["itb-queue[online]"], known["itb-queue[status-none]"]
    assert ["ITB_INTEGRATION"] == [job.processing_type for job in online.jobs]
    assert ("BNL_ITB_NEXT", ("activated",)) == (off.world.queue, off.expect.states)


def test_a_page_comes_once_or_always() -> None:
    known = scenarios()
    once, always = (known[f"server-answers-html[{name}]"] for name in ("once", "always"))
    assert [1, None] == [each.faults[0].at.call for each in (once, always)]


def test_the_lost_answer_is_to_an_update() -> None:
    flown = [each for name, each in scenarios().items() if name.startswith("lost-answer")]
    assert {("server.update_job", "answer_lost")} == {
        (each.faults[0].on, each.faults[0].do) for each in flown
    }


def test_an_option_or_none_at_all_need_not_make_sense_by_itself() -> None:
    text = bundled()["inc-009-long-stage-in"].read_text()
    assert () == parse_scenarios(text, vocabulary=vocabulary(), where="x").problems
    text = text.replace('delay = "2h30m"\n', "")
    (problem,) = parse_scenarios(text, vocabulary=vocabulary(), where="x").problems
    assert "this slows nothing down" in str(problem)
