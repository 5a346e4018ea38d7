"""The debug mode."""

from __future__ import annotations

import pytest

from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import report
from tests.fakeserver.servers import spec
from tests.fakeserver.speakers import PERSON
from tests.fakeserver.speakers import legacy
from tests.fakeserver.speakers import modern
from tests.fakeserver.speakers import read


@pytest.fixture
def bench() -> Bench:
    """Return a server on which job 1 runs."""
    bench = Bench()
    bench.server.define_job(spec(1))
    bench.run(1)
    return bench


def switched(bench: Bench, panda_id: int = 1, *, on: object = True) -> str:
    """Switch the debug mode and return what was said."""
    return legacy(bench, "set_debug_mode", {"pandaID": panda_id, "modeOn": on}).body.decode()


def test_it_is_switched_on_and_off(bench: Bench) -> None:
    assert ("Succeeded", True) == (switched(bench), bench.job(1).debug)
    assert "Already set accordingly" == switched(bench)
    assert ("Succeeded", False) == (switched(bench, on=False), bench.job(1).debug)


def test_a_job_that_ended_or_is_unknown_is_not_found(bench: Bench) -> None:
    bench.say(1, "finished", xml=report(1))
    assert "PandaID=1 not found in active DB" == switched(bench)
    assert "PandaID=404 not found in active DB" == switched(bench, 404)


def test_a_holding_job_cannot_be_switched(bench: Bench) -> None:
    bench.say(1, "holding")
    assert switched(bench).startswith("Cannot set debugMode since the job status is holding")


def test_a_person_may_not(bench: Bench) -> None:
    values = {"pandaID": 1, "modeOn": "True"}
    answer = legacy(bench, "set_debug_mode", values, identity=PERSON)
    assert b"Permission denied. Not the owner or production manager" == answer.body


def test_api_v1(bench: Bench) -> None:
    said = read(modern(bench, "set_debug_mode", {"job_id": 1, "mode": True}))
    assert (True, "Succeeded", True) == (said["success"], said["message"], bench.job(1).debug)
