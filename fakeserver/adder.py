"""The adder: reads the report of a final update, registers files and settles the job.

The report is JSON: ``{lfn: {"guid", "fsize", "adler32" or "md5sum", "surl", "endpoint"}}``. A job
that the pilot calls finished fails here when the report cannot be read, when an output is
missing from it, or when it names a file that the job does not have. Of a failed job only the
log is registered. A job that was to be killed and failed is cancelled.
Read from panda-server@9cc36033:dataservice/adder_gen.py. There it runs minutes later; until then
the job is holding. Not modelled: number of events and GUIDs of the ATLAS plug-in, variable
numbers of outputs, transfers that fail.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from typing import Mapping

from fakeserver.archive import end
from fakeserver.codes import ADDER_ERROR
from fakeserver.consumers import acquire
from fakeserver.consumers import holds
from fakeserver.events import FILE_REGISTERED
from fakeserver.events import SERVER
from fakeserver.jobs import Job
from fakeserver.jobs import OutputFile
from fakeserver.jobtable import JobTable
from fakeserver.ranges import RangeTable
from fakeserver.states import Actor
from fakeserver.states import State

UNREADABLE = "Could not get GUID/LFN/MD5/FSIZE/SURL from pilot JSON"
MOVED = "outputs are at their site"
NO_SEMAPHORE = "failed to lock semaphore for job cloning"
NOT_SET = (None, "", 0, "0", "NULL")


@dataclass(frozen=True, slots=True)
class ReportedFile:
    """One entry of a report."""

    lfn: str
    guid: str
    size: int | None
    adler32: str
    surl: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a job ends: *error* is the adder's own complaint, *files* are to be registered."""

    state: State
    error: str = ""
    files: tuple[ReportedFile, ...] = ()


def settle(table: JobTable, ranges: RangeTable, job: Job, *, now: float) -> None:
    """Read the report of *job*, register what is good and take the job to its end.

    Or to the state in which it waits: for outputs that are merged or moved to another site.
    """
    job.settle_at = None
    if job.state is State.TRANSFERRING:
        end(table, ranges, job, state=State.FINISHED, actor=Actor.ADDER, reason=MOVED, now=now)
        return
    verdict = judge(job)
    if verdict.state is State.FINISHED and job.spec.clone_mode:
        verdict = counted(table, ranges, job, verdict, now=now)
    if verdict.error:
        job.fields |= {"ddmErrorCode": ADDER_ERROR, "ddmErrorDiag": verdict.error}
    register(table, job, verdict.files)
    table.touch(job)
    state = verdict.state
    if state is State.FAILED and job.command == "tobekilled":
        state = State.CANCELLED
    reason = verdict.error or f"reported {job.reported}"
    if state is State.FINISHED and waits(table, job, now=now):
        return
    end(table, ranges, job, state=state, actor=Actor.ADDER, reason=reason, now=now)


def waits(table: JobTable, job: Job, *, now: float) -> bool:
    """Let *job* wait for its outputs and return True if they are to be merged or moved."""
    if job.spec.unmerged:
        reason = "outputs wait to be merged"
        return table.change(job, State.MERGING, actor=Actor.ADDER, reason=reason, now=now)
    if not job.spec.transfer_s:
        return False
    job.settle_at = now + job.spec.transfer_s
    reason = "outputs go to another site"
    return table.change(job, State.TRANSFERRING, actor=Actor.ADDER, reason=reason, now=now)


def judge(job: Job) -> Verdict:
    """Return what the report of *job* makes of it."""
    finished = job.reported == "finished"
    if not job.spec.products:
        return Verdict(State.FINISHED if finished else State.FAILED)
    try:
        reported = parse(job.report or "", inputs=frozenset(each.lfn for each in job.spec.inputs))
    except (TypeError, ValueError):
        return Verdict(State.FAILED, "" if explained(job) else UNREADABLE)
    error = complaint(job, reported)
    if error or not finished:
        return Verdict(State.FAILED, error, _logs(job, reported) if known(job, reported) else ())
    return Verdict(State.FINISHED, "", _products(job, reported))


def explained(job: Job) -> bool:
    """Tell whether the pilot or the payload gave a reason why the report is not there."""
    reasons = [job.fields.get(name) for name in ("pilotErrorCode", "transExitCode")]
    return job.reported == "failed" and any(reason not in NOT_SET for reason in reasons)


def parse(report: str, *, inputs: frozenset[str]) -> dict[str, ReportedFile]:
    """Return the entries of *report*; raise ValueError when any of it cannot be used."""
    content = json.loads(report)
    if not isinstance(content, dict):
        raise ValueError("the report is not an object")
    return {str(lfn): _entry(str(lfn), entry, inputs=inputs) for lfn, entry in content.items()}


def _entry(lfn: str, entry: Any, *, inputs: frozenset[str]) -> ReportedFile:
    if not isinstance(entry, Mapping) or "guid" not in entry:
        raise ValueError(f"{lfn} has no guid")
    size = int(entry["fsize"]) if entry.get("fsize") is not None else None
    checked = entry.get("adler32") is not None or entry.get("md5sum") is not None
    # An input may stand in the report as well: it was skipped, and has neither size nor sum.
    if lfn not in inputs and (size is None or not checked):
        raise ValueError(f"{lfn} has no size or checksum")
    return ReportedFile(
        lfn=lfn,
        guid=str(entry["guid"]),
        size=size,
        adler32=str(entry.get("adler32") or ""),
        surl=str(entry.get("surl") or ""),
        endpoint=str(entry.get("endpoint") or ""),
    )


def complaint(job: Job, reported: Mapping[str, ReportedFile]) -> str:
    """Return what is wrong with a report that could be read, or nothing."""
    if not known(job, reported):
        stranger = next(lfn for lfn in reported if lfn not in job.spec.lfns)
        return f"pilot produced {stranger} inconsistently with jobdef"
    for product in _required(job):
        if product.lfn not in reported:
            return f"expected output {product.lfn} is missing in pilot JSON"
    return ""


def known(job: Job, reported: Mapping[str, ReportedFile]) -> bool:
    """Tell whether the job has every file that the report names."""
    return set(reported) <= set(job.spec.lfns)


def _required(job: Job) -> tuple[OutputFile, ...]:
    # Outputs of the event service are registered range by range, and a failed job owes its log.
    if job.reported == "finished" and job.spec.kind == "event":
        return ()
    owed = job.spec.products if job.reported == "finished" else (job.spec.log,)
    return tuple(each for each in owed if each is not None and not each.optional)


def _products(job: Job, reported: Mapping[str, ReportedFile]) -> tuple[ReportedFile, ...]:
    if job.spec.kind == "event":
        return _logs(job, reported)
    return tuple(reported[each.lfn] for each in job.spec.products if each.lfn in reported)


def _logs(job: Job, reported: Mapping[str, ReportedFile]) -> tuple[ReportedFile, ...]:
    log = job.spec.log
    return (reported[log.lfn],) if log and log.lfn in reported else ()


def counted(
    table: JobTable, ranges: RangeTable, job: Job, verdict: Verdict, *, now: float
) -> Verdict:
    """Return *verdict* for the clone that counts, failure for any other."""
    if job.spec.clone_mode == "storeonce" and not holds(ranges, job):
        acquire(
            table, ranges, job, count=1, who=Actor.ADDER.value, now=now, states=(State.HOLDING,)
        )
    return verdict if holds(ranges, job) else Verdict(State.FAILED, NO_SEMAPHORE)


def register(table: JobTable, job: Job, files: tuple[ReportedFile, ...]) -> None:
    """Register *files* as outputs of the job."""
    endpoints = {each.lfn: each.endpoint for each in job.spec.products}
    for each in files:
        job.registered.append(each.lfn)
        endpoint = each.endpoint or endpoints[each.lfn]
        job.stored[each.lfn] = [each.guid, each.size, each.adler32, endpoint]
        table.journal.emit(
            FILE_REGISTERED,
            who=SERVER,
            job=job.panda_id,
            lfn=each.lfn,
            guid=each.guid,
            bytes=each.size,
            adler32=each.adler32,
            surl=each.surl,
            endpoint=endpoint,
        )
