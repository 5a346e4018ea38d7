"""What a grid is made of: jobs, pilots and the counters of a site, as records."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from fakesites.sharing import Flow

if TYPE_CHECKING:
    from fakesites.grid.place import Place

QUEUED, HELD, STARTING, ASKING = "queued", "held", "starting", "asking"
STAGE_IN, PAYLOAD, STAGE_OUT = "stage-in", "payload", "stage-out"
SUSPENDED, DYING, GONE = "suspended", "dying", "gone"

ACTIVATED, RUNNING, FINISHED, FAILED = "activated", "running", "finished", "failed"


@dataclass(slots=True, eq=False)
class Job:
    """One job; times in seconds since the start, *payload_s* on a core of power 1.

    *source* is the site of its input, *site* where a trace had it run, "" for unknown. *code* is
    the pilot error code with which the payload is to end, 0 for none. What follows is about the
    present *attempt*: *at* which site; *mark* is raised with each run of it.
    """

    number: int
    created: float
    payload_s: float
    cores: int = 1
    priority: int = 0
    input_bytes: int = 0
    output_bytes: int = 0
    input_files: int = 0
    output_files: int = 0
    source: str = ""
    site: str = ""
    name: str = ""
    code: int = 0
    state: str = ACTIVATED
    attempt: int = 1
    mark: int = 0
    at: str = ""
    ready: float = 0.0
    begun: float = 0.0
    stage_in_s: float = 0.0
    stage_out_s: float = 0.0
    ran_s: float = 0.0


@dataclass(slots=True, eq=False)
class Pilot:
    """One pilot: a batch job of *cores* cores at *place*; *bound* is the job that it brings.

    *mark* is what calls for it are marked with; whoever calls them off raises it. *since* is when
    its phase began, *due* when it is to end. *attempt* is that of the job it has, *code* what the
    job is to fail with.
    """

    number: int
    place: Place
    cores: int
    tag: str
    priority: int
    submitted: float
    eligible: float
    bound: Job | None = None
    attempt: int = 0
    phase: str = QUEUED
    mark: int = 0
    starts: int = 0
    host: int = -1
    started: float = 0.0
    since: float = 0.0
    due: float = 0.0
    asked: int = 0
    code: int = 0
    job: Job | None = None
    flow: Flow | None = None
    paused: str = ""
    left: float = 0.0
    word: str = ""


@dataclass(slots=True, eq=False)
class Counters:
    """What is counted at one site.

    Bytes: *read* from its storage and *written* to it, read over the *wan*; *staged* to its
    nodes, *registered* as outputs, and *cut_in* and *cut_out* of copies that failed or broke off.
    """

    pilots: int = 0
    started: int = 0
    ended: int = 0
    empty: int = 0
    held_back: int = 0
    held: int = 0
    removed: int = 0
    preempted: int = 0
    requeued: int = 0
    walltime: int = 0
    node_down: int = 0
    silent: int = 0
    twice: int = 0
    output_lost: int = 0
    idle_most: int = 0
    finished: int = 0
    failed: int = 0
    lost: int = 0
    retried: int = 0
    slot_s: float = 0.0
    busy_s: float = 0.0
    read: int = 0
    written: int = 0
    registered: int = 0
    wan: int = 0
    staged: int = 0
    cut_in: int = 0
    cut_out: int = 0
    movers_most: int = 0
    waits: array[float] = field(default_factory=lambda: array("d"))
    job_waits: array[float] = field(default_factory=lambda: array("d"))
    words: dict[str, int] = field(default_factory=dict)
    codes: dict[int, int] = field(default_factory=dict)
