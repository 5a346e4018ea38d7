"""The job record: a job in the words that a pilot reads.

Values of several files are one string each, separated by commas and in the same order.
``scopeOut`` has no entry for the log, all other output lists do. What is not there is the string
``NULL``, never null. Read from panda-server@9cc36033:jobdispatcher/Protocol.py appendJob.
Not modelled: dispatch blocks and tokens other than NULL, secrets, credname, jobs split in steps.
"""

from __future__ import annotations

from typing import Any
from typing import Iterable

from fakeserver.jobs import InputFile
from fakeserver.jobs import Job
from fakeserver.jobs import JobSpec

NULL = "NULL"
Record = dict[str, Any]


def record_of(job: Job, *, sent: int = 0) -> Record:
    """Return the record of *job*; *sent* is how many jobs the queue was sent in the last 60 s."""
    spec = job.spec
    return {
        **_identity(spec),
        **_inputs(_distinct(spec.inputs)),
        **_outputs(spec),
        **_limits(spec),
        **_flavour(spec, debug=job.debug),
        "nSent": sent,
        **spec.extras,
    }


def _joined(values: Iterable[Any]) -> str:
    return ",".join(str(value) for value in values)


def _distinct(inputs: tuple[InputFile, ...]) -> list[InputFile]:
    first: dict[str, InputFile] = {}
    for each in inputs:
        first.setdefault(each.lfn, each)
    return list(first.values())


def _identity(spec: JobSpec) -> Record:
    return {
        "PandaID": spec.panda_id,
        "prodSourceLabel": spec.source_label,
        "swRelease": spec.release,
        "homepackage": spec.package,
        "transformation": spec.transformation,
        "jobPars": spec.job_pars,
        "jobName": spec.name or f"flightsim.{spec.panda_id}",
        "jobDefinitionID": spec.definition_id or spec.panda_id,
        "taskID": spec.task_id or NULL,
        "jobsetID": spec.jobset if spec.jobset_id or spec.shares_events else NULL,
        "reqID": spec.request_id or NULL,
        "attemptNr": spec.attempt,
        "prodUserID": spec.user,
        "processingType": spec.processing,
        "transferType": spec.transfer_type,
        "cmtConfig": spec.platform,
        "cloud": NULL,
        "nucleus": NULL,
        "sourceSite": NULL,
        "destinationSE": NULL,
    }


def _inputs(files: list[InputFile]) -> Record:
    return {
        "inFiles": _joined(each.lfn for each in files),
        "GUID": _joined(each.guid or NULL for each in files),
        "fsize": _joined(each.size for each in files),
        "checksum": _joined(f"ad:{each.adler32}" if each.adler32 else NULL for each in files),
        "scopeIn": _joined(each.scope for each in files),
        "realDatasetsIn": _joined(each.dataset for each in files),
        "prodDBlocks": _joined(each.dataset for each in files),
        "prodDBlockToken": _joined(each.token for each in files),
        "ddmEndPointIn": _joined(each.endpoint for each in files),
        "dispatchDblock": _joined(NULL for _ in files),
        "dispatchDBlockToken": _joined(NULL for _ in files),
    }


def _outputs(spec: JobSpec) -> Record:
    files = spec.products
    record = {
        "outFiles": _joined(each.lfn for each in files),
        "realDatasets": _joined(each.dataset for each in files),
        "destinationDblock": _joined(each.dataset for each in files),
        "destinationDBlockToken": _joined(NULL for _ in files),
        "dispatchDBlockTokenForOut": _joined(NULL for _ in files),
        "fileDestinationSE": _joined(NULL for _ in files),
        "ddmEndPointOut": _joined(each.endpoint for each in files),
        "scopeOut": _joined(each.scope for each in spec.outputs),
        "scopeLog": spec.log.scope if spec.log else "",
        "logFile": spec.log.lfn if spec.log else "",
        "logGUID": spec.log.guid if spec.log else "",
    }
    optional = _joined(each.lfn for each in files if each.optional)
    return record | ({"allowNoOutput": optional} if optional else {})


def _limits(spec: JobSpec) -> Record:
    return {
        "coreCount": spec.core_count,
        "maxCpuCount": spec.max_cpu_count,
        "maxWalltime": spec.max_walltime,
        "maxDiskCount": spec.max_disk_count,
        "minRamCount": spec.min_ram_count,
        "currentPriority": spec.priority,
        "resource_type": spec.resource_type,
        "ioIntensity": NULL,
        "ioIntensityUnit": NULL,
    }


def _flavour(spec: JobSpec, *, debug: bool) -> Record:
    record: Record = {"debug": "True"} if debug else {}
    if spec.clone_mode:
        record["cloneJob"] = spec.clone_mode
    elif spec.kind == "event":
        record["eventService"] = "True"
        record["prodDBlockTokenForOutput"] = _joined(NULL for _ in spec.products)
    return record
