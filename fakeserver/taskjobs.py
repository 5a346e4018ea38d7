"""From the parameters of a task to its jobs.

The number of jobs is that of files or events over how many of them a job takes. ``jobParameters``
are the pieces of the command line: constants as they are, a template of outputs with ``${SN}`` as
the number of the job. Read from panda-client@2.2.0:pandaclient/PrunScript.py, what it submits.
"""

from __future__ import annotations

from typing import Any
from typing import Mapping

from fakeserver.jobs import JobSpec
from fakeserver.jobs import OutputFile

TRANSFORM = "http://pandaserver.sim:25085/trf/user/payload"


def jobs_of(task: Mapping[str, Any], *, first_id: int, jobs_max: int) -> list[JobSpec]:
    """Return the jobs of a *task*, at most *jobs_max*, with ids from *first_id*."""
    params = task["params"]
    count = min(number_of_jobs(params), jobs_max)
    return [_job(task, panda_id=first_id + number, number=number + 1) for number in range(count)]


def number_of_jobs(params: Mapping[str, Any]) -> int:
    """Return into how many jobs a task is split."""
    for whole, part in (("nFiles", "nFilesPerJob"), ("nEvents", "nEventsPerJob")):
        total, each = _count(params.get(whole)), _count(params.get(part))
        if total and each:
            return -(-total // each)
    return max(1, _count(params.get("nJobs")))


def _count(value: Any) -> int:
    try:
        return max(0, int(value or 0))
    except (TypeError, ValueError):
        return 0


def _job(task: Mapping[str, Any], *, panda_id: int, number: int) -> JobSpec:
    params = task["params"]
    analysis = params.get("taskType") == "anal"
    pieces = list(params.get("jobParameters") or ())
    serial = f"{number:06d}"
    outputs = tuple(
        OutputFile(
            _numbered(str(piece["value"]), serial), dataset=str(piece.get("dataset", "NULL"))
        )
        for piece in pieces
        if piece.get("type") == "template" and piece.get("param_type") == "output"
    )
    return JobSpec(
        panda_id,
        str(params.get("site") or ""),
        kind="analysis" if analysis else "production",
        label=str(params["prodSourceLabel"]),
        processing_type=str(params.get("processingType") or ""),
        name=f"{task['name']}.{serial}",
        task_id=task["id"],
        definition_id=number,
        outputs=outputs,
        log=OutputFile(f"{task['name'].strip('/')}.log.{panda_id}.tgz"),
        transformation=str(params.get("transPath") or TRANSFORM),
        job_pars=" ".join(_numbered(str(piece.get("value", "")), serial) for piece in pieces),
        release=str(params.get("transUses") or "NULL"),
        core_count=_count(params.get("coreCount")) or 1,
        max_walltime=_count(params.get("walltime")),
        min_ram_count=_count(params.get("ramCount")),
        priority=_count(params.get("taskPriority")) or 1000,
        user=str(task["dn"] or task["user"]),
        vo=str(params.get("vo") or ""),
        working_group=str(params.get("workingGroup") or ""),
        max_attempt=_count(params.get("maxAttempt")),
    )


def _numbered(text: str, serial: str) -> str:
    return text.replace("${SN}", serial).replace("${SN/P}", serial)
