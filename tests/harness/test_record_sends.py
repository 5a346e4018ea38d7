"""What pilots sent, and what came back to them."""

from __future__ import annotations

from typing import Any

import pytest

from harness.record_sends import SURE_S
from harness.record_sends import Send
from harness.record_sends import dispatches_received
from tests.harness.journals import Story
from tests.harness.journals import story


def sends(told: Story) -> tuple[Send, ...]:
    """Return what the pilot of the first dispatch sent."""
    return told.flight().attempts[0].sends


def sent(**fields: object) -> Send:
    """Return one update that was sent with these peculiarities."""
    told = story().dispatch(at=1)
    return sends(told.update("running", at=10, **fields))[0]  # type: ignore[arg-type]


def received(told: Story) -> list[bool]:
    """Return for each dispatch whether it can have reached its pilot."""
    return [attempt.received for attempt in told.flight().attempts]


def test_an_answered_update_is_known_to_its_pilot() -> None:
    send = sent()
    assert send.known_n is not None
    assert (True, False) == (send.known_before(send.known_n + 1), send.known_before(send.n))


@pytest.mark.parametrize("reply", ["lost", "gone", "open", "500"])
def test_an_update_without_a_good_answer_is_not_known(reply: str) -> None:
    assert (None, None) == (sent(reply=reply).known_n, sent(reply=reply).taken_n)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        "<html>a=b</html>",
        {"StatusCode": 10},
        {"StatusCode": "30"},
        {"success": False, "message": "no"},
        {"success": True, "data": {"StatusCode": 10}},
    ],
)
def test_an_answer_that_does_not_say_yes_makes_nothing_known(answer: object) -> None:
    assert sent(answer=answer).known_n is None


@pytest.mark.parametrize(
    "answer",
    [{"StatusCode": 0}, {"StatusCode": "0"}, {"success": True, "data": {"command": "NULL"}}],
)
def test_both_dialects_say_yes_in_their_own_way(answer: object) -> None:
    assert sent(answer=answer).known_n is not None


def test_a_late_answer_is_taken_but_perhaps_not_heard() -> None:
    late = sent(took_s=SURE_S + 1)
    assert (True, None) == (late.taken_n is not None, late.known_n)


def test_an_update_belongs_to_the_request_that_brought_it() -> None:
    told = story().dispatch(at=1).update("running", at=10, reply="lost").update("running", at=130)
    assert [1, 1] == [len(send.updates) for send in sends(told)]


def test_a_request_that_is_served_after_it_was_given_up_stays_one() -> None:
    told = story().dispatch(at=1).update("running", at=10, reply="gone")
    told.add("job.update", at=150, job=1, pilot="pilot-1", state="running", fields={})
    assert [1] == [len(send.updates) for send in sends(told)]


def test_an_update_without_a_request_stands_for_one() -> None:
    told = story().add("job.dispatched", at=0, job=1, pilot="pilot-1", attempt=1)
    told.add("job.update", at=9, job=1, pilot="pilot-1", state="finished", fields={"jobId": 1})
    assert [(9.0, "finished", True)] == [(s.t, s.state, s.known_n == s.n) for s in sends(told)]


def test_the_new_dialects_fields_are_understood() -> None:
    told = story().dispatch(at=1)
    body = {"job_id": 1, "job_status": "failed"}
    known = {"id": 99, "endpoint": "update_job", "fields": body}
    told.add("http.request", who="pilot-1", at=5, **known)
    assert [("1", "failed", True)] == [(s.job, s.state, s.is_final) for s in sends(told)]


def test_a_job_that_came_with_its_answer_was_received() -> None:
    assert [True] == received(story().dispatch())


@pytest.mark.parametrize("reply", ["lost", "open", "500"])
def test_a_job_whose_answer_did_not_come_was_not_received(reply: str) -> None:
    assert [False] == received(story().dispatch(reply=reply))


def test_a_job_that_its_pilot_speaks_of_was_received() -> None:
    assert [True] == received(story().dispatch(reply="lost").update("starting", at=9))


def test_a_job_dispatched_when_nobody_waits_any_more_was_not_received() -> None:
    told = story().dispatch(1, at=0).update("starting", at=1)
    told.add("job.dispatched", at=300, job=2, pilot="pilot-1", attempt=1)
    assert [True, False] == received(told)


def test_a_job_whose_answer_a_fault_spoilt_was_not_received() -> None:
    told = story().add("fault.fired", at=0, fault="1/html", on="server.acquire_jobs", do="html")
    assert [True] == received(told.dispatch(at=1))
    told = story().dispatch(at=1)
    asked = told.flight().of("http.request")[0]
    fault = {"fault": "1/html", "on": "server.acquire_jobs", "do": "html", "call": 1}
    again = story().add("http.request", who="pilot-1", at=1, **asked.data)
    again.add("fault.fired", who="pilot-1", at=1, **fault)
    again.add("job.dispatched", at=1, job=1, pilot="pilot-1", attempt=1)
    again.add("http.answer", who="pilot-1", at=1, id=asked["id"], status=200, fields="<html>")
    assert [False] == received(again)


def test_of_two_jobs_handed_out_the_one_in_the_answer_was_received() -> None:
    told = story().add("http.request", who="pilot-1", id=5, endpoint="acquire_jobs", fields={})
    for job in (1, 2):
        told.add("job.dispatched", job=job, pilot="pilot-1", attempt=1)
    answer = {"success": True, "data": {"jobs": [{"PandaID": 2}]}}
    told.add("http.answer", who="pilot-1", at=1, id=5, status=200, fields=answer)
    assert [False, True] == received(told)


def test_a_job_of_a_pilot_without_a_network_was_received() -> None:
    assert [True] == received(story().add("job.dispatched", job=1, pilot="pilot-1", attempt=1))


def test_an_error_page_with_a_good_status_code_inside_is_no_success() -> None:
    told = (
        story()
        .dispatch(at=1)
        .add("http.request", who="pilot-1", at=5, id=9, endpoint="update_job", fields={"jobId": 1})
    )
    told.add("http.answer", who="pilot-1", at=6, id=9, status=500, fields={"StatusCode": 0})
    assert [None] == [send.known_n for send in sends(told)]


@pytest.mark.parametrize(
    "fields", [{"endpoint": "get_job_status", "fields": {"jobId": 1}}, {"endpoint": "update_job"}]
)
def test_other_requests_are_no_updates(fields: dict[str, Any]) -> None:
    told = story().dispatch(at=1).add("http.request", who="pilot-1", at=5, id=9, **fields)
    assert () == sends(told)


@pytest.mark.parametrize(
    ("on", "do", "arrives"),
    [
        ("server.acquire_jobs", "html", False),
        ("server.*", "garbage", False),
        ("server.acquire_jobs", "delay", True),
        ("server.acquire_jobs", "duplicate", True),
        ("tool.dccp", "hang", True),
    ],
)
def test_a_job_arrives_unless_a_fault_spoilt_its_answer(on: str, do: str, arrives: bool) -> None:
    told = story().add("http.request", who="pilot-1", id=5, endpoint="acquire_jobs", fields={})
    told.add("fault.fired", who="pilot-1", fault="1/x", on=on, do=do, call=1)
    told.add("job.dispatched", job=1, pilot="pilot-1", attempt=1)
    told.add("http.answer", who="pilot-1", at=1, id=5, status=200, fields={"PandaID": 1})
    assert [arrives] == received(told)


def test_a_job_whose_answer_took_too_long_may_have_found_nobody() -> None:
    told = story().add("http.request", who="pilot-1", id=5, endpoint="acquire_jobs", fields={})
    told.add("job.dispatched", job=1, pilot="pilot-1", attempt=1)
    late = {"id": 5, "status": 200, "fields": {"PandaID": 1}}
    told.add("http.answer", who="pilot-1", at=SURE_S + 1, **late)
    assert [False] == received(told)


def test_a_repeat_that_comes_twice_is_two_updates_of_its_own() -> None:
    told = story().dispatch(at=1).update("running", at=10, reply="lost").update("running", at=130)
    told.add("job.update", at=200, job=1, pilot="pilot-1", state="running", fields={"jobId": 1})
    assert [10.0, 130.0, 200.0] == [send.t for send in sends(told)]


def test_a_job_of_a_request_that_took_effect_twice_does_not_arrive() -> None:
    told = story().pilot().define(1)
    number = told._ask("acquire_jobs", {"siteName": "Q"}, at=10)
    told.add("job.dispatched", at=10, job=1, pilot="pilot-1", attempt=1)
    told._reply(number, {"StatusCode": 20, "errorDialog": "no jobs"}, at=10, reply="yes")
    (received,) = dispatches_received(told.flight().events).values()
    assert received is False


def test_what_is_taken_while_a_request_hangs_is_not_that_request() -> None:
    told = story().dispatch(at=1).update("running", at=10, reply="hang")
    hung, heard = sends(told.update("running", at=1810))
    assert ((), 1) == (hung.updates, len(heard.updates))
