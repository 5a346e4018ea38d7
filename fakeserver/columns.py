"""The columns of the job table, and rows of it.

``JOB`` and ``FILE`` are those of the present server, in the order in which clients write a job;
``REVISION_5`` is the job table of early PanDA at that revision of its schema: against the one
before, taskID follows jobDefinitionID, one server error takes the place of those of brokerage,
dispatcher, task buffer and ``sup``, transExitCode is gone, and seven columns are new.
Read from panda-client@2.2.0:pandaclient/JobSpec.py, FileSpec.py; panda-server@9cc36033:
taskbuffer/JobSpec.py, FileSpec.py; panda-server@450c5368:taskbuffer/JobSpec.py (2008).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fakeserver.identity import compact
from fakeserver.jobs import Job
from fakeserver.signing import signature
from fakeserver.states import WITH_PILOT
from fakeserver.states import State
from simkernel import utc_text

_JOB = """
    PandaID jobDefinitionID schedulerID pilotID creationTime creationHost modificationTime
    modificationHost AtlasRelease transformation homepackage prodSeriesLabel prodSourceLabel
    prodUserID assignedPriority currentPriority attemptNr maxAttempt jobStatus jobName maxCpuCount
    maxCpuUnit maxDiskCount maxDiskUnit ipConnectivity minRamCount minRamUnit startTime endTime
    cpuConsumptionTime cpuConsumptionUnit commandToPilot transExitCode pilotErrorCode
    pilotErrorDiag exeErrorCode exeErrorDiag supErrorCode supErrorDiag ddmErrorCode ddmErrorDiag
    brokerageErrorCode brokerageErrorDiag jobDispatcherErrorCode jobDispatcherErrorDiag
    taskBufferErrorCode taskBufferErrorDiag computingSite computingElement jobParameters metadata
    prodDBlock dispatchDBlock destinationDBlock destinationSE nEvents grid cloud cpuConversion
    sourceSite destinationSite transferType taskID cmtConfig stateChangeTime prodDBUpdateTime
    lockedby relocationFlag jobExecutionID VO pilotTiming workingGroup processingType prodUserName
    nInputFiles countryGroup batchID parentID specialHandling jobsetID coreCount nInputDataFiles
    inputFileType inputFileProject inputFileBytes nOutputDataFiles outputFileBytes jobMetrics
    workQueue_ID jediTaskID jobSubStatus actualCoreCount reqID maxRSS maxVMEM maxSWAP maxPSS avgRSS
    avgVMEM avgSWAP avgPSS maxWalltime nucleus eventService failedAttempt hs06sec gshare hs06
    totRCHAR totWCHAR totRBYTES totWBYTES rateRCHAR rateWCHAR rateRBYTES rateWBYTES resource_type
    diskIO memory_leak memory_leak_x2 container_name job_label gco2_regional gco2_global
    cpu_architecture_level outputFileType
"""
JOB = tuple(_JOB.split())
_FILE = """
    PandaID GUID lfn type dataset status prodDBlock prodDBlockToken dispatchDBlock
    dispatchDBlockToken destinationDBlock destinationDBlockToken destinationSE fsize md5sum
    checksum scope
"""
FILE = ("rowID", *_FILE.split())
SERVER_FILE = ("row_ID", *_FILE.split(), "jediTaskID", "datasetID", "fileID", "attemptNr")
TIMES = frozenset({"creationTime", "modificationTime", "startTime", "endTime", "stateChangeTime"})
WIDTHS = {
    "ddmErrorDiag": 500,
    "taskBufferErrorDiag": 300,
    "jobDispatcherErrorDiag": 250,
    "brokerageErrorDiag": 250,
    "pilotErrorDiag": 500,
    "exeErrorDiag": 500,
    "jobSubStatus": 80,
    "commandToPilot": 250,
    "grid": 50,
    "sourceSite": 36,
    "destinationSite": 36,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: *width* is the most characters that it holds, 0 for a number or a time."""

    name: str
    width: int = 0


_REVISION_5 = """
    PandaID - jobDefinitionID - taskID - schedulerID 128 pilotID 128 creationTime -
    creationHost 128 modificationTime - modificationHost 128 AtlasRelease 128 transformation 250
    encrypt 250 homepackage 64 prodSeriesLabel 20 prodSourceLabel 30 prodUserID 128 GridCert 128
    assignedPriority - currentPriority - attemptNr - maxAttempt - jobStatus 15 jobName 255
    maxCpuCount - maxCpuUnit 32 maxDiskCount - maxDiskUnit 4 ipConnectivity 5 minRamCount -
    minRamUnit 2 startTime - endTime - cpuConsumptionTime - cpuConsumptionUnit 128
    commandToPilot 250 pilotErrorCode - pilotErrorDiag 128 exeErrorCode - exeErrorDiag 128
    ddmErrorCode - ddmErrorDiag 128 serverErrorCode - serverErrorDiag 128 computingSite 128
    computingElement 128 jobParameters 4000 metadata 4000 prodDBlock 250 dispatchDBlock 250
    destinationDBlock 250 destinationSE 250 nEvents - grid 32 cloud 32 cpuConversion -
    sourceSite 36 destinationSite 36 transferType 10 cmtConfig 250 stateChangeTime -
    prodDBUpdateTime - lockedby 128 relocationFlag - jobExecutionID - VO 32 app 64
    pilotVersion 32 sourceGroup 32 workingGroup 20 pilotTiming 100
"""
_WORDS = _REVISION_5.split()
REVISION_5 = tuple(
    Column(name, 0 if width == "-" else int(width))
    for name, width in zip(_WORDS[::2], _WORDS[1::2], strict=True)
)
ERRORS = ("jobDispatcherError", "taskBufferError", "brokerageError", "supError")
UNITS = {"maxCpuUnit": "seconds", "maxDiskUnit": "MB", "minRamUnit": "MB"}


def row_of(job: Job) -> dict[str, Any]:
    """Return *job* as a row of the present job table; what is not known is None.

    Times are ISO 8601 text, metadata and parameters are in the row.
    """
    values = _values(job)
    row = {name: values.get(name, job.fields.get(name)) for name in JOB}
    for name, width in WIDTHS.items():
        if row[name] is not None:
            row[name] = str(row[name])[:width]
    return row


def _values(job: Job) -> dict[str, Any]:
    spec = job.spec
    return {
        **UNITS,
        **_times(job),
        **_blocks(job),
        "PandaID": job.panda_id,
        "jobDefinitionID": spec.definition_id or job.panda_id,
        "taskID": spec.task_id,
        "jediTaskID": spec.task_id or None,
        "jobsetID": spec.jobset_id or None,
        "parentID": spec.parent or None,
        "reqID": spec.request_id or None,
        "jobName": spec.name or f"flightsim.{job.panda_id}",
        "jobStatus": job.state.value,
        "attemptNr": spec.attempt,
        "maxAttempt": spec.max_attempt,
        "modificationHost": job.node or None,
        "AtlasRelease": spec.release,
        "transformation": spec.transformation,
        "homepackage": spec.package,
        "cmtConfig": spec.platform,
        "prodSourceLabel": spec.source_label,
        "processingType": spec.processing,
        "prodUserID": spec.user,
        "prodUserName": compact(spec.user),
        "assignedPriority": spec.priority,
        "currentPriority": spec.priority,
        "maxCpuCount": spec.max_cpu_count,
        "maxDiskCount": spec.max_disk_count,
        "minRamCount": spec.min_ram_count,
        "maxWalltime": spec.max_walltime,
        "coreCount": spec.core_count,
        "actualCoreCount": job.fields.get("coreCount"),
        "commandToPilot": job.command or None,
        "computingSite": spec.queue or None,
        "jobParameters": spec.job_pars,
        "metadata": job.fields.get("metaData"),
        "transferType": spec.transfer_type,
        "resource_type": spec.resource_type,
        "VO": spec.vo or None,
        "workingGroup": spec.working_group or None,
        "countryGroup": spec.country_group or None,
        "sourceSite": spec.source_site or None,
        "jobExecutionID": int(spec.background),
        "cpuConversion": job.fields.get("cpuConversionFactor"),
        "nInputFiles": len(spec.inputs),
        "nOutputDataFiles": len(spec.outputs),
        "outputFileBytes": sum(int(each[1] or 0) for each in job.stored.values()),
        "eventService": EVENT_SERVICE.get(spec.kind),
    }


EVENT_SERVICE = {"event": 1, "clone": 3}


def _times(job: Job) -> dict[str, Any]:
    ended = next((job.times[state] for state in _ENDS if state in job.times), None)
    begun = next((job.times[state] for state in _BEGINS if state in job.times), None)
    return {
        "creationTime": _text(min(job.times.values(), default=job.changed_at)),
        "modificationTime": _text(max(job.updated_at, job.changed_at)),
        "stateChangeTime": _text(job.changed_at),
        "startTime": _text(begun),
        "endTime": _text(ended),
    }


_BEGINS = ("starting", "running", "sent")
_ENDS = ("holding", "finished", "failed", "cancelled", "closed")


def _text(instant: float | None) -> str | None:
    return None if instant is None else utc_text(instant).replace("T", " ").removesuffix("Z")


def _blocks(job: Job) -> dict[str, Any]:
    spec = job.spec
    return {
        "prodDBlock": spec.inputs[0].dataset if spec.inputs else None,
        "destinationDBlock": spec.products[0].dataset if spec.products else None,
        "destinationSE": spec.products[0].endpoint if spec.products else None,
    }


def files_of(job: Job) -> list[dict[str, Any]]:
    """Return the rows of the table of files that belong to *job*: inputs, outputs, log."""
    spec = job.spec
    rows = [
        {
            "lfn": each.lfn,
            "type": "input",
            "GUID": each.guid,
            "fsize": each.size,
            "checksum": f"ad:{each.adler32}" if each.adler32 else None,
            "scope": each.scope,
            "dataset": each.dataset,
            "prodDBlock": each.dataset,
            "prodDBlockToken": each.token,
            "status": "unknown" if job.state is State.WAITING else "ready",
        }
        for each in spec.inputs
    ]
    for product in spec.products:
        guid, size, adler32, endpoint = job.stored.get(
            product.lfn, [product.guid, None, "", product.endpoint]
        )
        rows.append(
            {
                "lfn": product.lfn,
                "type": "log" if product is spec.log else "output",
                "GUID": guid,
                "fsize": size,
                "checksum": f"ad:{adler32}" if adler32 else None,
                "scope": product.scope,
                "dataset": product.dataset,
                "destinationDBlock": product.dataset,
                "destinationSE": endpoint,
                "status": file_status(job, product.lfn),
            }
        )
    return [
        {name: row.get(name) for name in SERVER_FILE}
        | {"row_ID": number, "PandaID": job.panda_id, "jediTaskID": spec.task_id}
        for number, row in enumerate(rows, 1)
    ]


def file_status(job: Job, lfn: str) -> str:
    """Return the status of an output of *job*: what became of it is what became of the job."""
    if lfn in job.stored:
        waits = {State.MERGING: "merging", State.TRANSFERRING: "transferring"}
        return waits.get(job.state, "ready")
    if job.final:
        return "nooutput" if job.state is State.FINISHED else "failed"
    return "unknown" if job.state not in WITH_PILOT else "running"


def row_5(job: Job, *, server_id: str) -> dict[str, Any]:
    """Return *job* as a row of the job table at schema revision 5, texts cut to their columns."""
    row = row_of(job)
    values = row | {
        "encrypt": signature(job.spec.transformation, server_id=server_id),
        "sourceGroup": job.spec.source_group or None,
        "app": job.spec.application or None,
        "pilotVersion": job.spec.pilot_version or None,
        "GridCert": job.spec.user,
        "metadata": row["metadata"],
    }
    for each in ERRORS:
        if row.get(f"{each}Code"):
            values["serverErrorCode"] = row[f"{each}Code"]
            values["serverErrorDiag"] = row[f"{each}Diag"]
            break
    return {each.name: cut(values.get(each.name), each.width) for each in REVISION_5}


def cut(value: Any, width: int) -> Any:
    """Return *value* cut to *width* characters if it is text."""
    return value if value is None or not width else str(value)[:width]
