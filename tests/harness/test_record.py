"""A flight as checkers read it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from harness.record import Flight
from harness.record_fields import lfns
from harness.record_fields import number_of
from harness.record_fields import signal_name
from harness.record_fields import signal_number
from simkernel import HarnessError
from simkernel import Journal
from simkernel import declare
from tests.harness.journals import complete
from tests.harness.journals import done_s
from tests.harness.journals import healthy
from tests.harness.journals import story

PROBE = declare("test.record_probe", "word", about="a kind of event for this test alone")


def written() -> tuple[Journal, str]:
    """Return a journal of two events, and its text."""
    stream = io.StringIO()
    journal = Journal(lambda: 1.5, stream=stream)
    journal.open({"scenario": "probe", "seed": 3})
    for word in ("one", "two"):
        journal.emit(PROBE, who="world", word=word)
    return journal, stream.getvalue()


def test_a_journal_on_disk_becomes_a_flight(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text(written()[1])
    flight = Flight.read(path)
    assert ("probe", ["one", "two"]) == (
        flight.header["scenario"],
        [event["word"] for event in flight.of(PROBE)],
    )


def test_a_torn_last_line_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text(written()[1] + '{"t":2.0,"n":2,"who"')
    assert 2 == len(Flight.read(path).events)


def test_a_file_that_is_no_journal_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text("")
    with pytest.raises(HarnessError, match="no header"):
        Flight.read(path)


def test_a_journal_in_memory_becomes_the_same_flight(tmp_path: Path) -> None:
    journal, text = written()
    path = tmp_path / "events.jsonl"
    path.write_text(text)
    there, here = Flight.read(path), Flight.of_journal(journal)
    assert (there.header, there.events) == (here.header, here.events)


def test_events_of_several_kinds_come_in_order() -> None:
    flight = complete().flight()
    kinds = [event.what for event in flight.of("payload.end", "pilot.start", "payload.start")]
    assert ["pilot.start", "payload.start", "payload.end"] == kinds


def test_an_unknown_kind_has_no_events() -> None:
    assert [] == complete().flight().of("no.such")


# -- jobs


def test_a_job_knows_its_files() -> None:
    told = story().define(3, inFiles="a,b", outFiles="o1,o2,l.tgz", logFile="l.tgz")
    job = told.flight().job(3)
    assert (("o1", "o2"), "l.tgz") == (job.outputs, job.log)
    assert ("a", "b", "o1", "o2", "l.tgz") == job.files


def test_a_job_may_be_asked_for_by_number_or_by_text() -> None:
    flight = story().define(3).flight()
    assert flight.job(3) == flight.job("3")
    with pytest.raises(KeyError):
        flight.job(4)


def test_a_job_has_the_state_that_it_kept_and_when_it_got_it() -> None:
    job = complete().flight().jobs()[0]
    assert ("finished", done_s() + 5) == (job.state, job.ended_s)


def test_a_job_that_nobody_asked_for_stays_defined() -> None:
    job = story().define(1).flight().jobs()[0]
    assert ("defined", None, ()) == (job.state, job.ended_s, job.attempts)


def test_a_job_that_runs_has_not_ended() -> None:
    assert healthy().flight().jobs()[0].ended_s is None


@pytest.mark.parametrize(
    "names", [("pilotErrorCode", "pilotErrorDiag"), ("pilot_error_code", "pilot_error_diag")]
)
def test_a_job_tells_the_error_of_its_final_update(names: tuple[str, str]) -> None:
    error: dict[str, Any] = {names[0]: "1099", names[1]: "no file"}
    told = story().dispatch().update("failed", at=9, **error)
    job = told.flight().jobs()[0]
    assert (1099, "no file") == (job.pilot_error_code, job.pilot_error_diag)


@pytest.mark.parametrize("fields", [{"kind": "clone"}, {"cloneJob": "runonce"}])
def test_a_clone_is_known_by_its_kind_or_its_record(fields: dict[str, Any]) -> None:
    assert story().define(1, **fields).flight().jobs()[0].is_clone


def test_null_makes_no_clone() -> None:
    assert not story().define(1, cloneJob="NULL").flight().jobs()[0].is_clone


def test_a_payloads_key_means_its_job() -> None:
    flight = story().define(7, jobPars="-x --flightsim-job one/1 -y").flight()
    assert ("7", "7", "two/1") == (flight.job_of("one/1"), flight.job_of(7), flight.job_of("two/1"))


def test_a_key_of_several_jobs_means_none_of_them() -> None:
    told = (
        story()
        .define(7, jobPars="--flightsim-job one/1")
        .define(8, jobPars="--flightsim-job one/1")
    )
    flight = told.flight()
    assert ("one/1", ["7", "8"]) == (
        flight.job_of("one/1"),
        [job.job for job in flight.jobs_of_key("one/1")],
    )


# -- attempts and pilots


def test_each_dispatch_is_an_attempt_with_its_own_updates() -> None:
    told = story().dispatch(at=1).update("running", at=10).update("failed", at=20)
    told.dispatch(at=100, attempt=2).update("running", at=110)
    attempts = told.flight().attempts
    assert [(1, ["running", "failed"]), (2, ["running"])] == [
        (attempt.number, [send.state for send in attempt.sends]) for attempt in attempts
    ]


def test_an_attempt_knows_who_ended_its_job() -> None:
    told = story().dispatch(at=1).state("cancelled", at=50, by="user")
    ended = told.flight().attempts[0].ended
    assert ended is not None
    assert "user" == ended["by"]


def test_a_pilot_that_exits_is_not_killed() -> None:
    gone = complete().flight().departures["pilot-1"]
    assert (0, 0, False) == (gone.code, gone.signal, gone.killed)


@pytest.mark.parametrize("fields", [{"code": None, "signal": 9}, {"code": 137}, {"code": -9}])
def test_a_pilot_that_sigkill_ended_was_killed(fields: dict[str, Any]) -> None:
    assert story().pilot().leave(at=9, **fields).flight().departures["pilot-1"].killed


def test_a_pilot_that_just_vanished_was_killed() -> None:
    told = story().pilot().add("batch.end", at=9, pilot="pilot-1", code=None, reason="node died")
    assert told.flight().departures["pilot-1"].killed


def test_a_pilot_that_still_runs_has_no_departure() -> None:
    assert {} == healthy().flight().departures


def test_pilots_come_in_the_order_in_which_they_appear() -> None:
    assert ["pilot-2", "pilot-1"] == story().pilot("pilot-2").pilot("pilot-1").flight().pilots()


# -- the end


@pytest.mark.parametrize(
    ("reason", "over", "horizon"),
    [
        ("done", True, False),
        ("all pilots ended", True, False),
        ("horizon", False, True),
        ("horizon: 1d", False, True),
        ("interrupted", False, False),
        ("until: 3600", False, False),
        ("broken: escape", False, False),
    ],
)
def test_the_reason_says_how_far_the_flight_got(reason: str, over: bool, horizon: bool) -> None:
    flight = story().end(at=5, reason=reason).flight()
    assert (over, horizon) == (flight.is_over, flight.has_horizon)


def test_a_journal_that_breaks_off_is_not_over() -> None:
    flight = healthy().flight()
    assert (False, "") == (flight.is_over, flight.end_reason)


# -- fields


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("a,b", ("a", "b")),
        ("", ()),
        ("NULL", ()),
        (None, ()),
        (["a", "b"], ("a", "b")),
        ([{"lfn": "a", "size": 1}], ("a",)),
        ({"a": {"size": 1}, "b": {}}, ("a", "b")),
    ],
)
def test_file_names_are_read_in_any_form(value: object, names: tuple[str, ...]) -> None:
    assert names == lfns(value)


@pytest.mark.parametrize(("value", "number"), [(5, 5), ("5", 5), ("x", None), (None, None)])
def test_numbers_may_be_text(value: object, number: int | None) -> None:
    assert number == number_of(value)


@pytest.mark.parametrize("value", [15, "15", "SIGTERM", "term"])
def test_a_signal_has_a_number_and_a_name(value: object) -> None:
    assert (15, "SIGTERM") == (signal_number(value), signal_name(signal_number(value)))


@pytest.mark.parametrize("value", [None, "", 0, "none"])
def test_no_signal_is_0(value: object) -> None:
    assert 0 == signal_number(value)
