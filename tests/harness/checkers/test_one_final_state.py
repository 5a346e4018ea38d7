"""One final state per job, after its log."""

from __future__ import annotations

from harness.checkers.one_final_state import one_final_state
from harness.findings import Finding
from tests.harness.journals import SERVER
from tests.harness.journals import Story
from tests.harness.journals import complete
from tests.harness.journals import done_s
from tests.harness.journals import healthy
from tests.harness.journals import story
from tests.harness.journals import texts

DONE = done_s()


def found(told: Story) -> list[Finding]:
    return one_final_state(told.flight())


def test_one_final_state_after_the_log_is_right() -> None:
    assert [] == found(complete())


def test_a_pilot_that_ends_without_a_final_state_is_found() -> None:
    findings = found(healthy().leave(at=9000))
    assert ["job 1 on pilot-1: pilot-1 ended at 2:30:00 and never sent a final state"] == texts(
        findings
    )
    assert "1" == findings[0].job


def test_a_pilot_that_was_killed_is_not_blamed_for_the_missing_state() -> None:
    assert [] == found(healthy().signal("SIGKILL", at=8000).leave(at=8000, code=None, signal=9))


def test_a_pilot_need_not_end_a_job_that_the_user_ended() -> None:
    assert [] == found(healthy().state("cancelled", at=8000, by="user").leave(at=8100))


def test_a_lost_heartbeat_after_the_pilots_end_does_not_stand_for_its_word() -> None:
    told = healthy().leave(at=8000).state("failed", at=20000, by="reaper")
    assert ["job 1 on pilot-1: pilot-1 ended at 2:13:20 and never sent a final state"] == texts(
        found(told)
    )


def test_a_pilot_that_could_not_reach_the_server_at_its_end_has_tried_to_say_it() -> None:
    told = healthy().add("net.failed", who="pilot-1", at=8990, host=SERVER, port=25443, why="tls")
    assert [] == found(told.leave(at=9000))


def test_that_the_server_was_out_of_reach_long_before_is_no_excuse() -> None:
    told = healthy().add("net.failed", who="pilot-1", at=8000, host=SERVER, port=25443, why="tls")
    assert 1 == len(found(told.leave(at=9000)))


def test_a_job_whose_dispatch_was_lost_owes_nothing() -> None:
    assert [] == found(story().pilot().dispatch(reply="lost").leave(at=60))


def test_a_pilot_whose_final_update_the_world_lost_has_sent_it() -> None:
    assert [] == found(healthy().update("finished", at=DONE, reply="gone").leave(at=DONE + 300))


def test_two_different_final_states_are_a_contradiction() -> None:
    told = healthy().update("finished", at=DONE, reply="lost").final("failed", at=DONE + 120)
    assert ["job 1 on pilot-1: 'finished' sent at 2:01:20, then 'failed' at 2:03:20"] == texts(
        found(told)
    )


def test_a_lost_answer_may_be_asked_for_again() -> None:
    assert [] == found(
        healthy().update("finished", at=DONE, reply="lost").final("finished", at=DONE + 120)
    )


def test_an_answer_that_never_came_may_be_asked_for_again() -> None:
    assert [] == found(
        healthy().update("finished", at=DONE, reply="open").final("finished", at=DONE + 240)
    )


def test_an_answer_of_500_may_be_asked_for_again() -> None:
    assert [] == found(
        healthy().update("finished", at=DONE, reply="500").final("finished", at=DONE + 120)
    )


def test_an_answer_that_came_when_nobody_waited_any_more_may_be_asked_for_again() -> None:
    told = healthy().update("finished", at=DONE, took_s=140.0)
    assert [] == found(told.final("finished", at=DONE + 240))


def test_an_empty_answer_acknowledges_nothing() -> None:
    told = healthy().update("finished", at=DONE, answer={})
    assert [] == found(told.final("finished", at=DONE + 0.2))


def test_an_acknowledged_final_state_is_not_said_again() -> None:
    findings = found(healthy().final("finished", at=DONE).update("finished", at=DONE + 60))
    assert [
        (
            "job 1 on pilot-1: 1 more update(s) after the final 'finished' of 2:01:20 was "
            "acknowledged: 'finished' at 2:02:20"
        )
    ] == texts(findings)


def test_the_new_dialects_success_is_an_acknowledgement() -> None:
    answer = {"success": True, "message": "", "data": {"StatusCode": 0, "command": "NULL"}}
    told = healthy().update("finished", at=DONE, answer=answer).update("running", at=DONE + 60)
    assert 1 == len(found(told))


def test_the_new_dialects_time_out_is_none() -> None:
    answer = {"success": True, "message": "Timed out", "data": {"StatusCode": 10}}
    told = healthy().update("finished", at=DONE, answer=answer).update("finished", at=DONE + 60)
    assert [] == found(told)


def test_no_heartbeat_follows_an_acknowledged_final_state() -> None:
    findings = found(healthy().final("finished", at=DONE).update("running", at=DONE + 1000))
    assert ["'running' at 2:18:00"] == [text.rpartition(": ")[2] for text in texts(findings)]
    assert DONE + 1000 == findings[0].at_s


def test_two_threads_that_both_send_the_final_state_are_found() -> None:
    told = (
        healthy()
        .update("finished", at=DONE, took_s=3.0)
        .update("finished", at=DONE + 0.5, took_s=3.0)
    )
    assert [
        "job 1 on pilot-1: 'finished' sent again at 2:01:20 while the one of 2:01:20 was under way"
    ] == texts(found(told))


def test_who_has_been_told_to_stop_need_not_wait_for_a_slow_answer() -> None:
    def twice(told: Story, *, apart_s: float) -> list[Finding]:
        first = told.update("finished", at=DONE, took_s=90.0)
        return found(first.update("finished", at=DONE + apart_s))

    assert 1 == len(twice(healthy(), apart_s=10.0))
    assert [] == twice(healthy().signal("SIGTERM", at=DONE - 1), apart_s=10.0)
    assert 1 == len(twice(healthy().signal("SIGTERM", at=DONE - 1), apart_s=0.5))
    assert 1 == len(twice(healthy().signal("SIGTERM", at=DONE + 11), apart_s=10.0))


def test_a_final_state_before_the_log_is_found() -> None:
    told = story().pilot().dispatch().payload(at=60, until=600).final("finished", at=700)
    findings = found(told.store("log.1.tgz", at=800))
    assert [
        (
            "job 1 on pilot-1: final state 'finished' sent at 0:11:40 before the log log.1.tgz was "
            "stored (its copy began at 0:13:20)"
        )
    ] == texts(findings)


def test_a_final_state_without_any_attempt_at_the_log_is_found() -> None:
    told = story().pilot().dispatch().payload(at=60, until=600).final("finished", at=700)
    assert "(no copy was tried)" in found(told)[0].text


def test_a_log_that_could_not_be_stored_was_tried() -> None:
    told = story().pilot().dispatch().copy("log.1.tgz", at=600, until=650).final("failed", at=700)
    assert [] == found(told)


def test_a_copy_of_the_log_that_still_runs_does_not_count() -> None:
    told = story().pilot().dispatch().copy("log.1.tgz", at=600, until=None).final("failed", at=700)
    assert 1 == len(found(told))


def test_a_copy_tool_that_failed_at_once_was_an_attempt() -> None:
    told = story().pilot().dispatch()
    told.add("tool.run", who="n1", at=650, pid=5, argv=["dccp", "log.1.tgz", "dcap://x"], code=1)
    assert [] == found(told.final("failed", at=700))


def test_packing_the_log_is_no_attempt_to_store_it() -> None:
    told = story().pilot().dispatch()
    told.add("tool.run", who="n1", at=650, pid=5, argv=["tar", "cfz", "log.1.tgz"], code=0)
    assert 1 == len(found(told.final("failed", at=700)))


def test_a_log_that_could_not_be_made_need_not_be_stored() -> None:
    told = story().pilot().dispatch()
    assert [] == found(told.final("failed", at=700, pilotErrorCode=1320))


def test_a_job_without_log_needs_none() -> None:
    told = story().pilot().define(logFile="", outFiles="out.1").dispatch()
    assert [] == found(told.final("finished", at=700))


def test_two_final_states_on_the_server_are_found() -> None:
    told = complete().state("failed", at=DONE + 8, by="reaper")
    assert ["job 1 got a second final state, 'failed', at 2:01:28"] == texts(found(told))


def test_each_attempt_of_a_job_has_its_own_final_state() -> None:
    told = (
        healthy().final("failed", at=DONE).state("activated", at=DONE + 9, by="broker", attempt=2)
    )
    assert [] == found(told.state("failed", at=DONE + 99, by="reaper", attempt=2))


def test_the_log_of_an_earlier_attempt_does_not_count() -> None:
    told = healthy().final("failed", at=DONE).dispatch(at=DONE + 600, attempt=2)
    findings = found(told.update("failed", at=DONE + 900))
    assert ["job 1 on pilot-1: final state 'failed' sent at 2:16:20 before the log"] == [
        text.split(" log.")[0] for text in texts(findings)
    ]


def test_what_was_acknowledged_is_named_and_not_what_was_lost() -> None:
    told = healthy().update("finished", at=DONE, reply="lost").final("finished", at=DONE + 120)
    findings = found(told.update("running", at=DONE + 500))
    assert "after the final 'finished' of 2:03:20 was acknowledged" in findings[0].text
