"""The phase that each pilot is in, told from the journal alone.

A pilot's life is a table: (phase, sign) -> phase. A sign is what one event of the journal
means to one pilot. Whatever the table does not list leaves the phase as it is. Triggers
listen while the flight goes on; checkers feed a finished journal through the same table.

Not modelled: two jobs of one pilot at the same time (the later one would win).
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Callable
from typing import Iterable
from typing import Mapping

from simkernel import Event
from simkernel import Journal

END = "end"
PHASES = ("start", "get-job", "stage-in", "payload", "stage-out", "log", "final", END)

BATCH_STARTS = "batch starts it"
PILOT_STARTS = "pilot starts"
ASKS = "asks for a job"
GETS_JOB = "gets a job"
PAYLOAD_STARTS = "payload starts"
PAYLOAD_ENDS = "payload ends"
LOG_LEAVES = "log is transferred"
SAYS_FINAL = "final update"
GONE = "pilot is gone"

TRANSITIONS: Mapping[tuple[str, str], str] = {
    ("", BATCH_STARTS): "start",
    ("", PILOT_STARTS): "get-job",
    # The batch system starts the same pilot once more.
    (END, BATCH_STARTS): "start",
    (END, PILOT_STARTS): "get-job",
    ("start", PILOT_STARTS): "get-job",
    ("get-job", GETS_JOB): "stage-in",
    ("stage-in", PAYLOAD_STARTS): "payload",
    ("payload", PAYLOAD_ENDS): "stage-out",
    # A failed job goes to its log straight from where it failed.
    ("stage-in", LOG_LEAVES): "log",
    ("payload", LOG_LEAVES): "log",
    ("stage-out", LOG_LEAVES): "log",
    ("stage-in", SAYS_FINAL): "final",
    ("payload", SAYS_FINAL): "final",
    ("stage-out", SAYS_FINAL): "final",
    ("log", SAYS_FINAL): "final",
    ("final", ASKS): "get-job",
    ("final", GETS_JOB): "stage-in",
    ("start", GONE): END,
    ("get-job", GONE): END,
    ("stage-in", GONE): END,
    ("payload", GONE): END,
    ("stage-out", GONE): END,
    ("log", GONE): END,
    ("final", GONE): END,
}

SIGNS: Mapping[str, str] = {
    "batch.start": BATCH_STARTS,
    "pilot.start": PILOT_STARTS,
    "job.dispatched": GETS_JOB,
    "payload.start": PAYLOAD_STARTS,
    "payload.end": PAYLOAD_ENDS,
    "pilot.exit": GONE,
    "batch.end": GONE,
}

FINAL_STATES = ("finished", "failed", "holding", "cancelled", "closed")
LOG_FIELDS = ("log", "logFile", "log_file")


@dataclass(frozen=True, slots=True)
class Step:
    """One beginning of a phase: *pilot* enters *phase* at *t* (seconds), by event *n*."""

    t: float
    n: int
    pilot: str
    job: str
    phase: str


class Phases:
    """Follows every pilot through its phases, one event at a time."""

    def __init__(self) -> None:
        self._steps: dict[str, Step] = {}
        self._pilot_of: dict[str, str] = {}
        self._pilot_on: dict[str, str] = {}
        self._owner_of: dict[tuple[str, object], str] = {}
        self._log_of: dict[str, str] = {}
        self._listeners: list[Callable[[Step], None]] = []

    def listen(self, listener: Callable[[Step], None]) -> None:
        """Call *listener* at each beginning of a phase from now on."""
        self._listeners.append(listener)

    def step(self, pilot: str) -> Step | None:
        """Return the step by which *pilot* entered its present phase; None before the first."""
        return self._steps.get(pilot)

    def steps(self) -> tuple[Step, ...]:
        """Return the present step of every pilot, in the order in which they appeared."""
        return tuple(self._steps.values())

    def feed(self, event: Event) -> Step | None:
        """Take one *event*; return the step that it makes, if it makes one."""
        self._remember(event)
        job, pilot, sign = self._meaning(event)
        old = self._steps.get(pilot)
        phase = TRANSITIONS.get((old.phase if old else "", sign))
        if not pilot or phase is None:
            return None
        step = Step(event.t, event.n, pilot, job or (old.job if old else ""), phase)
        self._steps[pilot] = step
        for listener in self._listeners:
            listener(step)
        return step

    def _remember(self, event: Event) -> None:
        if event.what == "job.defined":
            self._log_of[_log_name(event)] = str(event["job"])
        elif event.what == "job.dispatched":
            self._pilot_of[str(event["job"])] = str(event["pilot"])
        elif event.what == "batch.submit":
            self._pilot_on[str(event.get("node"))] = str(event["pilot"])
        elif event.what == "process.start":
            self._owner_of[event.who, event["pid"]] = str(event["owner"])
        elif event.what == "process.exit":
            self._owner_of.pop((event.who, event["pid"]), None)

    def _meaning(self, event: Event) -> tuple[str, str, str]:
        """Return the job, the pilot and the sign of *event*; nothing where it has none."""
        job = str(event.get("job", ""))
        pilot = str(event.get("pilot", "")) or self._pilot_of.get(job, "")
        if event.what.startswith("payload."):
            return "", self._payloads_pilot(event) or pilot, SIGNS.get(event.what, "")
        if event.what in SIGNS:
            return job, pilot, SIGNS[event.what]
        if event.what == "job.update":
            return job, pilot, SAYS_FINAL if event["state"] in FINAL_STATES else ""
        if event.what == "http.request":
            return "", event.who, ASKS if event.get("endpoint") == "acquire_jobs" else ""
        if event.what == "transfer.begin":
            job = self._log_of.get(posixpath.basename(str(event.get("source", ""))), "")
            return job, self._pilot_of.get(job, ""), LOG_LEAVES
        return "", "", ""

    def _payloads_pilot(self, event: Event) -> str:
        # A node knows a payload by its key, which clones share. Whose process it is says more;
        # the process may be entered after it began, and then its node must do.
        owner = self._owner_of.get((event.who, event.get("pid")), "")
        return owner if owner in self._steps else self._pilot_on.get(event.who, "")


def phases_of(events: Iterable[Event]) -> tuple[Step, ...]:
    """Return every step of every pilot in a finished journal, in order."""
    phases = Phases()
    return tuple(step for step in map(phases.feed, events) if step is not None)


def follow(journal: Journal) -> Phases:
    """Return phases that follow *journal*, from its beginning and while it grows."""
    phases = Phases()
    for event in journal.events:
        phases.feed(event)
    journal.listen(lambda event: _heard(phases, event))
    return phases


def _heard(phases: Phases, event: Event) -> None:
    phases.feed(event)


def _log_name(event: Event) -> str:
    fields = event.get("fields") or {}
    return next((str(fields[name]) for name in LOG_FIELDS if fields.get(name)), "")
