"""An event range is finished once, by one job that has it, and only when its file is stored.

Read from the seed systems S13 and S15 (event service), and from
panda-server@9cc36033:taskbuffer/db_proxy_mods/task_event_module.py#L324, which believes what it is
told. What is said after the server has ended a job is not held against a pilot that cannot know.
"""

from __future__ import annotations

from typing import Iterator

from harness.checkers._places import name_of
from harness.checkers._registry import checker
from harness.findings import Finding
from harness.findings import moment
from harness.record import TERMINAL_STATES
from harness.record import Flight
from simkernel import Event

NAME = "event-ranges"


@checker(NAME, about="an event range is finished once, by who has it, and its file is stored")
def event_ranges(flight: Flight) -> list[Finding]:
    """Find ranges that are finished without a file, twice, or by a job that was not given them."""
    said = [event for event in _said(flight) if event["state"] == "finished"]
    return _without_file(flight, said) + _twice(said) + _of_others(flight, said)


def _said(flight: Flight) -> Iterator[Event]:
    """Yield what was said of ranges of jobs that had not ended."""
    ends = {
        str(event["job"]): event.n
        for event in flight.of("job.state")
        if event["new"] in TERMINAL_STATES
    }
    for event in flight.of("event.range_said"):
        if event.n < ends.get(str(event["job"]), event.n + 1):
            yield event


def _without_file(flight: Flight, said: list[Event]) -> list[Finding]:
    stored: dict[str, int] = {}
    for event in flight.of("storage.write"):
        stored.setdefault(name_of(str(event["path"])), event.n)
    findings = []
    for event in said:
        file = str(event["file"])
        if stored.get(file, event.n) >= event.n:
            where = f"its file {file} was not stored" if file else "nobody said in which file"
            findings.append(_finding(event, f"is finished, but {where}"))
    return findings


def _twice(said: list[Event]) -> list[Finding]:
    first: dict[str, Event] = {}
    findings = []
    for event in said:
        before = first.setdefault(_range_of(event), event)
        if before["job"] != event["job"]:
            words = f"is finished, as job {before['job']} had said at {moment(before.t)}"
            findings.append(_finding(event, words, before))
    return findings


def _of_others(flight: Flight, said: list[Event]) -> list[Finding]:
    given = {
        (str(event["job"]), str(name)): event.n
        for event in flight.of("event.ranges")
        for name in event["ranges"]
    }
    return [
        _finding(event, "is finished, which it was never given")
        for event in said
        if given.get((str(event["job"]), str(event["range"])), event.n) >= event.n
    ]


def _range_of(event: Event) -> str:
    """Return what a range is called whoever has it: task, file and number in the file."""
    task, _job, file, number, *_attempt = str(event["range"]).split("-")
    return f"{task}-{file}-{number}"


def _finding(event: Event, words: str, *others: Event) -> Finding:
    text = (
        f"job {event['job']} ({event['pilot']}) said at {moment(event.t)} that event range "
        f"{event['range']} {words}"
    )
    witnesses = (*(other.n for other in others), event.n)
    return Finding(NAME, text, event.t, str(event["job"]), witnesses)
