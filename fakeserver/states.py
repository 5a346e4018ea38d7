"""The states of a job and who may make which transition: one table, read by code and docs.

A rule of this file: nobody else decides whether a transition is legal. Read from
panda-server@9cc36033: taskbuffer/db_proxy_mods/job_complex_module.py (updateJobStatus, killJob,
archiveJob), dataservice/adder_gen.py, jobdispatcher/Watcher.py. Simplified: the real server keeps
no such table and lets a pilot's update take a job out of almost any active state; here an
update of a job that was never sent is refused. Not modelled: pending, stagein, stageout.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a job stands."""

    DEFINED = "defined"
    ASSIGNED = "assigned"
    WAITING = "waiting"
    ACTIVATED = "activated"
    THROTTLED = "throttled"
    SENT = "sent"
    STARTING = "starting"
    RUNNING = "running"
    TRANSFERRING = "transferring"
    HOLDING = "holding"
    MERGING = "merging"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    CLOSED = "closed"


class Actor(StrEnum):
    """Who makes a transition."""

    BROKER = "broker"
    DISPATCHER = "dispatcher"
    PILOT = "pilot"
    ADDER = "adder"
    REAPER = "reaper"
    USER = "user"
    CLONES = "clones"


@dataclass(frozen=True, slots=True)
class Rule:
    """From any of *old* to *new*, by any of *actors*."""

    old: tuple[State, ...]
    new: State
    actors: tuple[Actor, ...]
    about: str


QUEUED = (State.DEFINED, State.ASSIGNED, State.WAITING, State.ACTIVATED, State.THROTTLED)
WITH_PILOT = (State.SENT, State.STARTING, State.RUNNING)
AFTERWARDS = (State.HOLDING, State.TRANSFERRING)
FINAL = frozenset({State.FINISHED, State.FAILED, State.CANCELLED, State.CLOSED})

RULES = (
    Rule((State.DEFINED, State.WAITING), State.ASSIGNED, (Actor.BROKER,), "a queue is chosen"),
    Rule((State.DEFINED,), State.WAITING, (Actor.BROKER,), "an input is missing"),
    Rule((State.ASSIGNED, State.THROTTLED), State.ACTIVATED, (Actor.BROKER,), "inputs are there"),
    Rule(
        (State.ASSIGNED, State.ACTIVATED), State.THROTTLED, (Actor.BROKER,), "the user has too many"
    ),
    Rule(
        (State.ASSIGNED, State.WAITING, State.ACTIVATED, State.THROTTLED),
        State.DEFINED,
        (Actor.BROKER,),
        "reassigned: a queue is to be chosen anew",
    ),
    Rule((State.ACTIVATED,), State.SENT, (Actor.DISPATCHER,), "a pilot asked and got the job"),
    Rule((State.SENT,), State.STARTING, (Actor.PILOT,), "the pilot has begun"),
    Rule((State.SENT, State.STARTING), State.RUNNING, (Actor.PILOT,), "the payload runs"),
    Rule(WITH_PILOT, State.TRANSFERRING, (Actor.PILOT,), "the pilot still moves outputs"),
    Rule(
        (*WITH_PILOT, State.TRANSFERRING),
        State.HOLDING,
        (Actor.PILOT,),
        "the final update came, or the pilot left the job for recovery",
    ),
    Rule((State.HOLDING,), State.TRANSFERRING, (Actor.ADDER,), "outputs go to another site"),
    Rule((State.HOLDING,), State.MERGING, (Actor.ADDER,), "outputs wait to be merged"),
    Rule(
        (State.HOLDING, State.TRANSFERRING, State.MERGING),
        State.FINISHED,
        (Actor.ADDER,),
        "every output is registered",
    ),
    Rule(
        (State.HOLDING, State.TRANSFERRING, State.MERGING),
        State.FAILED,
        (Actor.ADDER,),
        "the pilot said so, or its report is not good",
    ),
    Rule(
        AFTERWARDS, State.CANCELLED, (Actor.ADDER,), "a job that was to be killed ended in failure"
    ),
    Rule((*WITH_PILOT, *AFTERWARDS), State.FAILED, (Actor.REAPER,), "no update for too long"),
    Rule(
        (*QUEUED, *WITH_PILOT, *AFTERWARDS, State.MERGING),
        State.CANCELLED,
        (Actor.USER,),
        "killed; a running job is only told so, unless it is of the event service",
    ),
    Rule(
        (*QUEUED, *WITH_PILOT, *AFTERWARDS),
        State.CLOSED,
        (Actor.CLONES,),
        "another consumer of the same events or another clone made it superfluous",
    ),
    Rule(QUEUED, State.CLOSED, (Actor.REAPER,), "no pilot came for too long"),
    Rule(
        (*QUEUED, *WITH_PILOT, *AFTERWARDS, State.MERGING),
        State.CLOSED,
        (Actor.USER,),
        "killed as superfluous: its task is done, or it is to run elsewhere",
    ),
)


def _table() -> dict[tuple[State, State], frozenset[Actor]]:
    table: dict[tuple[State, State], frozenset[Actor]] = {}
    for rule in RULES:
        for old in rule.old:
            known = table.get((old, rule.new), frozenset())
            table[old, rule.new] = known | frozenset(rule.actors)
    return table


TRANSITIONS = _table()


def allowed(old: State, new: State, *, actor: Actor) -> bool:
    """Tell whether *actor* may take a job from *old* to *new*."""
    return actor in TRANSITIONS.get((old, new), frozenset())


def diagram() -> str:
    """Return the table as the text of a Mermaid state diagram."""
    lines = ["stateDiagram-v2"]
    for (old, new), actors in sorted(TRANSITIONS.items()):
        lines.append(f"    {old} --> {new}: {', '.join(sorted(actors))}")
    return "\n".join(lines) + "\n"
