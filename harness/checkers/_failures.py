"""What went wrong for a job first, as its pilot could see it."""

from __future__ import annotations

from harness.checkers._copies import Copy
from harness.record import Attempt
from harness.record import Flight
from harness.record import JobView
from harness.record_fields import mapping
from simkernel import Event

KILL_COMMAND = "tobekilled"


def first_failure(
    flight: Flight, job: JobView, attempt: Attempt, *, made: dict[str, list[Copy]], until_n: int
) -> tuple[Event, str] | None:
    """Return the event after which *attempt* could only fail, and what it says; None if none.

    A failed copy counts only if no later copy of the same file succeeded.
    """
    failures = _payload(flight, job) + _commands(flight, attempt)
    for lfn in job.files:
        failures += _copies_given_up(lfn, made.get(lfn, []), until_n=until_n)
    window = [each for each in failures if attempt.begin.n < each[0].n < until_n]
    return min(window, key=lambda each: each[0].n, default=None)


def _payload(flight: Flight, job: JobView) -> list[tuple[Event, str]]:
    return [
        (event, f"the payload ended with code {event.get('code')}")
        for event in flight.of("payload.end")
        if flight.job_of(event["job"]) == job.job and (event.get("code") or event.get("signal"))
    ]


def _commands(flight: Flight, attempt: Attempt) -> list[tuple[Event, str]]:
    closings = {send.closed_n for send in attempt.sends}
    return [
        (event, f"the server said {KILL_COMMAND}")
        for event in flight.of("http.answer")
        if event.n in closings and KILL_COMMAND in _command(event)
    ]


def _command(answer: Event) -> str:
    fields = mapping(answer.get("fields"))
    return str(fields.get("command") or mapping(fields.get("data")).get("command") or "")


def _copies_given_up(lfn: str, made: list[Copy], *, until_n: int) -> list[tuple[Event, str]]:
    # What storage wrote is left out: a copy that was cut leaves a partial file there.
    ended = [
        (copy.end, copy.code)
        for copy in made
        if copy.end is not None and copy.end.n < until_n and copy.begin.what != "storage.write"
    ]
    ended.sort(key=lambda each: each[0].n)
    given_up: list[tuple[Event, str]] = []
    for end, code in ended:
        given_up = [*given_up, (end, f"the copy of {lfn} failed with code {code}")] if code else []
    return given_up[:1]
