"""Archive by month, and how long jobs may stay silent."""

from __future__ import annotations

import pytest

from fakeserver import Policy
from fakeserver import State
from fakeserver.months import month_of
from tests.fakeserver.servers import EPOCH
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import spec

DAY_S = 86400.0


def test_the_month_of_an_instant() -> None:
    assert "2026-03" == month_of(EPOCH)


def test_ended_jobs_move_to_the_table_of_the_month_of_their_end(bench: Bench) -> None:
    for panda_id in (1, 2, 3):
        bench.server.define_job(spec(panda_id))
    bench.server.kill(1)
    bench.dial.now += 40 * DAY_S
    bench.server.kill(2)
    bench.server.reap(bench.dial.now)
    assert {"2026-03": [1]} == {m: list(jobs) for m, jobs in bench.server.table.months.items()}
    assert [2] == list(bench.server.table.recent)
    bench.dial.now += 3 * DAY_S
    bench.server.reap(bench.dial.now)
    assert ["2026-03", "2026-04"] == sorted(bench.server.table.months)
    assert ("2026-03", "2026-04", "") == tuple(bench.job(n).archived for n in (1, 2, 3))


def test_archiving_is_nothing_that_anybody_waits_for(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    bench.server.kill(1)
    assert bench.server.next_deadline(bench.dial.now) is None


@pytest.mark.parametrize(
    ("policy", "changes", "states", "limit_s"),
    [
        (Policy(), {}, (), None),
        (Policy(queued_limit_s=7 * DAY_S), {}, (), 7 * DAY_S),
        (Policy(), {}, ("sent",), 1800.0),
        (Policy(), {}, ("starting",), 10800.0),
        (Policy(), {}, ("running",), 10800.0),
        (Policy(), {}, ("running", "transferring"), 10800.0),
        (Policy(transferring_limit_s=60.0), {}, ("running", "transferring"), 60.0),
        (Policy(), {}, ("running", "holding"), 10800.0),
        (
            Policy(holding_production_limit_s=2 * DAY_S),
            {"priority": 100},
            ("running", "holding"),
            2 * DAY_S,
        ),
        (Policy(holding_production_limit_s=2 * DAY_S), {}, ("running", "holding"), 10800.0),
        (
            Policy(holding_production_limit_s=2 * DAY_S),
            {"kind": "analysis", "priority": 100},
            ("running", "holding"),
            10800.0,
        ),
    ],
)
def test_how_long_a_job_may_stay_silent_in_each_state(
    policy: Policy, changes: dict[str, object], states: tuple[str, ...], limit_s: float | None
) -> None:
    bench = Bench(policy)
    bench.server.define_job(spec(1, **changes))
    if states:
        bench.get(label="unified")
    for state in states:
        if state != "sent":
            bench.say(1, state)
    due = bench.server.next_deadline(0.0)
    assert (None if limit_s is None else EPOCH + limit_s) == due


def test_a_job_for_which_no_pilot_came_is_closed() -> None:
    bench = Bench(Policy(queued_limit_s=DAY_S))
    bench.server.define_job(spec(1))
    bench.dial.now += DAY_S
    assert [1] == bench.server.reap(bench.dial.now)
    job = bench.job(1)
    assert (State.CLOSED, 102, "toreassign") == (
        job.state,
        job.fields["taskBufferErrorCode"],
        job.fields["jobSubStatus"],
    )
    assert [] == bench.of("job.lost")


def test_a_new_policy_counts_for_jobs_that_are_there(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    bench.get()
    bench.server.table.policy = Policy(sent_limit_s=60.0)
    assert EPOCH + 60.0 == bench.server.next_deadline(0.0)
