"""A flight as checkers read it: its events, arranged by kind, by job and by attempt.

Pure data, built once from a journal. It says what each pilot *sent* (a request that the world
lost is still a request), what the server accepted, and when a pilot knew that it did.
Not modelled: a pilot's name used twice (its second life would count as the first).
"""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any
from typing import Mapping

from harness.phases import Step
from harness.phases import phases_of
from harness.record_fields import EMPTY
from harness.record_fields import first_word
from harness.record_fields import lfns
from harness.record_fields import mapping
from harness.record_fields import number_of
from harness.record_fields import signal_number
from harness.record_fields import value_of
from harness.record_sends import FINAL_STATES
from harness.record_sends import Send
from harness.record_sends import dispatches_received
from harness.record_sends import sends_in
from simkernel import Event
from simkernel import Journal
from simkernel import read_journal

# What the server keeps for good (panda-server@9cc3603:pandaserver/taskbuffer/db_proxy_mods/
# job_standalone_module.py, "skip if in final state").
TERMINAL_STATES = ("finished", "failed", "cancelled", "closed")

# Reasons of flight.end, up to the first colon or blank. Any other is a natural end; a deadlock is
# one too: nothing would ever have happened any more.
END_HORIZON = "horizon"
END_DEADLOCK = "deadlock"
END_CUT_SHORT = ("interrupted", "until", "stopped", "stuck")
END_OURS = ("broken", "harness", "error")
# Reasons of guest.stuck (first word) that are the pilot's own doing, and those that are nobody's
# (its stacks were asked for); any other is ours.
STUCK_PILOT = ("deadlock", "busy", "limit")
STUCK_NOT = ("asked",)

KILL = int(signal.SIGKILL)
KILL_CODES = (-KILL, 128 + KILL)

KEY = re.compile(r"--flightsim-job[ =]+'?\"?([^\s'\"]+)")
SEND_KINDS = (
    "fault.fired",
    "http.answer",
    "http.lost",
    "http.request",
    "job.dispatched",
    "job.update",
)


@dataclass(frozen=True, slots=True)
class Departure:
    """The end of a pilot; *killed* says that it was not the pilot's own doing."""

    pilot: str
    event: Event
    code: int | None
    signal: int
    killed: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """One dispatch of a job to a pilot, and what that pilot did about it.

    *received* is False if the answer with the job in it never reached the pilot. *ended* is
    the first terminal state that the server gave the job afterwards, whoever caused it.
    """

    job: str
    number: int
    pilot: str
    begin: Event
    sends: tuple[Send, ...]
    received: bool
    ended: Event | None
    departure: Departure | None

    @property
    def finals(self) -> tuple[Send, ...]:
        """The final updates that the pilot sent, repeats included."""
        return tuple(send for send in self.sends if send.is_final)

    @property
    def name(self) -> str:
        """The attempt in words: the job and the pilot."""
        return f"job {self.job} on {self.pilot}"


@dataclass(frozen=True, slots=True)
class JobView:
    """One job: its definition, its events in order, its attempts."""

    job: str
    kind: str
    fields: Mapping[str, Any]
    events: tuple[Event, ...]
    attempts: tuple[Attempt, ...]

    def of(self, kind: str) -> list[Event]:
        """Return the events of one *kind* that name this job."""
        return [event for event in self.events if event.what == kind]

    @property
    def state(self) -> str:
        """The state that the server had for the job at the end."""
        states = self.of("job.state")
        return str(states[-1]["new"]) if states else "defined"

    @property
    def ended_s(self) -> float | None:
        """When the job got the state that it kept, if that is a terminal one."""
        states = self.of("job.state")
        return states[-1].t if states and self.state in TERMINAL_STATES else None

    @property
    def log(self) -> str:
        """The lfn of the job's log; empty if it has none."""
        return next(iter(lfns(value_of(self.fields, "log"))), "")

    @property
    def outputs(self) -> tuple[str, ...]:
        """The lfns of the job's outputs, without the log."""
        return tuple(lfn for lfn in lfns(value_of(self.fields, "outputs")) if lfn != self.log)

    @property
    def files(self) -> tuple[str, ...]:
        """Every lfn of the job: inputs, outputs, log."""
        log = (self.log,) if self.log else ()
        return lfns(value_of(self.fields, "inputs")) + self.outputs + log

    @property
    def is_clone(self) -> bool:
        """Tell whether the job is one of several that do the same work."""
        return self.kind == "clone" or value_of(self.fields, "clone") not in EMPTY

    @property
    def pilot_error_code(self) -> int:
        """The pilotErrorCode of the last final update that the server accepted; 0 if none."""
        return number_of(value_of(self.last_words, "pilotErrorCode")) or 0

    @property
    def pilot_error_diag(self) -> str:
        """The pilotErrorDiag that came with it."""
        return str(value_of(self.last_words, "pilotErrorDiag") or "")

    @property
    def last_words(self) -> Mapping[str, Any]:
        """The fields of that update, whichever pilot sent it."""
        updates = [event for event in self.of("job.update") if event["state"] in FINAL_STATES]
        return mapping(updates[-1].get("fields")) if updates else {}


@dataclass(frozen=True, slots=True, eq=False)
class Flight:
    """Everything that a journal says about one flight."""

    header: Mapping[str, Any]
    events: tuple[Event, ...]
    departures: Mapping[str, Departure] = field(init=False, repr=False)
    attempts: tuple[Attempt, ...] = field(init=False, repr=False)
    _kinds: dict[str, list[Event]] = field(init=False, repr=False)
    _jobs: dict[str, list[Event]] = field(init=False, repr=False)
    _keys: dict[str, list[str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        kinds: dict[str, list[Event]] = {}
        jobs: dict[str, list[Event]] = {}
        for event in self.events:
            kinds.setdefault(event.what, []).append(event)
            if event.get("job") is not None and event.what.startswith(("job.", "file.")):
                jobs.setdefault(str(event["job"]), []).append(event)
        object.__setattr__(self, "_kinds", kinds)
        object.__setattr__(self, "_jobs", jobs)
        object.__setattr__(self, "_keys", _jobs_of_keys(self))
        object.__setattr__(self, "departures", _departures(self))
        object.__setattr__(self, "attempts", _attempts(self))

    @classmethod
    def read(cls, path: Path) -> Flight:
        """Return the flight of the journal at *path*. Raises HarnessError if it is damaged."""
        header, events = read_journal(path)
        return cls(header, tuple(events))

    @classmethod
    def of_journal(cls, journal: Journal) -> Flight:
        """Return the flight that *journal* holds in memory."""
        return cls(dict(journal.header), tuple(journal.events))

    def of(self, *kinds: str) -> list[Event]:
        """Return the events of these *kinds*, in order."""
        if len(kinds) == 1:
            return list(self._kinds.get(kinds[0], ()))
        return [event for event in self.events if event.what in kinds]

    def events_of(self, job: str) -> list[Event]:
        """Return the server's events about one *job*."""
        return list(self._jobs.get(job, ()))

    def jobs(self) -> list[JobView]:
        """Return every job that was defined, dispatched or spoken of, in that order."""
        mine: dict[str, list[Attempt]] = {}
        for attempt in self.attempts:
            mine.setdefault(attempt.job, []).append(attempt)
        return [self._job(job, mine.get(job, [])) for job in self._jobs]

    def job(self, job: object) -> JobView:
        """Return one job by its number. Raises KeyError if the journal does not know it."""
        attempts = [attempt for attempt in self.attempts if attempt.job == str(job)]
        return self._job(str(job), attempts)

    def _job(self, job: str, attempts: list[Attempt]) -> JobView:
        events = tuple(self._jobs[job])
        defined = next((event for event in events if event.what == "job.defined"), None)
        kind = "" if defined is None else str(defined.get("kind", ""))
        fields = {} if defined is None else mapping(defined.get("fields"))
        return JobView(job, kind, fields, events, tuple(attempts))

    @property
    def end_s(self) -> float:
        """The instant of the last event, in virtual seconds."""
        return self.events[-1].t if self.events else 0.0

    @property
    def end_reason(self) -> str:
        """Why the flight ended; empty if the journal breaks off before that."""
        ends = self.of("flight.end")
        return str(ends[-1].get("reason", "")) if ends else ""

    @property
    def has_horizon(self) -> bool:
        """Tell whether the flight ended because its time was up."""
        return first_word(self.end_reason) == END_HORIZON

    @property
    def is_deadlock(self) -> bool:
        """Tell whether the flight ended because nobody would ever have done anything again."""
        return first_word(self.end_reason) == END_DEADLOCK

    @property
    def is_over(self) -> bool:
        """Tell whether the flight ran to its own end: what had not happened never would."""
        stopped = (END_HORIZON, *END_CUT_SHORT, *END_OURS)
        return bool(self.of("flight.end")) and first_word(self.end_reason) not in stopped

    def pilots(self) -> list[str]:
        """Return the names of all pilots, in the order in which they appear."""
        kinds = ("batch.submit", "batch.start", "pilot.start", "job.dispatched")
        return list(dict.fromkeys(str(event["pilot"]) for event in self.of(*kinds)))

    def steps(self) -> tuple[Step, ...]:
        """Return every beginning of a phase of every pilot."""
        return phases_of(self.events)

    def jobs_of_key(self, key: object) -> list[JobView]:
        """Return the jobs whose payload is called *key*; several for the clones of one job."""
        return [self.job(job) for job in self._keys.get(str(key), [])]

    def job_of(self, name: object) -> str:
        """Return the job that *name* means: its number, or its payload's key."""
        jobs = self._keys.get(str(name), [])
        return jobs[0] if len(jobs) == 1 else str(name)


def is_pilots_own(stuck: Event) -> bool:
    """Tell whether a guest.stuck is the pilot's doing (a deadlock, a busy loop), not ours."""
    return first_word(str(stuck.get("why", ""))) in STUCK_PILOT


# -- attempts


def _attempts(flight: Flight) -> tuple[Attempt, ...]:
    exchanges = flight.of(*SEND_KINDS)
    sends: dict[tuple[str, str], list[Send]] = {}
    for send in sends_in(exchanges):
        sends.setdefault((send.pilot, send.job), []).append(send)
    answers = dispatches_received(exchanges)
    made = []
    for event in reversed(flight.of("job.dispatched")):
        pilot, job = str(event["pilot"]), str(event["job"])
        same = sends.get((pilot, job), [])
        mine = tuple(send for send in same if send.n > event.n)
        sends[pilot, job] = [send for send in same if send.n <= event.n]
        departure = flight.departures.get(pilot)
        made.append(
            Attempt(
                job,
                number_of(event.get("attempt")) or 1,
                pilot,
                event,
                mine,
                received=bool(mine) or answers.get(event.n, True),
                ended=_ended(flight, job, event.n),
                departure=departure if departure and departure.event.n > event.n else None,
            )
        )
    return tuple(reversed(made))


def _ended(flight: Flight, job: str, begin_n: int) -> Event | None:
    states = (event for event in flight.events_of(job) if event.what == "job.state")
    return next((e for e in states if e.n > begin_n and e["new"] in TERMINAL_STATES), None)


def _departures(flight: Flight) -> dict[str, Departure]:
    """Return how each pilot ended: by its own exit, or else by the batch system's word."""
    kills = {
        str(event["pilot"]): event
        for event in flight.of("batch.signal")
        if signal_number(event.get("signal")) == KILL
    }
    departures: dict[str, Departure] = {}
    for event in flight.of("pilot.exit", "batch.end"):
        pilot = str(event["pilot"])
        if pilot in departures:
            continue
        code, sig = number_of(event.get("code")), signal_number(event.get("signal") or 0)
        shot = pilot in kills and kills[pilot].n < event.n
        unsaid = code is None and not sig
        killed = shot or unsaid or sig == KILL or code in KILL_CODES
        departures[pilot] = Departure(pilot, event, code, sig, killed)
    return departures


# -- names


def _jobs_of_keys(flight: Flight) -> dict[str, list[str]]:
    """Return the jobs whose payload has each key (``--flightsim-job KEY`` in its parameters)."""
    keys: dict[str, list[str]] = {}
    for event in flight.of("job.defined"):
        fields = mapping(event.get("fields"))
        found = [match[1] for value in fields.values() if (match := KEY.search(str(value)))]
        for key in dict.fromkeys([*found, str(fields.get("key", ""))]):
            if key:
                keys.setdefault(key, []).append(str(event["job"]))
    return keys
