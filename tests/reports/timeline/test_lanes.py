"""What a journal's events become in the picture."""

from __future__ import annotations

from typing import Any

from reports.timeline import Bar
from reports.timeline import Lane
from reports.timeline import lanes_of

STATE = {"old": "sent", "by": "pilot-1", "reason": ""}
RUN = {"argv": ["/usr/bin/xrdcp", "a", "b"], "stderr": ""}


def drawn(*events: tuple[float, str, dict[str, Any]]) -> list[Lane]:
    """Return the lanes of *events*: time, kind and fields of each."""
    return lanes_of(
        {"t": at_s, "n": number, "what": what, **fields}
        for number, (at_s, what, fields) in enumerate(events)
    )


def spans(lane: Lane) -> list[tuple[float, float, str, str]]:
    """Return begin, end, label and tone of each bar of *lane*."""
    return [(each.begin_s, each.end_s, each.label, each.tone) for each in lane.bars]


def test_a_state_of_a_job_lasts_until_the_next_and_a_final_one_is_a_moment() -> None:
    (lane,) = drawn(
        (1.0, "job.state", {**STATE, "job": 6, "new": "running"}),
        (9.0, "job.state", {**STATE, "job": 6, "new": "failed", "reason": "1099"}),
        (20.0, "server.alarm", {}),
    )
    assert ("job 6", [(1.0, 9.0, "running", "busy"), (9.0, 9.0, "failed", "bad")]) == (
        lane.name,
        spans(lane),
    )
    assert "(1099)" in lane.bars[1].text


def test_what_has_not_ended_is_drawn_to_the_last_event() -> None:
    (lane,) = drawn(
        (5.0, "transfer.begin", {"id": 3, "tool": "dccp", "source": "a", "target": "b"}),
        (70.0, "flight.end", {}),
    )
    assert [(5.0, 70.0, "dccp", "busy")] == spans(lane)


def test_copies_that_overlap_are_told_apart_by_their_ids() -> None:
    begin, end = {"tool": "xrdcp", "source": "a", "target": "b"}, {"bytes": 1, "why": ""}
    (lane,) = drawn(
        (0.0, "transfer.begin", {**begin, "id": 1}),
        (1.0, "transfer.begin", {**begin, "id": 2}),
        (2.0, "transfer.end", {**end, "id": 2, "code": 54}),
        (3.0, "transfer.end", {**end, "id": 1, "code": 0}),
    )
    assert [(0.0, 3.0, "xrdcp", "good"), (1.0, 2.0, "xrdcp", "bad")] == spans(lane)


def test_a_program_is_drawn_if_it_took_time_or_failed() -> None:
    (lane,) = drawn(
        (10.0, "tool.run", {**RUN, "code": 0, "seconds": 0.1}),
        (10.0, "tool.run", {**RUN, "code": 0, "seconds": 4.0}),
        (11.0, "tool.run", {**RUN, "code": 51, "seconds": 0.1, "stderr": "no route\n"}),
    )
    assert [(6.0, 10.0, "xrdcp", "good"), (10.9, 11.0, "xrdcp", "bad")] == spans(lane)
    assert "code 51: no route" in lane.bars[1].text


def test_a_request_without_an_answer_is_bad_and_says_why() -> None:
    asked = {"host": "s", "port": 443, "method": "POST", "path": "/x", "endpoint": "update_job"}
    (lane,) = drawn(
        (0.0, "http.request", {**asked, "id": 1}),
        (2.0, "http.answer", {"id": 1, "status": 503}),
        (3.0, "http.request", {**asked, "id": 2}),
        (123.0, "http.lost", {"id": 2, "why": "timed out"}),
    )
    expected = [(0.0, 2.0, "update_job", "bad"), (3.0, 123.0, "update_job", "bad")]
    assert expected == spans(lane)
    assert "POST s:443/x: no answer, timed out" == lane.bars[1].text


def test_lanes_stand_in_a_fixed_order_with_pilots_below_jobs() -> None:
    lanes = drawn(
        (0.0, "fault.fired", {"do": "hang", "on": "tool.transfer", "call": 2}),
        (0.0, "pilot.start", {"pilot": "pilot-2"}),
        (0.0, "pilot.start", {"pilot": "pilot-1"}),
        (0.0, "job.state", {**STATE, "job": 6, "new": "sent"}),
        (1.0, "pilot.exit", {"pilot": "pilot-1", "code": 64, "signal": 0}),
    )
    assert ["job 6", "pilot-1", "pilot-2", "faults"] == [each.name for each in lanes]
    assert "bad" == lanes[1].bars[1].tone


def test_an_event_of_an_unknown_kind_is_passed_over() -> None:
    assert [] == drawn((0.0, "storage.write", {}))


def test_a_bar_knows_its_event() -> None:
    (lane,) = drawn((0.0, "x", {}), (1.0, "pilot.start", {"pilot": "p"}))
    assert [Bar(1.0, 1.0, "runs", "busy", "runs", 1)] == lane.bars
