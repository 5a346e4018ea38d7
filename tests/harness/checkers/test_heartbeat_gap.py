"""Never a gap between updates, in any phase."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from harness.checkers.heartbeat_gap import HEARTBEAT_S
from harness.checkers.heartbeat_gap import LIMIT_S
from harness.checkers.heartbeat_gap import heartbeat_gap
from harness.findings import Finding
from tests.harness.journals import SERVER
from tests.harness.journals import Story
from tests.harness.journals import complete
from tests.harness.journals import story
from tests.harness.journals import texts

LATENESS = st.lists(st.floats(1.0, LIMIT_S), min_size=1, max_size=30)


def found(told: Story) -> list[Finding]:
    return heartbeat_gap(told.flight())


def series(times: list[float]) -> Story:
    """Tell of a job that is updated at these times, the last of them with its final state."""
    told = story().pilot().dispatch()
    for at in times[:-1]:
        told.update("running", at=at)
    return told.update("finished", at=times[-1])


def test_the_limit_is_the_heartbeat_a_tenth_and_two_minutes() -> None:
    assert 2100.0 == LIMIT_S


def test_a_day_of_regular_heartbeats_is_right() -> None:
    assert [] == found(complete(hours=24))


@given(LATENESS)
def test_no_series_within_the_limit_is_blamed(gaps: list[float]) -> None:
    assert [] == found(series(list(accumulate(gaps))))


@given(LATENESS, st.integers(0, 29), st.floats(LIMIT_S + 1.0, 100_000.0))
def test_one_gap_beyond_the_limit_is_always_found(
    gaps: list[float], place: int, gap: float
) -> None:
    gaps[place % len(gaps)] = gap
    assert 1 == len(found(series(list(accumulate(gaps)))))


def test_a_gap_is_named_with_its_ends_its_length_and_its_phase() -> None:
    told = story().pilot().dispatch(at=0).update("starting", at=10).update("running", at=7210)
    findings = found(told.update("failed", at=7300).leave(at=7400))
    assert [
        "job 1 on pilot-1: no update for 2 h (limit 35 min), from 0:00:10 to 2:00:10, in stage-in"
    ] == texts(findings)
    assert ("1", 10 + LIMIT_S) == (findings[0].job, findings[0].at_s)


def test_a_gap_in_the_payload_is_named_so() -> None:
    told = story().pilot().dispatch().update("running", at=100).payload(at=99, until=9000)
    assert [True] == [
        text.endswith("in payload") for text in texts(found(told.final("finished", at=3000)))
    ]


def test_a_gap_over_several_phases_names_them_all() -> None:
    told = story().pilot().dispatch().update("running", at=100).payload(at=99, until=2000)
    told.store("log.1.tgz", at=4000).final("finished", at=5000)
    assert [True] == [
        text.endswith("in payload and stage-out and log") for text in texts(found(told))
    ]


def test_a_payload_known_by_its_key_has_the_phases_of_its_job() -> None:
    told = story().pilot().define(jobPars="--flightsim-job first-job/1").dispatch()
    told.update("running", at=100).payload(at=99, until=9000, job="first-job/1")
    assert [True] == [
        text.endswith("in payload") for text in texts(found(told.final("finished", at=3000)))
    ]


def test_the_time_before_the_first_update_counts() -> None:
    assert 1 == len(found(story().pilot().dispatch(at=5).update("failed", at=5000)))


def test_a_silent_pilot_is_found_when_the_flight_ends() -> None:
    findings = found(
        story().pilot().dispatch().update("running", at=10).end(at=9000, reason="horizon")
    )
    assert ["from 0:00:10 to 2:30:00"] == [text.split(", ")[1] for text in texts(findings)]


def test_a_heartbeat_that_the_world_lost_was_sent() -> None:
    told = story().pilot().dispatch()
    for number in range(1, 8):
        told.update("running", at=number * HEARTBEAT_S, reply="gone")
    assert [] == found(told.update("finished", at=8 * HEARTBEAT_S))


def test_a_server_that_refuses_connections_does_not_make_a_pilot_silent() -> None:
    told = story().pilot().dispatch().update("running", at=1000)
    told.add("net.failed", who="pilot-1", at=2800, host=SERVER, port=25443, why="refused")
    told.add("fault.fired", who="world", at=4600, fault="1/refuse", on=f"net.{SERVER}", do="refuse")
    told.add("net.unresolved", who="pilot-1", at=6000, name=SERVER, nearest=[])
    assert [] == found(told.update("finished", at=7500))


def test_a_storage_that_refuses_connections_is_no_excuse() -> None:
    told = story().pilot().dispatch().update("running", at=1000)
    told.add("net.failed", who="pilot-1", at=2800, host="se.bnl.sim", port=1094, why="refused")
    assert 1 == len(found(told.update("finished", at=4000)))


def test_another_pilots_trouble_is_no_excuse() -> None:
    told = story().pilot("pilot-2").pilot().dispatch().update("running", at=1000)
    told.add("net.failed", who="pilot-2", at=2800, host=SERVER, port=25443, why="refused")
    assert 1 == len(found(told.update("finished", at=4000)))


def test_a_pilot_owes_no_updates_after_its_end() -> None:
    told = story().pilot().dispatch().update("running", at=10).leave(at=1000, signal=9)
    assert [] == found(told.state("failed", at=20000, by="reaper").end(at=20001))


def test_a_pilot_owes_no_updates_of_a_job_that_was_ended_for_it() -> None:
    told = (
        story().pilot().dispatch().update("running", at=10).state("cancelled", at=1000, by="user")
    )
    assert [] == found(told.leave(at=9000))


def test_a_lost_heartbeat_does_not_hide_the_gap_before_it() -> None:
    told = story().pilot().dispatch().update("running", at=10)
    findings = found(told.state("failed", at=10810, by="reaper").leave(at=20000))
    assert ["no update for 3 h (limit 35 min)"] == [
        t.split(": ", 1)[1].split(",")[0] for t in texts(findings)
    ]


def test_a_job_that_never_arrived_needs_no_heartbeat() -> None:
    assert [] == found(story().pilot().dispatch(reply="lost").leave(at=9000))


def test_a_suspended_pilot_cannot_send() -> None:
    told = story().pilot().dispatch().update("running", at=1000)
    told.signal("SIGSTOP", at=1500).signal(18, at=8700)
    assert [] == found(told.update("finished", at=9000))


def test_a_suspension_excuses_only_its_own_length() -> None:
    told = story().pilot().dispatch().update("running", at=1000)
    told.signal("SIGSTOP", at=1500).signal("SIGCONT", at=1600)
    assert 1 == len(found(told.update("finished", at=9000)))


def test_two_pilots_with_one_job_each_owe_updates() -> None:
    told = story().pilot("pilot-2").pilot().dispatch().dispatch(pilot="pilot-2", at=1)
    for at in range(1800, 9000, 1800):
        told.update("running", at=at, pilot="pilot-2")
    told.update("finished", at=9000, pilot="pilot-2")
    assert ["job 1 on pilot-1"] == [text.split(":")[0] for text in texts(found(told))]


def test_updates_without_a_network_count_as_sent() -> None:
    told = story()
    told.add("job.dispatched", at=0, job=1, pilot="pilot-1", attempt=1)
    for at in range(1800, 9000, 1800):
        told.add("job.update", at=at, job=1, pilot="pilot-1", state="running", fields={})
    assert [] == found(told.add("job.update", at=9000, job=1, pilot="pilot-1", state="finished"))


def test_a_final_state_that_is_said_again_much_later_leaves_no_gap() -> None:
    told = story().pilot().dispatch().update("finished", at=1000).update("finished", at=20000)
    assert [] == found(told)


def test_a_pilot_that_could_not_deliver_its_final_state_owes_no_more() -> None:
    told = story().pilot().dispatch().update("finished", at=1000, reply="gone")
    assert [] == found(told.update("finished", at=1120, reply="gone").leave(at=20000))


def test_trouble_with_another_server_is_no_excuse() -> None:
    told = story().pilot().dispatch().update("running", at=1000)
    told.add("http.request", who="pilot-1", at=1001, id=99, host="cric.sim", endpoint="", fields={})
    told.add("net.failed", who="pilot-1", at=2800, host="cric.sim", port=443, why="refused")
    assert 1 == len(found(told.update("finished", at=4000)))


def test_signals_that_suspend_nobody_excuse_nothing() -> None:
    told = story().pilot().dispatch().update("running", at=1000)
    told.signal("SIGCONT", at=1500).signal("SIGUSR2", at=1600)
    assert 1 == len(found(told.update("finished", at=4000)))


def test_a_gap_is_in_a_phase_of_its_own_pilot() -> None:
    told = story().pilot("pilot-2").pilot().dispatch(2, pilot="pilot-2").dispatch(1, at=1)
    told.payload(at=60, until=90, job=2).update("running", at=100, pilot="pilot-2", job=2)
    told.update("failed", at=1000, job=2, pilot="pilot-2").update("failed", at=4000)
    assert ["in stage-in"] == [text.rpartition(", ")[2] for text in texts(found(told))]
