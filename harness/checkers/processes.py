"""No process of others touched, none of ours left.

A pilot may signal its own processes only. What is still alive when its batch job has ended is
its fault, unless it was killed without a word, or had sent SIGKILL to a process that would not
die. Read from incident INC-047 (the pilot killed the batch system's shell) and from
pilot3@a090538b:pilot/util/processes.py (kill_orphans takes every process whose parent is 1).
"""

from __future__ import annotations

import posixpath

from harness.checkers._copies import words_of
from harness.checkers._monitors import useless_monitors
from harness.checkers._registry import checker
from harness.checkers.exit_code import STOPPING
from harness.findings import Finding
from harness.findings import moment
from harness.record import KILL
from harness.record import Flight
from harness.record_fields import signal_name
from harness.record_fields import signal_number
from simkernel import Event

NAME = "processes"

# What a node answers to a signal for nobody: it hurts nobody.
NOBODY = "ESRCH"

Pid = tuple[str, int]


@checker(NAME, about="no process of others is signalled, none of the pilot's is left behind")
def processes(flight: Flight) -> list[Finding]:
    """Find signals to processes of others, and processes left when the pilot had ended."""
    pilots = flight.pilots()
    owners: dict[Pid, Event] = {}
    strange: dict[tuple[str, str, int], list[Event]] = {}
    for event in flight.of("process.start", "process.signal"):
        pid = (event.who, int(event["pid"]))
        if event.what == "process.start":
            owners[pid] = event
        elif event["by"] in pilots and _is_strange(event, owners.get(pid)):
            strange.setdefault((str(event["by"]), *pid), []).append(event)
    foreign = [_foreign(same, owners.get((who, pid))) for (_, who, pid), same in strange.items()]
    return foreign + _left(flight, pilots) + useless_monitors(flight, NAME)


def _is_strange(event: Event, start: Event | None) -> bool:
    if not signal_number(event["signal"]) or event.get("result") == NOBODY:
        return False
    return start is None or not _belongs(str(start.get("owner")), str(event["by"]))


def _belongs(owner: str, pilot: str) -> bool:
    # A batch slot made for one pilot is called after it: slot/pilot-1.
    return owner == pilot or owner.endswith((f"/{pilot}", f":{pilot}"))


def _foreign(signals: list[Event], start: Event | None) -> Finding:
    first = signals[0]
    owner = "unknown owner" if start is None else f"owner {start.get('owner')}"
    what = "" if start is None else f" ({_program(start)})"
    names = ", ".join(dict.fromkeys(signal_name(signal_number(e["signal"])) for e in signals))
    text = (
        f"{first['by']} sent {names} to process {first['pid']}{what} of {owner} on {first.who} "
        f"at {moment(first.t)}: {first.get('result') or 'result unknown'}"
    )
    witnesses = tuple(event.n for event in ([start] if start else []) + signals)
    return Finding(NAME, text, first.t, None, witnesses)


def _left(flight: Flight, pilots: list[str]) -> list[Finding]:
    killed = {
        (event.who, int(event["pid"]), event["by"])
        for event in flight.of("process.signal")
        if signal_number(event["signal"]) == KILL
    }
    findings = []
    for event in flight.of("node.left"):
        owner = str(event["owner"])
        tried = (event.who, int(event["pid"]), owner) in killed
        if owner in pilots and not tried and not _had_no_notice(flight, owner):
            text = (
                f"{owner} left process {event['pid']} ({_program(event)}) alive on {event.who} "
                f"when it had ended, at {moment(event.t)}"
            )
            findings.append(Finding(NAME, text, event.t, None, (event.n,)))
    return findings


def _had_no_notice(flight: Flight, pilot: str) -> bool:
    gone = flight.departures.get(pilot)
    if gone is None or not gone.killed:
        return False
    signals = [event for event in flight.of("batch.signal") if event["pilot"] == pilot]
    return not any(signal_number(event["signal"]) in STOPPING for event in signals)


def _program(event: Event) -> str:
    words = words_of(event.get("argv"))
    return posixpath.basename(words[0]) if words else "?"
