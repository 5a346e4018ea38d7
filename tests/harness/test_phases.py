"""Telling from a journal which phase each pilot is in."""

from __future__ import annotations

from typing import Any

import pytest

import fakeserver.events
import fakesites.events
import fakesites.site_events
import harness.events
from harness.phases import PHASES
from harness.phases import SIGNS
from harness.phases import TRANSITIONS
from harness.phases import Phases
from harness.phases import follow
from harness.phases import phases_of
from simkernel import Event
from simkernel import Journal
from simkernel.journal import CATALOGUE

assert fakeserver.events
assert fakesites.events
assert fakesites.site_events
assert harness.events

PILOT = {"pilot": "pilot-1"}
JOB = {"job": "7"}
DEFINED = ("job.defined", {**JOB, "kind": "production", "fields": {"logFile": "log.tgz"}})
TAKEN = ("job.dispatched", {**JOB, **PILOT, "attempt": 1})
BEGUN = (("batch.start", PILOT), ("pilot.start", PILOT), TAKEN)
RUN = (("payload.start", {**JOB, "pid": 4001}), ("payload.end", {**JOB, "pid": 4001, "code": 0}))
ASKED = ("http.request", {"id": 1, "endpoint": "acquire_jobs"})
DONE = ("job.update", {**JOB, **PILOT, "state": "finished"})
GONE = (("pilot.exit", PILOT), ("batch.end", PILOT))


def copied(source: str) -> tuple[str, dict[str, Any]]:
    return "transfer.begin", {"id": 1, "tool": "mv", "source": source, "target": "x"}


def events(*lines: tuple[str, dict[str, Any]], who: str = "pilot-1") -> list[Event]:
    return [Event(float(n), n, who, what, data) for n, (what, data) in enumerate(lines)]


def path(*lines: tuple[str, dict[str, Any]]) -> list[str]:
    return [step.phase for step in phases_of(events(*lines))]


def test_a_whole_life_goes_through_every_phase_once() -> None:
    life = [DEFINED, *BEGUN, *RUN, copied("/srv/work/log.tgz"), DONE, *GONE]
    assert list(PHASES) == path(*life)


def test_a_job_without_a_log_goes_straight_to_its_end() -> None:
    expect = ["start", "get-job", "stage-in", "payload", "stage-out", "final", "end"]
    assert expect == path(*BEGUN, *RUN, DONE, *GONE)


def test_a_failed_stage_in_goes_to_the_log() -> None:
    life = [DEFINED, *BEGUN, copied("/srv/work/log.tgz"), DONE]
    assert path(*life) == ["start", "get-job", "stage-in", "log", "final"]


def test_only_the_log_is_the_log() -> None:
    life = [DEFINED, *BEGUN, *RUN, copied("/srv/work/out.dat")]
    assert path(*life)[-1] == "stage-out"


def test_heartbeats_change_nothing() -> None:
    heartbeat = ("job.update", {**JOB, **PILOT, "state": "running"})
    assert path(*BEGUN, *RUN) == path(*BEGUN, heartbeat, *RUN, heartbeat)


def test_the_second_job_begins_with_asking() -> None:
    again = [ASKED, TAKEN, RUN[0]]
    expect = ["final", "get-job", "stage-in", "payload"]
    assert expect == path(*BEGUN, *RUN, DONE, *again)[-4:]


def test_asking_in_any_other_phase_changes_nothing() -> None:
    assert path(*BEGUN, *RUN) == path(*BEGUN[:2], ASKED, BEGUN[2], ASKED, *RUN)


def test_a_pilot_without_a_batch_system_begins_by_asking_for_a_job() -> None:
    assert path(*BEGUN[1:]) == ["get-job", "stage-in"]


@pytest.mark.parametrize("length", range(1, 8))
def test_a_pilot_may_end_in_any_phase(length: int) -> None:
    life = [*BEGUN, *RUN, DONE, ASKED][:length]
    assert path(*life, GONE[1])[-1] == "end"


def test_the_end_is_the_end_unless_the_batch_system_starts_it_again() -> None:
    once = path(*BEGUN, *GONE)
    assert once == path(*BEGUN, *GONE, TAKEN, *RUN, DONE, *GONE)
    assert [*once, *once] == path(*BEGUN, *GONE, *BEGUN, *GONE)


def test_a_step_says_who_when_and_by_which_event() -> None:
    step = phases_of(events(*BEGUN, *RUN))[3]
    assert (
        step.pilot,
        step.job,
        step.phase,
        step.t,
        step.n,
    ) == ("pilot-1", "7", "payload", 3.0, 3)


def test_two_pilots_have_phases_of_their_own() -> None:
    other = {"pilot": "pilot-2"}
    phases = Phases()
    second = [("pilot.start", other), ("job.dispatched", {"job": "8", **other})]
    for event in events(*BEGUN, *second, RUN[0]):
        phases.feed(event)
    present = [(step.pilot, step.phase, step.job) for step in phases.steps()]
    assert present == [("pilot-1", "payload", "7"), ("pilot-2", "stage-in", "8")]
    assert phases.step("pilot-3") is None


def test_a_job_that_is_taken_over_belongs_to_its_last_pilot() -> None:
    other = {"pilot": "pilot-2"}
    taken = [("pilot.start", other), ("job.dispatched", {**JOB, **other})]
    steps = phases_of(events(*BEGUN, *taken, RUN[0]))
    assert (steps[-1].pilot, steps[-1].phase) == ("pilot-2", "payload")


def test_a_payload_is_known_by_its_node_where_its_name_is_a_key_that_clones_share() -> None:
    lines = []
    for pilot, node, job in (("pilot-1", "wn001", "7"), ("pilot-2", "wn002", "8")):
        lines += [
            Event(0.0, 0, "Q", "batch.submit", {"pilot": pilot, "node": node}),
            Event(0.0, 0, pilot, "pilot.start", {"pilot": pilot}),
            Event(0.0, 0, "server", "job.dispatched", {"job": job, "pilot": pilot}),
        ]
    lines.append(Event(9.0, 9, "wn002", "payload.start", {"job": "clone/1", "pid": 4001}))
    last = phases_of(lines)[-1]
    assert (last.pilot, last.job, last.phase) == ("pilot-2", "8", "payload")


def test_a_payload_is_known_by_its_process_where_two_pilots_share_a_node() -> None:
    lines = []
    for pilot, job in (("pilot-1", "7"), ("pilot-2", "8")):
        lines += [
            Event(0.0, 0, "Q", "batch.submit", {"pilot": pilot, "node": "wn001"}),
            Event(0.0, 0, pilot, "pilot.start", {"pilot": pilot}),
            Event(0.0, 0, "server", "job.dispatched", {"job": job, "pilot": pilot}),
        ]
    process = {"pid": 4001, "owner": "pilot-1"}
    lines.append(Event(9.0, 9, "wn001", "process.start", process))
    begin = Event(9.0, 10, "wn001", "payload.start", {"job": "first-job/1", "pid": 4001})
    last = phases_of([*lines, begin])[-1]
    assert (last.pilot, last.job, last.phase) == ("pilot-1", "7", "payload")
    gone = Event(9.0, 9, "wn001", "process.exit", process)
    assert phases_of([*lines, gone, begin])[-1].pilot == "pilot-2"


def test_an_event_of_an_unknown_job_changes_nothing() -> None:
    assert path(*RUN, DONE, copied("x")) == []


def test_a_listener_hears_each_beginning() -> None:
    heard: list[str] = []
    phases = Phases()
    phases.listen(lambda step: heard.append(step.phase))
    for event in events(*BEGUN):
        phases.feed(event)
    assert heard == ["start", "get-job", "stage-in"]


def test_a_journal_is_followed_from_its_beginning_and_while_it_grows() -> None:
    journal = Journal(lambda: 5.0)
    journal.emit("pilot.start", who="pilot-1", pilot="pilot-1", argv=[], cwd="/")
    phases = follow(journal)
    journal.emit("job.dispatched", who="server", job=7, pilot="pilot-1", attempt=1)
    step = phases.step("pilot-1")
    assert step is not None
    assert (step.phase, step.n, step.job) == ("stage-in", 1, "7")


def test_the_table_knows_only_phases_and_reaches_each() -> None:
    assert set(PHASES) == set(TRANSITIONS.values())
    # The batch system may start a pilot once more, after its end.
    assert {"", *PHASES} == {phase for phase, _ in TRANSITIONS}


def test_the_events_that_are_listened_to_exist() -> None:
    others = ("http.request", "transfer.begin", "batch.submit", "process.start", "process.exit")
    told = ("job.defined", "job.update", *SIGNS, *others)
    assert [what for what in told if what not in CATALOGUE] == []
