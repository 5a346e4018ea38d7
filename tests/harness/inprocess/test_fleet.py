"""Many pilots in one process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fakeserver import PandaServer
from fakeserver.states import State
from harness.inprocess.fleet import AGENT
from harness.inprocess.fleet import Fleet
from harness.inprocess.fleet import Plan
from harness.inprocess.routes import Responses

ROOT = Path(__file__).resolve().parents[3]
PLAN = Plan(concurrent=200, lifecycles=200)
ONE = """
from harness.inprocess.fleet import Fleet, Plan
fleet = Fleet(Plan(concurrent=200, lifecycles=200))
fleet.run()
print(fleet.identity())
"""


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    made = Fleet(PLAN)
    made.run()
    return made


def test_every_pilot_does_its_job_and_goes_home(fleet: Fleet) -> None:
    assert {0: 200} == fleet.codes
    assert {State.FINISHED: 200} == fleet.states()


def test_a_fleet_is_the_same_each_time_whatever_the_hash_seed(fleet: Fleet) -> None:
    seen = {
        subprocess.run(
            [sys.executable, "-c", ONE],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert {fleet.identity()} == seen


def test_another_plan_is_another_fleet(fleet: Fleet) -> None:
    other = Fleet(Plan(concurrent=200, lifecycles=200, payload_s=3601.0))
    other.run()
    assert fleet.identity() != other.identity()


def test_all_of_them_are_there_at_once() -> None:
    fleet = Fleet(Plan(concurrent=50, lifecycles=50, spread_s=10.0))
    fleet.run(lambda: fleet.clock.now > 60.0)
    assert (50, 0) == (fleet.begun, fleet.ended)
    assert {State.RUNNING: 50} == fleet.states()


def test_the_server_hears_all_of_a_life(fleet: Fleet) -> None:
    job = fleet.server.jobs[min(fleet.server.jobs)]
    assert {"node", "pilotTiming", "pilotLog", "cpuConsumptionTime"} <= set(job.fields)
    # Two files of definitions, the transform, getJob, starting, running, two heartbeats, the end.
    assert 9 == fleet.shared.serve.requests / 200  # type: ignore[attr-defined]


@pytest.mark.parametrize("dialect", ["legacy", "api"])
def test_the_way_through_requests_and_responses_is_the_same_fleet(dialect: str) -> None:
    plan = Plan(concurrent=5, lifecycles=10, dialect=dialect)
    made: list[Responses] = []

    def route(server: PandaServer) -> Responses:
        made.append(Responses(server, agent=AGENT))
        return made[-1]

    direct, through = Fleet(plan), Fleet(plan, route)
    direct.run()
    with made[0]:
        through.run()
    assert ({0: 10}, direct.identity()) == (through.codes, through.identity())
