"""Why does this job wait?"""

from __future__ import annotations

import pytest

from fakeserver import State
from fakeserver.operation import why_waiting
from tests.fakeserver.servers import QUEUE
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import spec


def reasons(bench: Bench, panda_id: int = 1) -> list[str]:
    """Return why a job waits."""
    return list(why_waiting(bench.server, bench.job(panda_id))["reasons"])


def test_because_no_pilot_has_asked(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    assert [f"no pilot has asked at {QUEUE}"] == reasons(bench)


def test_because_a_rule_is_against_every_pilot_that_came(bench: Bench) -> None:
    bench.server.define_job(spec(1, kind="analysis"))
    bench.get(label="managed")
    assert ["label: the pilot asks for managed, the job is user"] == reasons(bench)


def test_because_others_go_first(bench: Bench) -> None:
    bench.server.define_job(spec(1, priority=1))
    for panda_id in (2, 3, 4):
        bench.server.define_job(spec(panda_id))
    bench.get()
    told = why_waiting(bench.server, bench.job(1))
    assert (2, ["a pilot that may have it came by; 2 jobs go first"]) == (
        told["before"],
        told["reasons"],
    )


def test_because_the_queue_is_closed_or_not_there(bench: Bench) -> None:
    bench.server.queues[QUEUE] = {"status": "offline"}
    bench.server.define_job(spec(1))
    bench.server.define_job(spec(2, queue="NOWHERE"))
    assert "the queue is offline" in reasons(bench)
    assert "there is no queue NOWHERE" in reasons(bench, 2)


@pytest.mark.parametrize("state", [State.DEFINED, State.ASSIGNED, State.WAITING, State.THROTTLED])
def test_because_it_is_not_activated(bench: Bench, state: State) -> None:
    bench.server.define_job(spec(1), state=state)
    told = why_waiting(bench.server, bench.job(1))
    assert told["waits"]
    assert 1 == len(told["reasons"])


def test_a_job_that_runs_does_not_wait(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    bench.run(1)
    told = why_waiting(bench.server, bench.job(1))
    assert (False, None, []) == (told["waits"], told["since"], told["reasons"])
