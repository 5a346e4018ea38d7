"""Everything ends in bounded time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.checkers.bounded_time import COPY_LIMIT_S
from harness.checkers.bounded_time import COPY_TOLERANCE_S
from harness.checkers.bounded_time import NOTICE_FAIR_S
from harness.checkers.bounded_time import bounded_time
from harness.findings import Finding
from tests.harness.journals import Story
from tests.harness.journals import complete
from tests.harness.journals import healthy
from tests.harness.journals import story
from tests.harness.journals import texts

HOUR_S = 3600.0


def found(told: Story) -> list[Finding]:
    return bounded_time(told.flight())


def begun() -> Story:
    return story().pilot().dispatch()


# -- pilots


def test_a_pilot_that_ends_is_right() -> None:
    assert [] == found(complete())


def test_a_pilot_that_never_ends_is_found() -> None:
    findings = found(healthy().end(at=9000))
    assert ["pilot-1 (job 1 without a final state, in log), since 0:00:00, never ended"] == texts(
        findings
    )


def test_a_pilot_in_a_deadlock_of_the_whole_flight_is_found() -> None:
    told = begun().add("guest.stuck", who="pilot-1", at=900, why="asked", stacks="x")
    findings = found(told.end(at=900, reason="deadlock"))
    assert [True] == [text.endswith("nothing would ever wake it") for text in texts(findings)]
    assert told.flight().of("guest.stuck")[0].n in findings[0].witnesses


def test_a_flight_at_its_horizon_names_what_it_waited_for() -> None:
    told = (
        begun().process("/usr/bin/dccp", "a", "b", pid=4005, at=700).end(at=9000, reason="horizon")
    )
    assert [
        (
            "the flight reached its horizon at 2:30:00 waiting for pilot-1 (job 1 without a final "
            "state, in stage-in, dccp (process 4005) since 0:11:40)"
        )
    ] == texts(found(told))


def test_a_flight_at_its_horizon_without_pilots_waited_for_none() -> None:
    assert [] == found(
        begun().final("failed", at=10).leave(at=20).end(at=9000, reason="horizon: 1d")
    )


def test_a_flight_that_was_cut_short_says_nothing_of_what_would_have_come() -> None:
    assert [] == found(healthy().end(at=9000, reason="interrupted"))
    assert [] == found(healthy())


def test_a_pilot_that_is_stuck_is_found_once() -> None:
    told = healthy().add(
        "guest.stuck", who="pilot-1", at=9000, why="deadlock of 20 threads", stacks=""
    )
    assert ["pilot-1 is stuck at 2:30:00: deadlock of 20 threads"] == texts(
        found(told.end(at=9001))
    )


def test_a_guest_that_is_stuck_by_our_doing_is_no_finding() -> None:
    told = complete().add("guest.stuck", who="pilot-1", at=100, why="C-level block", stacks="")
    assert [] == found(told)


def test_what_a_pilot_waits_for_is_its_own() -> None:
    told = story().pilot().pilot("pilot-2").dispatch(2, pilot="pilot-2").dispatch(1, at=1)
    told.payload(at=60, until=None, job=2).process("xrdcp", pid=5, at=70, owner="pilot-2")
    told.process("dccp", pid=6, at=80, owner="pilot-1", until=90)
    told.add("guest.stuck", who="pilot-2", at=100, why="asked", stacks="")
    findings = found(told.end(at=9000))
    assert [
        "pilot-1 (job 1 without a final state, in stage-in), since 0:00:00, never ended",
        (
            "pilot-2 (job 2 without a final state, in payload, xrdcp (process 5) since 0:01:10), "
            "since 0:00:00, never ended"
        ),
    ] == texts(findings)
    assert [1, 2] == [len(finding.witnesses) for finding in findings]


def test_a_job_that_is_done_with_is_not_waited_for() -> None:
    told = begun().final("failed", at=10).end(at=9000)
    assert ["pilot-1 (in final), since 0:00:00, never ended"] == texts(found(told))


# -- copies


@given(st.floats(0.0, COPY_LIMIT_S))
def test_no_copy_within_the_limit_is_blamed(seconds: float) -> None:
    told = begun().copy("in.1", at=100, until=100 + seconds)
    assert [] == found(told.final("finished", at=101 + seconds))


@given(st.floats(COPY_LIMIT_S + COPY_TOLERANCE_S + 1, 1e6))
def test_every_failed_copy_beyond_the_limit_is_found(seconds: float) -> None:
    told = begun().copy("in.1", at=100, until=100 + seconds)
    assert 1 == len(found(told.final("finished", at=101 + seconds)))


def test_a_copy_that_hung_too_long_is_named() -> None:
    findings = found(begun().copy("in.1", at=100, until=100 + 4 * HOUR_S).final("failed", at=20000))
    assert [
        (
            "dccp (/srv/tmp/in.1) of pilot-1, begun at 0:01:40, failed at 4:01:40: 4 h where 3 h "
            "is the limit"
        )
    ] == texts(findings)
    assert 100 + COPY_LIMIT_S == findings[0].at_s


def test_a_slow_copy_that_succeeds_may_take_its_time() -> None:
    told = begun().copy("in.1", at=100, until=100 + 5 * HOUR_S, code=0)
    assert [] == found(told.final("finished", at=20000))


def test_a_copy_tool_that_never_ends_is_found() -> None:
    told = begun().process("dccp", "dcap://x/in.1", ".", pid=4005, at=60).leave(at=4 * HOUR_S)
    assert ["dccp (process 4005) of pilot-1, begun at 0:01:00, did not end: 3 h 59 min"] == [
        text.split(" where")[0] for text in texts(found(told.end(at=5 * HOUR_S)))
    ]


def test_no_pilot_is_blamed_for_what_outlives_its_sigkill() -> None:
    def sent(at: float, signal: int = 9, by: str = "pilot-1") -> list[Finding]:
        told = begun().process("dccp", "x", "y", pid=4005, at=60).copy("in.1", at=61, until=None)
        told.add("process.signal", who="n1", at=at, pid=4005, signal=signal, by=by, result="sent")
        return found(told.leave(at=4 * HOUR_S).end(at=5 * HOUR_S))

    assert [] == sent(1000)
    assert 1 == len(sent(1000, signal=15))
    assert 1 == len(sent(1000, by="batch"))
    assert 1 == len(sent(3.5 * HOUR_S))


def test_a_tool_and_its_transfer_are_one_finding() -> None:
    told = begun().process("dccp", "x", "y", pid=4005, at=60, until=60 + 4 * HOUR_S, code=1)
    assert 1 == len(found(told.copy("in.1", at=61, until=59 + 4 * HOUR_S)))


def test_a_tool_that_never_ends_and_its_transfer_are_one_finding() -> None:
    told = begun().process("dccp", "x", "y", pid=4005, at=60).copy("in.1", at=61, until=None)
    assert 1 == len(found(told.end(at=5 * HOUR_S, reason="interrupted")))


def test_a_transfer_of_another_tool_is_a_finding_of_its_own() -> None:
    told = begun().process("xrdcp", "x", "y", pid=4005, at=60, until=60 + 4 * HOUR_S, code=1)
    assert 2 == len(found(told.copy("in.1", at=61, until=59 + 4 * HOUR_S)))


def test_other_programs_may_run_as_long_as_they_like() -> None:
    assert [] == found(begun().process("/bin/bash", "x", pid=9, at=0, until=90000, code=1))


# -- failures


def test_a_failure_that_is_not_told_for_hours_is_found() -> None:
    told = begun().payload(at=60, until=600, code=7).store("log.1.tgz", at=610)
    findings = found(told.final("failed", at=600 + 4 * HOUR_S))
    assert [
        (
            "job 1 on pilot-1: the payload ended with code 7 at 0:10:00, but 'failed' was sent "
            "only at 4:10:00, 4 h later (limit 3 h)"
        )
    ] == texts(findings)
    assert "1" == findings[0].job


def test_a_failure_that_is_told_soon_is_right() -> None:
    assert [] == found(begun().payload(at=60, until=600, code=7).final("failed", at=715))


def test_a_failed_copy_that_was_made_good_is_no_failure() -> None:
    told = begun().copy("log.1.tgz", at=10, until=20).store("log.1.tgz", at=30)
    assert [] == found(told.final("failed", at=5 * HOUR_S))


def test_a_failed_copy_that_left_a_partial_file_was_not_made_good() -> None:
    told = begun().copy("log.1.tgz", at=10, until=20)
    told.add("storage.write", at=19, endpoint="X", path="/log.1.tgz", bytes=5, adler32="1", by="x")
    assert ["the copy of log.1.tgz failed with code 1 at 0:00:20"] == [
        text.split(": ")[1].split(", but")[0]
        for text in texts(found(told.final("failed", at=5 * HOUR_S)))
    ]


def test_a_kill_by_the_server_is_obeyed_in_bounded_time() -> None:
    answer = {"StatusCode": 0, "command": "debug,tobekilled"}
    told = begun().update("running", at=100, answer=answer).final("failed", at=100 + 4 * HOUR_S)
    assert "the server said tobekilled at 0:01:40" in texts(found(told))[0]


LATE_S = 100 + 4 * HOUR_S


def test_a_failure_belongs_to_its_own_attempt() -> None:
    told = begun().payload(at=60, until=99, code=7).final("failed", at=200)
    told.dispatch(at=LATE_S, attempt=2)
    assert [] == found(told.update("failed", at=LATE_S + 60))


def test_a_failure_belongs_to_its_own_job() -> None:
    told = begun().dispatch(2, pilot="pilot-2", at=1).payload(at=60, until=99, code=7)
    assert [] == found(told.update("failed", at=LATE_S, job=1, pilot="pilot-1"))


def test_a_payload_that_ended_well_did_not_fail() -> None:
    assert [] == found(begun().payload(at=60, until=99).final("failed", at=LATE_S))


def test_a_kill_belongs_to_its_own_job() -> None:
    answer = {"StatusCode": 0, "command": "tobekilled"}
    told = begun().dispatch(2, pilot="pilot-2", at=1).update("running", at=100, answer=answer)
    assert [] == found(told.update("failed", at=LATE_S, job=1, pilot="pilot-1"))


def test_a_copy_that_failed_after_the_end_or_not_at_all_caused_nothing() -> None:
    told = begun().copy("out.1", at=50, until=LATE_S + 9).copy("out.1", at=60, until=None)
    assert [] == [text for text in texts(found(told.final("failed", at=LATE_S))) if "job 1" in text]


# -- pilots that are told to stop


def test_a_pilot_that_stops_when_told_is_right() -> None:
    told = healthy().signal("SIGTERM", at=3600).final("failed", at=3700)
    assert [] == found(told.leave(at=3740, code=143).end(at=3800))


def test_a_pilot_that_has_to_be_killed_is_found() -> None:
    told = healthy().signal("SIGTERM", at=3600).signal("SIGKILL", at=3900)
    findings = found(told.leave(at=3900, code=None, signal=9).end(at=4000))
    assert [
        (
            "pilot-1 was told to stop at 1:00:00 (SIGTERM, walltime) and had to be killed at "
            "1:05:00, 5 min later"
        )
    ] == texts(findings)


def test_no_pilot_can_stop_without_notice() -> None:
    told = healthy().signal("SIGTERM", at=3600).signal("SIGKILL", at=3599 + NOTICE_FAIR_S)
    assert [] == found(told.leave(at=3640, code=None, signal=9).end(at=4000))


def test_a_kill_that_comes_after_the_end_hits_nobody() -> None:
    told = healthy().signal("SIGTERM", at=3600).leave(at=3700, code=143).signal("SIGKILL", at=9000)
    assert [] == found(told.end(at=9001))


def test_a_pilot_that_dawdles_is_found_though_nobody_kills_it() -> None:
    told = healthy().signal("SIGTERM", at=3600).leave(at=3600 + HOUR_S, code=143).end(at=9000)
    assert ["ended only at 2:00:00, 1 h later"] == [
        text.split(" and ")[1] for text in texts(found(told))
    ]


def test_a_pilot_that_ignores_the_signal_is_found() -> None:
    told = healthy().signal("SIGTERM", at=3600).end(at=9000, reason="interrupted")
    assert [True] == ["and did not end, 1 h 30 min later" in text for text in texts(found(told))]


def test_sigcont_is_not_what_kills_a_pilot() -> None:
    told = healthy().signal("SIGTERM", at=3600).signal("SIGCONT", at=3700)
    findings = found(told.end(at=9000, reason="interrupted"))
    assert [True] == ["did not end" in text for text in texts(findings)]


def test_a_pid_that_comes_again_is_another_process() -> None:
    told = begun().process("dccp", "x", "y", pid=9, at=60, until=70, code=1)
    told.process("dccp", "x", "y", pid=9, at=80, until=90, code=1)
    assert [] == found(told.end(at=5 * HOUR_S, reason="interrupted"))


def test_a_tool_that_a_signal_ended_has_failed() -> None:
    told = begun().process("dccp", "x", "y", pid=9, at=60)
    told.add("process.exit", who="n1", at=4 * HOUR_S, pid=9, code=None, signal=9)
    assert 1 == len(found(told))


def test_a_tool_that_took_long_and_succeeded_has_not_failed() -> None:
    told = begun().process("dccp", "x", "y", pid=9, at=60, until=4 * HOUR_S)
    assert [] == found(told)


# -- pilots that hold a slot for nothing


def ended(*, left: float) -> Story:
    return story().pilot().dispatch().final("finished", at=100).leave(at=left).end(at=left)


def test_a_pilot_that_leaves_after_its_last_job_is_right() -> None:
    assert [] == found(ended(left=400))


def test_a_pilot_that_stays_for_nothing_is_found() -> None:
    (text,) = texts(found(ended(left=701)))
    assert "did nothing from 0:01:40 on and left only at 0:11:41, 10 min 1 s later" in text


def test_who_goes_on_asking_does_something() -> None:
    told = ended(left=701)
    told.add("http.request", who="pilot-1", at=600, id=99, endpoint="acquire_jobs", fields={})
    assert [] == found(told)


def unheard(*, until: float, refused: bool = True) -> Story:
    told = story().pilot().dispatch().update("running", at=60)
    if refused:
        told.update("running", at=1860, reply="503")
    return told.add("payload.end", who="n1", at=until, job=1, pid=9, code=0, signal=0)


def test_a_payload_of_which_the_server_has_not_heard_for_long_is_found() -> None:
    (text,) = texts(found(unheard(until=60 + 4 * HOUR_S + 1)))
    assert "the payload ran until 4:01:01" in text
    assert [] == found(unheard(until=60 + 4 * HOUR_S))
    assert [] == found(unheard(until=60 + 4 * HOUR_S + 1, refused=False))


@pytest.mark.parametrize(("left_s", "expect"), [(10_000.0, 0), (80_000.0, 1)])
def test_a_pilot_whose_last_word_nobody_takes_may_try_for_as_long_as_a_job_is_not_lost(
    left_s: float, expect: int
) -> None:
    told = story().pilot().dispatch(at=30).state("failed", at=1830, by="reaper")
    assert expect == len(found(told.leave(at=left_s)))
