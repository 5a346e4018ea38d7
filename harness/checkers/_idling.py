"""Pilots that hold a slot for nothing: with no work left, or with work that nobody wants.

Read from incidents INC-013 and INC-015 (threads that wait for each other when there is nothing
to do) and INC-059 (a pilot that does not notice that its job is lost).
"""

from __future__ import annotations

from harness.findings import Finding
from harness.findings import length
from harness.findings import moment
from harness.record import Attempt
from harness.record import Departure
from harness.record import Flight
from simkernel import Event

# pilot3 3.11.5.1 is gone half a minute after its last word; tools may need a minute to end.
IDLE_LIMIT_S = 300.0
# pilot3@a090538b:pilot/util/default.cfg (lost_heartbeat), and what a monitor and a payload that
# has to be ended may take: two heartbeats.
LOST_S = 10800.0
LOST_LIMIT_S = LOST_S + 3600.0


def idle_pilots(flight: Flight, name: str) -> list[Finding]:
    """Find pilots that did nothing for long before they left, having nothing left to do."""
    return [
        finding
        for pilot, departure in flight.departures.items()
        if not departure.killed and not _open_jobs(flight, pilot)
        for finding in _idle(flight, departure, name)
    ]


def _open_jobs(flight: Flight, pilot: str) -> bool:
    mine = [each for each in flight.attempts if each.pilot == pilot and each.received]
    return any(each.ended is None for each in mine)


def _idle(flight: Flight, departure: Departure, name: str) -> list[Finding]:
    end = departure.event
    last = _last_deed(flight, departure.pilot, end.n)
    if last is None or end.t - max(last.t, _wanted_until(flight, departure)) <= IDLE_LIMIT_S:
        return []
    text = (
        f"{departure.pilot} had nothing left to do, did nothing from {moment(last.t)} on and left "
        f"only at {moment(end.t)}, {length(end.t - last.t)} later (limit {length(IDLE_LIMIT_S)})"
    )
    return [Finding(name, text, end.t, None, (last.n, end.n))]


def _wanted_until(flight: Flight, departure: Departure) -> float:
    """Return until when a pilot may think that its last word on some job is still waited for.

    It may have tried all the time: a handshake that fails leaves nothing in the journal.
    """
    mine = [each for each in flight.attempts if each.pilot == departure.pilot and each.received]
    unsaid = [each for each in mine if not any(send.updates for send in each.finals)]
    heard = [send.t for each in unsaid for send in each.sends if send.updates]
    return max((*heard, *(each.begin.t for each in unsaid)), default=-LOST_LIMIT_S) + LOST_LIMIT_S


def _last_deed(flight: Flight, pilot: str, until_n: int) -> Event | None:
    """Return the last thing that *pilot* did or that came to it before the event *until_n*."""
    pids = {(e.who, e["pid"]) for e in flight.of("process.start") if e.get("owner") == pilot}
    deeds = (
        event
        for event in reversed(flight.events)
        if event.n < until_n
        and (
            event.who == pilot
            or pilot in (event.get("pilot"), event.get("owner"))
            or (event.who, event.get("pid")) in pids
        )
    )
    return next(deeds, None)


def work_for_nobody(flight: Flight, name: str) -> list[Finding]:
    """Find payloads that went on for long after the server had last taken an update."""
    return [
        finding
        for attempt in flight.attempts
        if attempt.received
        for finding in _unheard(flight, attempt, name)
    ]


def _unheard(flight: Flight, attempt: Attempt, name: str) -> list[Finding]:
    ends = [e for e in flight.of("payload.end") if flight.job_of(e["job"]) == attempt.job]
    for end in ends:
        sends = [send for send in attempt.sends if send.n < end.n]
        refused = [send for send in sends if not send.updates and send.closed_n is not None]
        heard_s = max([attempt.begin.t, *(send.t for send in sends if send.updates)])
        if refused and refused[-1].t > heard_s and end.t - heard_s > LOST_LIMIT_S:
            text = (
                f"{attempt.name}: the payload ran until {moment(end.t)}, {length(end.t - heard_s)} "
                f"after the last update that the server took; a job is lost after {length(LOST_S)}"
            )
            return [Finding(name, text, end.t, attempt.job, (refused[-1].n, end.n))]
    return []
