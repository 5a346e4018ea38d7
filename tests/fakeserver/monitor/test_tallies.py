"""Counting jobs for pages."""

from __future__ import annotations

from itertools import pairwise

from fakeserver import State
from fakeserver.monitor.tallies import INSTANTS
from fakeserver.monitor.tallies import ended_over_time
from fakeserver.monitor.tallies import ends_per
from fakeserver.monitor.tallies import errors
from fakeserver.monitor.tallies import lately
from fakeserver.monitor.tallies import ordered
from fakeserver.monitor.tallies import over_time
from fakeserver.monitor.tallies import stages
from tests.fakeserver.servers import EPOCH
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import report
from tests.fakeserver.servers import spec


def bench() -> Bench:
    """Return a server with a job that finished after 100 s, one that runs, one that waits."""
    made = Bench()
    for panda_id in (1, 2, 3):
        made.server.define_job(spec(panda_id))
    made.dial.now += 10
    made.run(1)
    made.dial.now += 40
    made.run(2)
    made.dial.now += 50
    made.say(1, "finished", xml=report(1))
    made.dial.now += 100
    return made


def test_the_states_of_a_job_follow_each_other_to_the_present() -> None:
    made = bench()
    life = stages(made.job(1), now=made.dial.now)
    assert ("defined", EPOCH) == life[0][:2]
    assert all(one[2] == other[1] for one, other in pairwise(life))
    assert ("finished", EPOCH + 100, EPOCH + 100) == life[-1]
    assert ("running", EPOCH + 50, EPOCH + 200) == stages(made.job(2), now=made.dial.now)[-1]
    assert ("activated", EPOCH, EPOCH + 200) == stages(made.job(3), now=made.dial.now)[-1]


def test_at_each_instant_every_job_is_in_one_state() -> None:
    made = bench()
    series = over_time(lately(made.server), now=made.dial.now)
    totals = [sum(points[i][1] for points in series.values()) for i in range(INSTANTS + 1)]
    assert {3.0} == set(totals)
    last = {state: points[-1][1] for state, points in series.items() if points[-1][1]}
    assert {"finished": 1.0, "running": 1.0, "activated": 1.0} == last
    middle = {state: points[INSTANTS * 75 // 200][1] for state, points in series.items()}
    assert (2.0, 1.0, 0.0) == (middle["running"], middle["activated"], middle["finished"])


def test_a_span_of_time_begins_with_what_was_before() -> None:
    made = bench()
    series = over_time(lately(made.server), now=made.dial.now, begin=EPOCH + 150)
    assert EPOCH + 150 == series["finished"][0][0]
    assert [1.0] * (INSTANTS + 1) == [value for _, value in series["finished"]]


def test_nothing_over_time_is_nothing() -> None:
    assert {} == over_time([], now=EPOCH)


def test_ends_are_counted_where_they_were() -> None:
    made = bench()
    parts = ends_per(lately(made.server), begin=EPOCH, end=EPOCH + 200, count=4)
    assert [0.0, 0.0, 1.0, 0.0] == parts


def test_errors_are_counted_by_kind_and_code() -> None:
    made = Bench()
    for panda_id, code in ((1, 1305), (2, 1305), (3, 1099)):
        made.server.define_job(spec(panda_id))
        made.run(panda_id)
        made.say(panda_id, "failed", pilotErrorCode=code, pilotErrorDiag=f"text {code}")
    first, second = errors(made.server.jobs.values())
    assert {"kind": "pilot", "code": "1305", "count": 2, "text": "text 1305"} == first
    assert ("1099", 1) == (second["code"], second["count"])


def test_states_come_in_the_order_of_a_life() -> None:
    counts = {"finished": 1, "defined": 2, "running": 3, "sent": 0}
    assert ["defined", "running", "finished"] == list(ordered(counts))
    assert {state.value for state in State} == set(ordered(dict.fromkeys(map(str, State), 1)))


def test_ends_are_counted_in_round_times_by_how_they_ended() -> None:
    made = Bench()
    made.dial.now = EPOCH + 7
    for number in (1, 2, 3):
        made.server.define_job(spec(number))
        made.run(number)
        made.dial.now += 1200
        end = {"xml": report(number)} if number < 3 else {"pilotErrorCode": 1305}
        made.say(number, "finished" if number < 3 else "failed", **end)
    step, found = ended_over_time(lately(made.server), now=made.dial.now)
    assert (60.0, {"finished", "failed"}) == (step, set(found))
    assert 0 == found["finished"][0][0] % step
    ended = {at: value for at, value in found["finished"][:-1] if value}
    assert {EPOCH + 1200: 1.0, EPOCH + 2400: 1.0} == ended
    # The last one stays until now.
    assert [1.0, 1.0] == [value for _, value in found["failed"][-2:]]


def test_nothing_has_ended_yet() -> None:
    assert {} == ended_over_time([], now=EPOCH)[1]
