"""Lost heartbeats."""

from __future__ import annotations

import pytest

from fakeserver import Policy
from fakeserver import State
from tests.fakeserver.servers import EPOCH
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import report
from tests.fakeserver.servers import spec

LIMITS = [("sent", 1800.0), ("starting", 10800.0), ("running", 10800.0), ("holding", 10800.0)]


def in_state(bench: Bench, state: str) -> None:
    """Take job 1 to *state*."""
    bench.server.define_job(spec(1))
    bench.get()
    if state != "sent":
        bench.say(1, state)


@pytest.mark.parametrize(("state", "limit"), [*LIMITS, ("transferring", 10800.0)])
def test_a_silent_job_is_lost_at_its_limit_and_not_before(
    bench: Bench, state: str, limit: float
) -> None:
    in_state(bench, state)
    assert EPOCH + limit == bench.server.next_deadline(EPOCH)
    bench.dial.now = EPOCH + limit - 0.001
    assert [] == bench.server.reap(bench.dial.now)
    bench.dial.now = EPOCH + limit
    assert [1] == bench.server.reap(bench.dial.now)
    assert State.FAILED is bench.job(1).state
    assert bench.server.next_deadline(bench.dial.now) is None


def test_a_lost_job_is_journalled_before_its_end(bench: Bench) -> None:
    in_state(bench, "running")
    bench.dial.now += 10800.5
    bench.server.reap(bench.dial.now)
    lost, change = bench.journal.events[-2:]
    assert ("job.lost", {"job": 1, "last_update_s": 10800.5}) == (lost.what, lost.data)
    assert ("running", "failed", "reaper") == (change["old"], change["new"], change["by"])
    assert "lost heartbeat : 2026-03-01T08:00:00Z" == change["reason"]


@pytest.mark.parametrize(
    ("state", "fields", "code", "text"),
    [
        ("sent", {}, 102, "Sent job didn't receive reply from pilot within 30 min"),
        ("running", {}, 100, "lost heartbeat : 2026-03-01T08:00:00Z"),
        ("holding", {"pilotErrorDiag": "no space"}, 101, "job recovery failed for 3 hours"),
    ],
)
def test_the_error_says_how_it_was_lost(
    bench: Bench, state: str, fields: dict[str, str], code: int, text: str
) -> None:
    in_state(bench, state)
    bench.job(1).fields |= fields
    bench.dial.now += 10800
    bench.server.reap(bench.dial.now)
    kept = bench.job(1).fields
    assert (code, text) == (kept["jobDispatcherErrorCode"], kept["jobDispatcherErrorDiag"])


def test_each_update_gives_a_job_its_whole_time_again(bench: Bench) -> None:
    in_state(bench, "running")
    for _ in range(5):
        bench.dial.now += 10799
        bench.say(1, "running")
        assert [] == bench.server.reap(bench.dial.now)
    assert bench.dial.now + 10800 == bench.server.next_deadline(bench.dial.now)


def test_a_refused_update_gives_no_time(bench: Bench) -> None:
    in_state(bench, "running")
    bench.dial.now += 10799
    bench.say(1, "running", attemptNr=9)
    assert EPOCH + 10800 == bench.server.next_deadline(bench.dial.now)


def test_a_waiting_job_is_never_lost(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    assert bench.server.next_deadline(EPOCH) is None
    assert [] == bench.server.reap(EPOCH + 1e9)


def test_a_job_whose_report_waits_is_never_lost() -> None:
    bench = Bench(Policy(adder_delay_s=1e6))
    in_state(bench, "running")
    bench.say(1, "finished", xml=report(1))
    assert [] == bench.server.reap(EPOCH + 20000)
    assert EPOCH + 1e6 == bench.server.next_deadline(EPOCH)


def test_the_next_deadline_is_the_earliest_and_never_in_the_past(bench: Bench) -> None:
    for panda_id in (1, 2):
        bench.server.define_job(spec(panda_id))
    bench.get()
    bench.dial.now += 100
    bench.get()
    assert EPOCH + 1800 == bench.server.next_deadline(bench.dial.now)
    assert EPOCH + 5000 == bench.server.next_deadline(EPOCH + 5000)


def test_jobs_are_reaped_in_the_order_of_their_deadlines(bench: Bench) -> None:
    for panda_id, priority in ((1, 1), (2, 3), (3, 2)):
        bench.server.define_job(spec(panda_id, priority=priority))
    for _ in range(3):
        bench.get()
        bench.dial.now += 10
    assert [2, 3, 1] == bench.server.reap(EPOCH + 90000)


def test_limits_are_a_policy() -> None:
    bench = Bench(Policy(lost_heartbeat_s=7200.0))
    in_state(bench, "running")
    assert EPOCH + 7200 == bench.server.next_deadline(EPOCH)
