"""The job record, its validation, and the states of a job as a table.

Read from pilot3@a090538b:pilot/info/jobdata.py (keys, cleaning) and
panda-server@9cc3603:pandaserver/jobdispatcher/Protocol.py#appendJob (what is sent).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping

from pilotcore.errors import PilotError
from pilotcore.records import Record
from pilotcore.records import list_of
from pilotcore.records import number_of
from pilotcore.records import panda_id_of
from pilotcore.records import text_of
from pilotcore.records import truth_of

LFN_LENGTH_MAX = 255
CLONE_KINDS = ("runonce", "storeonce")

# Phase -> the phases that may follow. Every job passes log and final, whatever happened.
TRANSITIONS: Mapping[str, tuple[str, ...]] = {
    "starting": ("stage-in", "log"),
    "stage-in": ("payload", "log"),
    "payload": ("stage-out", "log"),
    "stage-out": ("log",),
    "log": ("final",),
    "final": (),
}
# Phase -> the state that the server is told while it lasts.
SERVER_STATES: Mapping[str, str] = {
    "starting": "starting",
    "stage-in": "starting",
    "payload": "running",
    "stage-out": "running",
    "log": "running",
}


@dataclass(frozen=True)
class InputFile:
    """A file to stage in; *checksum* as in the record: ``ad:`` or ``md:`` and hex digits."""

    lfn: str
    scope: str
    guid: str = ""
    size: int = -1
    checksum: str = ""
    endpoint: str = ""


@dataclass(frozen=True)
class OutputFile:
    """A file to stage out; *endpoint* is what the job asks for; an empty *guid* is to be made.

    *is_events*: it holds what was made of event ranges.
    """

    lfn: str
    scope: str
    endpoint: str = ""
    guid: str = ""
    is_log: bool = False
    is_events: bool = False


@dataclass(frozen=True)
class Job:
    """One job as the server handed it out.

    *release*, *package* and *platform* are the software that it needs, if any; *alternative*: its
    outputs may go to another storage, if the queue has no wish of its own, but not to *nucleus*.
    *events*: it is of the event service; *prefetch*: its inputs are fetched as ranges need them.
    """

    panda_id: int
    attempt: int
    transformation: str
    parameters: str
    inputs: tuple[InputFile, ...]
    outputs: tuple[OutputFile, ...]
    log: OutputFile | None
    task_id: str = ""
    jobset_id: str = ""
    clone: str = ""
    cores: int = 1
    looping_check: bool = True
    looping_limit_s: float = 0.0
    may_be_missing: frozenset[str] = frozenset()
    debug: bool = False
    release: str = ""
    package: str = ""
    platform: str = ""
    image: str = ""
    direct: bool = False
    label: str = ""
    events: bool = False
    prefetch: bool = False
    alternative: bool = False
    nucleus: str = ""
    special_log: bool = False
    user: str = ""
    credname: str = ""
    myproxy: str = ""

    @property
    def key(self) -> str:
        """Return what tells this attempt from any other, for messages and file names."""
        return f"{self.panda_id}-{self.attempt}"


def parse_job(record: Record) -> Job:
    """Return the job of *record*. Raises PilotError (1302, 1190, 1371) if it cannot be run."""
    if not text_of(record, "transformation"):
        raise PilotError(1302, "the job record has no transformation")
    outputs, log = _outputs(record)
    return Job(
        panda_id=panda_id_of(record),
        attempt=number_of(record, "attemptNr"),
        transformation=text_of(record, "transformation"),
        parameters=text_of(record, "jobPars"),
        inputs=_inputs(record),
        outputs=outputs,
        log=log,
        task_id=text_of(record, "taskID"),
        jobset_id=text_of(record, "jobsetID"),
        clone=_clone(record),
        cores=max(1, number_of(record, "coreCount", 1)),
        looping_check=truth_of(record, "loopingCheck", True),
        looping_limit_s=float(max(0, number_of(record, "maxCpuCount"))),
        may_be_missing=frozenset(list_of(record, "allowNoOutput")),
        debug=truth_of(record, "debug"),
        release=text_of(record, "swRelease"),
        package=text_of(record, "homepackage"),
        platform=text_of(record, "cmtConfig"),
        image=text_of(record, "container_name"),
        direct=text_of(record, "transferType").lower() == "direct",
        label=text_of(record, "prodSourceLabel"),
        events=truth_of(record, "eventService") and not _clone(record),
        prefetch=truth_of(record, "usePrefetcher"),
        alternative=text_of(record, "altStageOut").lower() == "on",
        nucleus=text_of(record, "nucleus"),
        special_log=truth_of(record, "putLogToOS"),
        user=text_of(record, "prodUserID"),
        credname=text_of(record, "credname"),
        myproxy=text_of(record, "myproxy"),
    )


def broken_job(record: Record) -> Job:
    """Return just enough of a job that cannot be run to report it as failed."""
    return Job(panda_id_of(record), number_of(record, "attemptNr"), "", "", (), (), None)


def _clone(record: Record) -> str:
    kind = text_of(record, "cloneJob").lower()
    return kind if kind in CLONE_KINDS else ""


def _column(record: Record, name: str, length: int) -> list[str]:
    """Return *length* values of *name*. Raises PilotError (1302) if it has another number.

    None at all are as many empty ones; an only scope or endpoint counts for every file.
    """
    values = list_of(record, name)
    if not values or not length:
        return [""] * length
    if len(values) == 1 and name.startswith(("scope", "ddmEndPoint")):
        return values * length
    if len(values) != length:
        raise PilotError(1302, f"{name} has {len(values)} values for {length} files")
    return values


def _checked(lfn: str) -> str:
    if len(lfn) > LFN_LENGTH_MAX:
        raise PilotError(1190, lfn)
    if not lfn or "/" in lfn or lfn in (".", "..") or lfn.startswith("-"):
        raise PilotError(1371, repr(lfn))
    return lfn


def _inputs(record: Record) -> tuple[InputFile, ...]:
    lfns = list_of(record, "inFiles")
    names = ("scopeIn", "GUID", "fsize", "checksum", "ddmEndPointIn")
    scopes, guids, sizes, sums, endpoints = (_column(record, name, len(lfns)) for name in names)
    return tuple(
        InputFile(
            lfn=_checked(lfn),
            scope=scopes[at],
            guid=guids[at],
            size=int(sizes[at]) if sizes[at].isdigit() else -1,
            checksum=sums[at],
            endpoint=endpoints[at],
        )
        for at, lfn in enumerate(lfns)
    )


def _outputs(record: Record) -> tuple[tuple[OutputFile, ...], OutputFile | None]:
    """Return outputs and log. scopeOut has no entry for the log, ddmEndPointOut has one."""
    log_lfn = text_of(record, "logFile")
    lfns = list_of(record, "outFiles")
    places = _column(record, "ddmEndPointOut", len(lfns))
    endpoints = {lfn: places[at] for at, lfn in enumerate(lfns)}
    data = [lfn for lfn in lfns if lfn != log_lfn]
    scopes = _column(record, "scopeOut", len(data))
    outputs = tuple(
        OutputFile(_checked(lfn), scopes[at], endpoints[lfn]) for at, lfn in enumerate(data)
    )
    if not log_lfn:
        return outputs, None
    log = OutputFile(
        lfn=_checked(log_lfn),
        scope=text_of(record, "scopeLog") or (scopes[0] if scopes else ""),
        endpoint=endpoints.get(log_lfn, ""),
        guid=text_of(record, "logGUID"),
        is_log=True,
    )
    return outputs, log
