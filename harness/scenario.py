"""The scenario as the harness uses it: frozen values in seconds and bytes, nothing left open.

What a human wrote is read and checked by ``harness.scenario_text``; a program may build these
values itself. A scenario says what must hold whichever pilot flies.
"""

from __future__ import annotations

from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from dataclasses import fields
from dataclasses import replace
from typing import Mapping

from harness.triggers import Trigger

ALWAYS = Trigger()
DAY_S = 86400.0
SITE_SECTIONS = ("node", "batch", "storage")


@dataclass(frozen=True, slots=True)
class File:
    """An input or output file; without an *lfn* the world names it.

    A *missing* input is not on storage, a *missing* output is never written.
    """

    size_bytes: int
    lfn: str = ""
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Payload:
    """What the job's own program does.

    *cpu* is the share of each of its *cores* that it keeps busy; it touches a file in its work
    directory every *touch_s* seconds (0: never, which a looping-job watchdog should notice),
    until it ends or, if *hang_at_s* is not None, hangs. *signal* (0: none) kills it at the end;
    *orphans* are processes that it leaves behind.
    """

    walltime_s: float = 600.0
    cpu: float = 0.95
    cores: int = 1
    rss_bytes: int = 500_000_000
    exit_code: int = 0
    signal: int = 0
    touch_s: float = 60.0
    hang_at_s: float | None = None
    stdout: tuple[str, ...] = ()
    stderr: tuple[str, ...] = ()
    outputs: tuple[File, ...] = ()
    orphans: int = 0


@dataclass(frozen=True, slots=True)
class Events:
    """The events of a job of the event service: *ranges* of *size_bytes* each, in *each_s*.

    Its payload fails at the ranges whose number is in *failing*.
    """

    ranges: int = 10
    each_s: float = 60.0
    size_bytes: int = 1_000_000
    failing: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """One ``[[job]]``: *count* jobs alike; *clone* (runonce, storeonce) puts them in one jobset.

    *label* is the prodSourceLabel and *processing_type* the processingType, both empty for what
    the kind implies; *events* are for jobs of kind event, which share them; *record* sets further
    fields of the server's job record by name.
    """

    kind: str = "production"
    label: str = ""
    processing_type: str = ""
    inputs: tuple[File, ...] = ()
    payload: Payload = Payload()
    log: bool = True
    clone: str = ""
    count: int = 1
    events: Events | None = None
    record: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Worker:
    """A pilot that Harvester starts.

    *push*: it gets *jobs* jobs in a file, and more when it asks by a file. *files*: it tells of
    them in files, too. *hpc*: its jobs have folders of their own; Harvester copies for them.
    """

    push: bool = True
    jobs: int = 1
    files: bool = False
    hpc: bool = False


@dataclass(frozen=True, slots=True)
class Pilot:
    """One pilot in the batch system: submitted *after_s* seconds, killed after *walltime_s*.

    SIGTERM comes first and SIGKILL *notice_s* later. *label* is the pilot's own label, empty
    for that of the first job. *experiment* names whose pilot it is, for pilots that have a
    plug-in for each (atlas, rubin, …); empty for none in particular. *node* is the worker node
    that it is sent to: empty for one of its own, a name that another pilot has for the same one.
    *wrapper* is the script that starts it (pilotcore/wrapper), empty where nothing does.
    *harvester* says that Harvester started it, and what it does for it.
    """

    walltime_s: float = DAY_S
    notice_s: float = 600.0
    after_s: float = 0.0
    label: str = ""
    experiment: str = ""
    node: str = ""
    wrapper: str = ""
    harvester: Worker | None = None


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """One ``[[fault]]``: what stands where, and when it strikes.

    *options* are as they were written; *where* (file and line) is for messages only and never
    enters a journal.
    """

    on: str
    do: str
    at: Trigger = ALWAYS
    options: Mapping[str, object] = field(default_factory=dict)
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class World:
    """Where and when: *start* in POSIX seconds, *overrides* by section.

    The sections node, batch and storage (by name of the element) override the site's catalogue,
    queuedata the record of the queue that pilots get; credential and server are the world's own;
    environ holds variables of the pilots' environment, empty ones not set; glexec and myproxy are
    what harness.identity_services sets up.
    """

    site: str
    queue: str
    start: float
    overrides: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    def site_overrides(self) -> dict[str, object]:
        """Return those of the site's catalogue, nested as they were written."""
        given = self.overrides
        return {section: given[section] for section in SITE_SECTIONS if section in given}


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must hold at the end; None makes no claim.

    *states*: every job ends in one of them. *counts*: exactly so many jobs end in a state.
    *pilot_error_codes*: every failed job reports one of them. *within_s*: every job is final by
    then (seconds since the start). *fields*: what the last word of every job has in its fields,
    as patterns of text or ranges of numbers. *exit_codes*: every pilot ends with one of them.
    *violations*: the checkers that fire; () means none, which is also what None means.
    *tolerated*: checkers that may fire, or not: defects that some releases have.
    """

    states: tuple[str, ...] | None = None
    pilot_error_codes: tuple[int, ...] | None = None
    within_s: float | None = None
    fields: Mapping[str, tuple[str, ...]] | None = None
    counts: Mapping[str, int] | None = None
    exit_codes: tuple[int, ...] | None = None
    violations: tuple[str, ...] | None = None
    tolerated: tuple[str, ...] | None = None

    def overridden_by(self, other: Expectation) -> Expectation:
        """Return these claims with those that *other* makes put in their place."""
        claims = {each.name: getattr(other, each.name) for each in fields(other)}
        return replace(self, **{name: claim for name, claim in claims.items() if claim is not None})


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario, ready to fly.

    *variant* is set where one file holds several: the name is then ``sigterm[stage-in]``.
    *rows* are what a pilot shows here that it can do (``harness.pilot_rows``).
    *source* is how the command line names it again; it never enters a journal.
    """

    name: str
    world: World
    about: str = ""
    origin: str = ""
    tags: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    seed: int = 0
    jobs: tuple[Job, ...] = ()
    pilots: tuple[Pilot, ...] = (Pilot(),)
    faults: tuple[FaultPlan, ...] = ()
    expect: Expectation = Expectation()
    families: Mapping[str, Expectation] = field(default_factory=dict)
    variant: str = ""
    source: str = field(default="", compare=False)

    @property
    def slug(self) -> str:
        """The name without brackets, for file names and shell words: ``sigterm.stage-in``."""
        return self.name.replace("[", ".").replace("]", "")

    @property
    def experiments(self) -> frozenset[str]:
        """Whose pilots fly here; empty if nobody's in particular."""
        return frozenset(each.experiment for each in self.pilots if each.experiment)

    def expect_for(self, family: str) -> Expectation:
        """Return what must hold for a pilot of *family* (core, pilot2, pilot3)."""
        special = self.families.get(family)
        return self.expect if special is None else self.expect.overridden_by(special)

    def as_data(self) -> dict[str, object]:
        """Return all of it as plain data, without what only says where it was written down."""
        faults = tuple(replace(fault, where="") for fault in self.faults)
        return asdict(replace(self, faults=faults, source=""))

    def flown_jobs(self) -> tuple[tuple[str, Job], ...]:
        """Return every job with its key (``first-job/1``), each ``count`` written out."""
        jobs = [job for job in self.jobs for _ in range(job.count)]
        return tuple((f"{self.slug}/{index}", job) for index, job in enumerate(jobs, start=1))
