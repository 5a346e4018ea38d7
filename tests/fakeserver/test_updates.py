"""Updates of jobs by pilots."""

from __future__ import annotations

from typing import Any

import pytest

from fakeserver import Policy
from fakeserver import State
from fakeserver import StatusCode
from fakeserver.policy import OLD_WRONG_ATTEMPT
from fakeserver.updates import batches_differ
from fakeserver.updates import columns
from fakeserver.updates import number
from fakeserver.updates import read_update
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import report
from tests.fakeserver.servers import spec


@pytest.fixture
def bench() -> Bench:
    """Return a server with job 1, running."""
    bench = Bench()
    bench.server.define_job(spec(1))
    bench.run(1)
    return bench


def test_a_whole_life_is_journalled_in_order(bench: Bench) -> None:
    bench.say(1, "running", pilotTiming="")
    bench.say(1, "finished", xml=report(1))
    expected = ["assigned", "activated", "sent", "starting", "running", "holding", "finished"]
    assert expected == bench.path(1)
    states = [(event["state"], event["attempt"]) for event in bench.of("job.update")]
    assert [("starting", 1), ("running", 1), ("running", 1), ("finished", 1)] == states
    kinds = [event.what for event in bench.journal.events[-5:]]
    assert ["job.update", "job.state", "file.registered", "file.registered", "job.state"] == kinds


def test_an_update_carries_what_was_sent_without_empty_values(bench: Bench) -> None:
    bench.say(1, "running", node="wn1", pilotErrorDiag="", nEvents=None, coreCount="8", maxRSS=0)
    expected = {
        "jobId": 1,
        "state": "running",
        "attemptNr": 1,
        "node": "wn1",
        "coreCount": 8,
        "maxRSS": 0,
    }
    assert expected == bench.of("job.update")[-1]["fields"]


def test_starting_after_running_leaves_the_job_running(bench: Bench) -> None:
    assert "NULL" == bench.say(1, "starting").command
    assert State.RUNNING is bench.job(1).state
    assert [] == bench.refusals()


def test_a_job_may_fail_before_it_runs() -> None:
    bench = Bench()
    bench.server.define_job(spec(1))
    bench.get()
    bench.say(1, "failed", pilotErrorCode=1099, xml=report(1, "1.log.tgz"))
    assert ["sent", "holding", "failed"] == bench.path(1)[-3:]


def test_a_repeated_final_update_is_already_done_and_changes_nothing(bench: Bench) -> None:
    bench.say(1, "finished", xml=report(1))
    before = bench.server.snapshot()
    reply = bench.say(1, "finished", xml=report(1))
    assert (StatusCode.SUCCESS, "alreadydone") == (reply.code, reply.command)
    assert before == bench.server.snapshot()
    assert ["repeated final update, the job is finished"] == bench.refusals()


def test_a_final_update_that_contradicts_the_first_changes_nothing(bench: Bench) -> None:
    bench.say(1, "failed", pilotErrorCode=1305, xml=report(1, "1.log.tgz"))
    assert "alreadydone" == bench.say(1, "finished", xml=report(1)).command
    assert State.FAILED is bench.job(1).state


@pytest.mark.parametrize("state", ["starting", "running", "transferring", "holding"])
def test_a_heartbeat_of_a_job_that_ended_is_told_to_die(bench: Bench, state: str) -> None:
    bench.say(1, "finished", xml=report(1))
    assert "tobekilled" == bench.say(1, state).command
    assert ["the job is already finished"] == bench.refusals()


def test_a_final_update_of_a_lost_job_is_told_to_die(bench: Bench) -> None:
    bench.dial.now += 10800
    bench.server.reap(bench.dial.now)
    assert "tobekilled" == bench.say(1, "finished", xml=report(1)).command
    assert (State.FAILED, []) == (bench.job(1).state, bench.of("file.registered"))


def test_an_unknown_job_is_told_to_die(bench: Bench) -> None:
    assert "tobekilled" == bench.say(404, "running").command
    assert ["unknown job"] == bench.refusals()


def test_another_attempt_is_told_to_die(bench: Bench) -> None:
    assert "tobekilled" == bench.say(1, "running", attemptNr=2).command
    assert ["attempt 2, the job is at 1"] == bench.refusals()


def test_another_attempt_may_be_answered_as_in_old_days() -> None:
    bench = Bench(Policy(wrong_attempt_command=OLD_WRONG_ATTEMPT))
    bench.server.define_job(spec(1, attempt=3))
    bench.get()
    assert "badattemptnr" == bench.say(1, "running").command


def test_without_an_attempt_number_none_is_checked(bench: Bench) -> None:
    assert "NULL" == bench.say(1, "running", attemptNr="").command
    assert bench.of("job.update")[-1]["attempt"] is None


def test_a_job_that_was_never_sent_takes_no_update() -> None:
    bench = Bench()
    bench.server.define_job(spec(1))
    assert StatusCode.FAILED is bench.say(1, "running").code
    assert ["pilot may not change activated to running"] == bench.refusals()
    assert [] == bench.of("job.update")


@pytest.mark.parametrize("command", ["tobekilled", "softkill", "tail payload.stdout"])
def test_a_command_is_given_with_every_answer_until_it_is_taken_back(
    bench: Bench, command: str
) -> None:
    bench.server.set_command(1, command)
    said = [bench.say(1, "running").command for _ in range(2)]
    bench.server.set_command(1, "")
    assert [command, command, "NULL"] == [*said, bench.say(1, "running").command]


def test_debug_mode_is_said_before_the_command(bench: Bench) -> None:
    bench.server.set_debug(1, True)
    bench.server.set_command(1, "ps")
    assert "debug,ps" == bench.say(1, "running").command


def test_another_batch_job_with_the_same_job_is_told_to_die(bench: Bench) -> None:
    bench.say(1, "running", batchID="condor-12.0")
    reply = bench.say(1, "running", batchID="condor-13.0", who="pilot-2")
    assert "tobekilled" == reply.command
    assert ["batchID is condor-13.0, not condor-12.0"] == bench.refusals()


def test_the_batch_job_is_the_one_that_was_named_last(bench: Bench) -> None:
    bench.say(1, "running", batchID="123")
    bench.say(1, "running", batchID="condor-12.0")
    assert "tobekilled" == bench.say(1, "running", batchID="condor-13.0").command


@pytest.mark.parametrize(
    ("known", "said", "expected"),
    [
        ("a", "b", True),
        ("a", "a", False),
        ("", "b", False),
        ("a", "", False),
        ("123", "124", False),
        ("a", "12.0", False),
    ],
)
def test_only_named_batch_jobs_can_contradict(known: str, said: str, expected: bool) -> None:
    assert expected is batches_differ(known, said)


def test_a_job_left_for_recovery_takes_a_final_update_later(bench: Bench) -> None:
    bench.say(1, "holding")
    assert "NULL" == bench.say(1, "running").command
    assert ["the job is holding"] == bench.refusals()
    bench.say(1, "finished", xml=report(1))
    assert ["running", "holding", "finished"] == bench.path(1)[-3:]


def test_a_job_that_transfers_keeps_its_state_until_the_final_update(bench: Bench) -> None:
    bench.say(1, "transferring")
    assert "NULL" == bench.say(1, "transferring").command
    assert [] == bench.refusals()
    bench.say(1, "running")
    assert State.TRANSFERRING is bench.job(1).state
    bench.say(1, "finished", xml=report(1))
    assert ["transferring", "holding", "finished"] == bench.path(1)[-3:]


def test_a_merging_job_is_left_alone(bench: Bench) -> None:
    bench.job(1).state = State.MERGING
    assert "NULL" == bench.say(1, "running").command
    assert State.MERGING is bench.job(1).state


def test_with_a_slow_adder_a_job_holds_until_it_is_its_turn() -> None:
    bench = Bench(Policy(adder_delay_s=120.0))
    bench.server.define_job(spec(1))
    bench.run(1)
    assert "NULL" == bench.say(1, "finished", xml=report(1)).command
    assert (State.HOLDING, []) == (bench.job(1).state, bench.of("file.registered"))
    assert "alreadydone" == bench.say(1, "finished", xml=report(1)).command
    assert bench.dial.now + 120.0 == bench.server.next_deadline(bench.dial.now)
    bench.dial.now += 120.0
    assert [1] == bench.server.reap(bench.dial.now)
    assert State.FINISHED is bench.job(1).state


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("pilotErrorCode", "1150", 1150),
        ("pilotErrorCode", 1150, 1150),
        ("nEvents", "12.0", 12),
        ("nEvents", "many", "many"),
        ("nEvents", float("inf"), float("inf")),
        ("meanCoreCount", "7.5", 7.5),
        ("node", "12", "12"),
        ("totRCHAR", 2**60 + 1, 2**60 + 1),
    ],
)
def test_numbers_that_came_as_text_become_numbers(name: str, value: Any, expected: Any) -> None:
    assert expected == number(name, value)


def test_the_job_table_takes_no_numbers_that_are_none_and_cuts_long_texts() -> None:
    said = {"nEvents": "many", "pilotErrorDiag": "x" * 600, "xml": "{}", "jobId": 1, "node": "n"}
    assert {"pilotErrorDiag": "x" * 500, "node": "n"} == columns(said)


def test_the_journal_keeps_long_texts_whole(bench: Bench) -> None:
    bench.say(1, "running", pilotErrorDiag="x" * 600)
    assert 600 == len(bench.of("job.update")[-1]["fields"]["pilotErrorDiag"])
    assert 500 == len(bench.job(1).fields["pilotErrorDiag"])


def test_an_update_needs_a_number_for_its_job() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        read_update({"jobId": "one", "state": "running"})
