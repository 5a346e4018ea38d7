"""Jobs: what a scenario defines, and what becomes of it.

A specification never changes; the job around it does. Sizes are bytes, memory and disk MB,
times seconds, as in the job table. Read from panda-server@9cc36033:taskbuffer/JobSpec.py.
"""

from __future__ import annotations

from dataclasses import MISSING
from dataclasses import dataclass
from dataclasses import field
from dataclasses import fields
from types import MappingProxyType
from typing import Any
from typing import Mapping
from typing import TypeVar

from fakeserver.states import FINAL
from fakeserver.states import State
from simkernel import ScenarioError
from simkernel import nearest


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of job is called in the job table, unless its specification says otherwise."""

    label: str
    processing: str


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "production": Kind("managed", "simul"),
        "analysis": Kind("user", "pathena"),
        "event": Kind("managed", "simul"),
        "clone": Kind("managed", "simul"),
        "merge": Kind("managed", "merge"),
        "skim": Kind("user", "DSS"),
        "hpc": Kind("managed", "simul"),
        "itb": Kind("test", "ITB_INTEGRATION"),
    }
)
CLONE_MODES = ("runonce", "storeonce")
ANALYSIS_LABELS = ("user", "panda")


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that a job reads; *token* ``local`` forbids direct access, *events* 0 is unknown."""

    lfn: str
    guid: str = ""
    size: int = 0
    adler32: str = ""
    scope: str = "flightsim"
    dataset: str = "flightsim:inputs"
    endpoint: str = ""
    token: str = "NULL"
    events: int = 0


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A file that a job writes, the log included; *optional* ones may be missing."""

    lfn: str
    guid: str = ""
    scope: str = "flightsim"
    dataset: str = "flightsim:outputs"
    endpoint: str = ""
    optional: bool = False


Made = TypeVar("Made", InputFile, OutputFile, "JobSpec")


@dataclass(frozen=True, slots=True)
class JobSpec:
    """A job as a scenario defines it; *extras* are further keys of the job record.

    *max_attempt* over *attempt* lets the server make a new attempt of a job that failed, *parent*
    is the job of the attempt before. *unmerged* outputs wait for a job of kind merge, whose
    *merges* are the jobs that it merges. Outputs take *transfer_s* to get to their site. A *jumbo*
    job takes event ranges of its whole task. A *background* job goes to any pilot, and others do
    not go to a pilot for background jobs. *use_secrets* gives it its owner's secrets.
    """

    panda_id: int
    queue: str
    kind: str = "production"
    label: str = ""
    processing_type: str = ""
    name: str = ""
    task_id: int = 0
    jobset_id: int = 0
    definition_id: int = 0
    request_id: int = 0
    inputs: tuple[InputFile, ...] = ()
    outputs: tuple[OutputFile, ...] = ()
    log: OutputFile | None = None
    transformation: str = ""
    job_pars: str = ""
    release: str = "NULL"
    package: str = "NULL"
    platform: str = "NULL"
    core_count: int = 1
    max_walltime: int = 0
    max_cpu_count: int = 0
    max_disk_count: int = 0
    min_ram_count: int = 0
    resource_type: str = "SCORE"
    transfer_type: str = "NULL"
    priority: int = 1000
    user: str = "/DC=sim/DC=flightsim/CN=Production"
    attempt: int = 1
    clone_mode: str = ""
    event_ranges: int = 0
    events_per_range: int = 10
    vo: str = ""
    application: str = ""
    working_group: str = ""
    country_group: str = ""
    pilot_version: str = ""
    source_group: str = ""
    source_site: str = ""
    max_attempt: int = 0
    parent: int = 0
    background: bool = False
    jumbo: bool = False
    unmerged: bool = False
    transfer_s: float = 0.0
    use_secrets: bool = False
    merges: tuple[int, ...] = ()
    extras: Mapping[str, Any] = field(default_factory=dict)

    @property
    def source_label(self) -> str:
        """Return the ``prodSourceLabel``: the one given, or that of the kind."""
        return self.label or KINDS[self.kind].label

    @property
    def processing(self) -> str:
        """Return the ``processingType``: the one given, or that of the kind."""
        return self.processing_type or KINDS[self.kind].processing

    @property
    def jobset(self) -> int:
        """Return the jobset, which the consumers of the same events share."""
        return self.jobset_id or self.panda_id

    @property
    def shares_events(self) -> bool:
        """Tell whether the job takes event ranges that others of its jobset may take too."""
        return self.kind in ("event", "clone")

    @property
    def analysis(self) -> bool:
        """Tell whether the job is a user's, not production (JobUtils.py, analy_sources)."""
        return self.source_label in ANALYSIS_LABELS

    @property
    def may_try_again(self) -> bool:
        """Tell whether another attempt of the job is allowed."""
        return self.max_attempt > self.attempt

    @property
    def lfns(self) -> list[str]:
        """Return the name of every file of the job."""
        return [each.lfn for each in self.inputs] + [each.lfn for each in self.products]

    @property
    def products(self) -> tuple[OutputFile, ...]:
        """Return the outputs and, last, the log."""
        return (*self.outputs, self.log) if self.log else self.outputs


def spec_from(data: Mapping[str, Any]) -> JobSpec:
    """Return the specification in *data*: plain tables, named as the fields are.

    Raises ScenarioError for a name that is not one, with the nearest that is.
    """
    where = f"job {data.get('panda_id', '?')}"
    values = dict(data)
    values["merges"] = tuple(data.get("merges", ()))
    values["inputs"] = tuple(_made(InputFile, each, where=where) for each in data.get("inputs", ()))
    values["outputs"] = tuple(
        _made(OutputFile, each, where=where) for each in data.get("outputs", ())
    )
    if data.get("log") is not None:
        values["log"] = _made(OutputFile, data["log"], where=where)
    return _made(JobSpec, values, where=where)


def _made(kind: type[Made], values: Mapping[str, Any], *, where: str) -> Made:
    known = {each.name: each for each in fields(kind)}
    for name in values:
        if name not in known:
            near = nearest(name, known)
            remedy = f"did you mean {near[0]!r}?" if near else ""
            raise ScenarioError(f"{kind.__name__} has no {name!r}", where=where, remedy=remedy)
    for name, each in known.items():
        needed = each.default is MISSING and each.default_factory is MISSING
        if needed and name not in values:
            raise ScenarioError(f"{kind.__name__} needs {name!r}", where=where)
    return kind(**values)


def check_spec(spec: JobSpec) -> None:
    """Raise ScenarioError for a specification that makes no sense, with what to do."""
    where = f"job {spec.panda_id}"
    if spec.kind not in KINDS:
        near = nearest(spec.kind, KINDS)
        remedy = f"did you mean {near[0]!r}?" if near else f"one of {', '.join(KINDS)}"
        raise ScenarioError(f"unknown kind {spec.kind!r}", where=where, remedy=remedy)
    if (spec.kind == "clone") != bool(spec.clone_mode):
        raise ScenarioError("a clone, and only a clone, has a clone mode", where=where)
    if spec.clone_mode and spec.clone_mode not in CLONE_MODES:
        raise ScenarioError(
            f"unknown clone mode {spec.clone_mode!r}", where=where, remedy="runonce or storeonce"
        )
    if spec.panda_id <= 0:
        raise ScenarioError("a PanDA id is a positive number", where=where)
    _check_names(spec, where)


def _check_names(spec: JobSpec, where: str) -> None:
    for name in spec.lfns:
        # Values of several files travel as one comma separated string.
        if not name or "," in name:
            raise ScenarioError(f"{name!r} cannot be the name of a file", where=where)
    products = [each.lfn for each in spec.products]
    if len(set(products)) != len(products):
        raise ScenarioError("two outputs have the same name", where=where)


@dataclass(slots=True)
class Job:
    """A job on its way; *fields* are the columns that updates and the server filled in.

    *times* says when (POSIX seconds) the job came to a state for the first time. *archived* is the
    month whose table it lies in, *retried_by* the job of the next attempt, *merged_by* the one that
    merges its outputs. *stored* are guid, size, checksum and endpoint by registered file.
    """

    spec: JobSpec
    state: State = State.DEFINED
    pilot: str = ""
    node: str = ""
    command: str = ""
    debug: bool = False
    batch: str = ""
    updated_at: float = 0.0
    changed_at: float = 0.0
    report: str | None = None
    reported: str = ""
    settle_at: float | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    registered: list[str] = field(default_factory=list)
    times: dict[str, float] = field(default_factory=dict)
    worker: str = ""
    archived: str = ""
    retried_by: int = 0
    merged_by: int = 0
    stored: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def panda_id(self) -> int:
        """Return the PanDA id."""
        return self.spec.panda_id

    @property
    def attempt(self) -> int:
        """Return the attempt number."""
        return self.spec.attempt

    @property
    def final(self) -> bool:
        """Tell whether nothing more can happen to the job."""
        return self.state in FINAL

    def instructions(self) -> str:
        """Return what the pilot is told in answer to an update: ``NULL`` for nothing.

        Source: panda-server@9cc36033:taskbuffer/db_proxy_mods/job_complex_module.py#L131-L152.
        """
        words = ["debug"] if self.debug else []
        words += [self.command] if self.command else []
        return ",".join(words) or "NULL"
