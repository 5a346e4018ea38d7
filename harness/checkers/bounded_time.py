"""Everything ends in bounded time: pilots, hanging copies, jobs that failed, pilots told to stop.

Read from pilot3@a090538b:pilot/copytool/common.py (get_timeout) and
pilot3@a090538b:pilot/workflow/generic.py (signals), the seed system P04 (a dccp hung, the pilot
hung with it) and the kill delays of batch systems.
"""

from __future__ import annotations

from harness.checkers._copies import copies
from harness.checkers._failures import first_failure
from harness.checkers._idling import idle_pilots
from harness.checkers._idling import work_for_nobody
from harness.checkers._registry import checker
from harness.checkers._spans import Span
from harness.checkers._spans import tool_runs
from harness.checkers._spans import transfers
from harness.checkers.exit_code import STOPPING
from harness.findings import Finding
from harness.findings import length
from harness.findings import moment
from harness.record import KILL
from harness.record import Flight
from harness.record import is_pilots_own
from harness.record_fields import signal_name
from harness.record_fields import signal_number
from simkernel import Event

NAME = "bounded-time"

# pilot3@a090538b:pilot/copytool/common.py (get_timeout): at most 3 h, however large the file.
COPY_LIMIT_S = 3 * 3600.0
# pilot3@a090538b:pilot/util/container.py: 22 s to kill what has timed out; the rest is grace.
COPY_TOLERANCE_S = 300.0
# As long as one more copy, the log's, may take; pilot3 itself waits 115 s before it says so.
FAILURE_LIMIT_S = 3 * 3600.0
# Slurm's KillWait (slurm.conf): with less notice than that nobody can tidy up.
NOTICE_FAIR_S = 30.0
# HTCondor's MachineMaxVacateTime: after that a batch system kills, if it ever does.
STOP_LIMIT_S = 600.0
NAMED_MAX = 3


@checker(NAME, about="pilots, failing copies and failed jobs come to an end in bounded time")
def bounded_time(flight: Flight) -> list[Finding]:
    """Find what never ended, or ended too late."""
    return (
        _stuck(flight)
        + _never_ended(flight)
        + _long_copies(flight)
        + _slow_failures(flight)
        + _slow_stops(flight)
        + idle_pilots(flight, NAME)
        + work_for_nobody(flight, NAME)
    )


def _stuck(flight: Flight) -> list[Finding]:
    return [
        Finding(
            NAME,
            f"{event.who} is stuck at {moment(event.t)}: {event['why']}",
            event.t,
            None,
            (event.n,),
        )
        for event in flight.of("guest.stuck")
        if is_pilots_own(event)
    ]


# -- pilots


def _never_ended(flight: Flight) -> list[Finding]:
    stuck = {event.who for event in flight.of("guest.stuck") if is_pilots_own(event)}
    begun: dict[str, Event] = {}
    for event in flight.of("batch.start", "pilot.start"):
        begun.setdefault(str(event["pilot"]), event)
    open_ones = [each for each in begun if each not in flight.departures and each not in stuck]
    if not open_ones or not (flight.is_over or flight.has_horizon):
        return []
    if flight.has_horizon:
        return [_at_horizon(flight, [begun[pilot] for pilot in open_ones])]
    fate = "in a deadlock: nothing would ever wake it" if flight.is_deadlock else "never ended"
    return [
        Finding(
            NAME,
            f"{_waiting(flight, pilot)}, since {moment(begun[pilot].t)}, {fate}",
            flight.end_s,
            None,
            (begun[pilot].n, *(e.n for e in flight.of("guest.stuck") if e.who == pilot)),
        )
        for pilot in open_ones
    ]


def _at_horizon(flight: Flight, begun: list[Event]) -> Finding:
    waits = "; ".join(_waiting(flight, str(event["pilot"])) for event in begun[:NAMED_MAX])
    more = f" and {len(begun) - NAMED_MAX} more" if len(begun) > NAMED_MAX else ""
    text = f"the flight reached its horizon at {moment(flight.end_s)} waiting for {waits}{more}"
    witnesses = (*(event.n for event in begun), flight.of("flight.end")[-1].n)
    return Finding(NAME, text, flight.end_s, None, witnesses)


def _waiting(flight: Flight, pilot: str) -> str:
    """Return what keeps *pilot*, in words: its job, its phase, its open processes."""
    jobs = [each for each in flight.attempts if each.pilot == pilot and not each.finals]
    phases = [step.phase for step in flight.steps() if step.pilot == pilot][-1:]
    keeps = [f"job {each.job} without a final state" for each in jobs]
    keeps += [f"in {phase}" for phase in phases]
    keeps += [
        f"{span.tool} (process {span.begin['pid']}) since {moment(span.begin.t)}"
        for span in tool_runs(flight)
        if span.end is None and span.owner == pilot
    ]
    return f"{pilot} ({', '.join(keeps)})" if keeps else pilot


# -- copies


def _long_copies(flight: Flight) -> list[Finding]:
    killed = [span for span in tool_runs(flight) if _was_killed_in_time(flight, span)]
    runs = [each for each in tool_runs(flight) if _is_too_long(flight, each)]
    moves = [span for span in transfers(flight) if _is_too_long(flight, span)]
    # A transfer within a run of its tool is the same thing, seen twice.
    alone = [move for move in moves if not any(_covers(run, move) for run in runs)]
    return [_long_copy(flight, span) for span in runs + alone if span not in killed]


def _was_killed_in_time(flight: Flight, span: Span) -> bool:
    """Tell whether its pilot sent it SIGKILL; a process that waits for a disk outlives that."""
    return any(
        event["pid"] == span.begin["pid"]
        and event["by"] == span.owner
        and signal_number(event["signal"]) == KILL
        and 0 <= event.t - span.begin.t <= COPY_LIMIT_S + COPY_TOLERANCE_S
        for event in flight.of("process.signal")
    )


def _end_s(flight: Flight, span: Span) -> float:
    gone = flight.departures.get(span.owner)
    if span.end is not None:
        return span.end.t
    return flight.end_s if gone is None else max(gone.event.t, span.begin.t)


def _is_too_long(flight: Flight, span: Span) -> bool:
    took = _end_s(flight, span) - span.begin.t
    return span.failed and took > COPY_LIMIT_S + COPY_TOLERANCE_S


def _covers(run: Span, move: Span) -> bool:
    last = run.end.n if run.end is not None else move.begin.n
    return run.tool == move.tool and run.begin.n <= move.begin.n <= last


def _long_copy(flight: Flight, span: Span) -> Finding:
    took = length(_end_s(flight, span) - span.begin.t)
    fate = "did not end" if span.end is None else f"failed at {moment(span.end.t)}"
    what = span.begin.get("source") or f"process {span.begin.get('pid')}"
    text = (
        f"{span.tool} ({what}) of {span.owner}, begun at {moment(span.begin.t)}, {fate}: {took} "
        f"where {length(COPY_LIMIT_S)} is the limit"
    )
    witnesses = (span.begin.n, *(event.n for event in [span.end] if event is not None))
    return Finding(NAME, text, span.begin.t + COPY_LIMIT_S, None, witnesses)


# -- failures


def _slow_failures(flight: Flight) -> list[Finding]:
    made = copies(flight)
    findings = []
    for job in flight.jobs():
        for attempt in job.attempts:
            final = next(iter(attempt.finals), None)
            if final is None or final.state != "failed":
                continue
            first = first_failure(flight, job, attempt, made=made, until_n=final.n)
            if first is not None and final.t - first[0].t > FAILURE_LIMIT_S:
                text = (
                    f"{attempt.name}: {first[1]} at {moment(first[0].t)}, but 'failed' was sent "
                    f"only at {moment(final.t)}, {length(final.t - first[0].t)} later (limit "
                    f"{length(FAILURE_LIMIT_S)})"
                )
                findings.append(Finding(NAME, text, final.t, job.job, (first[0].n, final.n)))
    return findings


# -- pilots that are told to stop


def _slow_stops(flight: Flight) -> list[Finding]:
    told: dict[str, Event] = {}
    kills: dict[str, Event] = {}
    for event in flight.of("batch.signal"):
        number = signal_number(event["signal"])
        if number in STOPPING:
            told.setdefault(str(event["pilot"]), event)
        elif number == KILL:
            kills.setdefault(str(event["pilot"]), event)
    found = [_slow_stop(flight, pilot, told[pilot], kills.get(pilot)) for pilot in told]
    return [finding for finding in found if finding is not None]


def _slow_stop(flight: Flight, pilot: str, told: Event, kill: Event | None) -> Finding | None:
    gone = flight.departures.get(pilot)
    was_killed = gone.killed if gone else kill is not None
    end = kill if was_killed and kill else gone.event if gone else flight.events[-1]
    took = end.t - told.t
    if was_killed and took >= NOTICE_FAIR_S:
        fate = f"had to be killed at {moment(end.t)}"
    elif not was_killed and took > STOP_LIMIT_S:
        fate = f"ended only at {moment(end.t)}" if gone else "did not end"
    else:
        return None
    name = signal_name(signal_number(told["signal"]))
    text = (
        f"{pilot} was told to stop at {moment(told.t)} ({name}, {told.get('reason')}) and {fate}, "
        f"{length(took)} later"
    )
    return Finding(NAME, text, end.t, None, (told.n, end.n))
