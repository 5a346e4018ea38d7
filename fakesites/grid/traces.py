"""Traces of PanDA jobs in CSV: read as a workload, written as the result of a run.

The columns are those that dumps of PanDA's job table have, e.g. toy_data/mimic_job.csv of
github.com/kennywlo/CGSim. Read are creation time, cores, times, bytes, files, sites, status and
pilot error code; a job that had failed with one fails with it again. What is written can be
read again.
"""

from __future__ import annotations

import csv
import math
from datetime import datetime
from datetime import timezone
from operator import attrgetter
from pathlib import Path
from typing import Mapping
from typing import Sequence

from fakesites.grid.records import FAILED
from fakesites.grid.records import FINISHED
from fakesites.grid.records import Job
from simkernel import ScenarioError
from simkernel import nearest

COLUMNS = (
    "pandaid", "creationtime", "starttime", "endtime", "computingelement", "assignedpriority",
    "currentpriority", "jobstatus", "jobname", "cpuconsumptiontime", "computingsite",
    "cpuconversion", "job_walltime", "job_queuetime", "cpu_eff", "destinationdblock",
    "destinationse", "sourcesite", "transfertype", "corecount", "ninputdatafiles",
    "inputfilebytes", "noutputdatafiles", "outputfilebytes", "piloterrorcode", "exeerrorcode",
    "ddmerrorcode", "jobdispatchererrorcode", "taskbuffererrorcode", "pilottiming", "files_info",
)  # fmt: skip
NEEDED = ("pandaid", "creationtime", "cpuconsumptiontime", "corecount")
TIMES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M", "%m/%d/%Y %H:%M",
         "%m/%d/%Y %H:%M:%S", "%d-%b-%Y %H:%M:%S")  # fmt: skip


def read_trace(path: Path, *, sites: Mapping[str, str]) -> list[Job]:
    """Return the jobs of the trace at *path*, first the earliest; *sites* by every name they have.

    Raises ScenarioError, with the line, for a row that is no job.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            check_header(rows.fieldnames or (), where=str(path))
            jobs = [
                _job(row, sites, where=f"{path}:{number}") for number, row in enumerate(rows, 2)
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ScenarioError(str(error), where=str(path)) from error
    if not jobs:
        raise ScenarioError("a trace without a job", where=str(path))
    jobs.sort(key=attrgetter("created", "number"))
    first = jobs[0].created
    for job in jobs:
        job.created -= first
    return jobs


def check_header(columns: Sequence[str], *, where: str) -> None:
    """Raise ScenarioError if a column that is needed is not among *columns*."""
    for name in NEEDED:
        if name not in columns:
            near = nearest(name, list(columns), count=1)
            remedy = f"there is {near[0]}" if near else f"needed are {', '.join(NEEDED)}"
            raise ScenarioError(f"no column {name!r}", where=f"{where}:1", remedy=remedy)


def _job(row: Mapping[str, str], sites: Mapping[str, str], *, where: str) -> Job:
    cores = max(1, int(_number(row, "corecount", where=where)))
    site, source = (sites.get(row.get(name) or "", "") for name in ("computingsite", "sourcesite"))
    failed = (row.get("jobstatus") or "").strip().lower() == FAILED
    return Job(
        int(_number(row, "pandaid", where=where)),
        created=_instant(row, where=where),
        payload_s=_payload_s(row, cores, where=where),
        cores=cores,
        priority=int(_number(row, "currentpriority", where=where)),
        input_bytes=int(_number(row, "inputfilebytes", where=where)),
        output_bytes=int(_number(row, "outputfilebytes", where=where)),
        input_files=int(_number(row, "ninputdatafiles", where=where)),
        output_files=int(_number(row, "noutputdatafiles", where=where)),
        source=source,
        site=site,
        name=row.get("jobname") or "",
        code=int(_number(row, "piloterrorcode", where=where)) if failed else 0,
    )


def _payload_s(row: Mapping[str, str], cores: int, *, where: str) -> float:
    """Return how long the payload ran: what the pilot measured, or else its CPU time a core."""
    timing = (row.get("pilottiming") or "").split("|")
    if len(timing) > 2 and timing[2].strip().isdigit() and int(timing[2]) > 0:
        return float(timing[2])
    return _number(row, "cpuconsumptiontime", where=where) / cores


def _number(row: Mapping[str, str], name: str, *, where: str) -> float:
    text = (row.get(name) or "").strip()
    if text.lower() in ("", "null", "none", "nan"):
        return 0.0
    try:
        value = float(text)
    except ValueError:
        raise ScenarioError(f"{name} = {text!r} is no number", where=where) from None
    if not (0 if name != "currentpriority" else -math.inf) <= value < math.inf:
        raise ScenarioError(f"{name} = {text!r} is out of range", where=where)
    return value


def _instant(row: Mapping[str, str], *, where: str) -> float:
    text = (row.get("creationtime") or "").strip()
    try:
        return float(text)
    except ValueError:
        pass
    for form in TIMES:
        try:
            return datetime.strptime(text, form).replace(tzinfo=timezone.utc).timestamp()
        except ValueError:
            continue
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        remedy = "use ISO 8601, month/day/year hours:minutes, or seconds"
        problem = f"creationtime = {text!r} is no time"
        raise ScenarioError(problem, where=where, remedy=remedy) from None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)).timestamp()


def text_of(seconds: float, *, epoch: float) -> str:
    """Return the instant *seconds* after *epoch* as traces have it, in UTC."""
    return datetime.fromtimestamp(epoch + seconds, timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def row_of(job: Job, *, ended: float, code: int, dispatcher: int, epoch: float) -> tuple[str, ...]:
    """Return one attempt of *job* as a row of a trace, in the order of COLUMNS."""
    state = FAILED if code or dispatcher else FINISHED
    wall_s = max(0.0, ended - job.begun)
    cpu_s = job.ran_s * job.cores
    timing = f"0|{job.stage_in_s:.0f}|{job.ran_s:.0f}|{job.stage_out_s:.0f}|0|0"
    values = {
        "pandaid": job.number,
        "creationtime": text_of(job.created, epoch=epoch),
        "starttime": text_of(job.begun, epoch=epoch),
        "endtime": text_of(ended, epoch=epoch),
        "computingelement": job.at,
        "assignedpriority": job.priority,
        "currentpriority": job.priority,
        "jobstatus": state,
        "jobname": job.name,
        "cpuconsumptiontime": f"{cpu_s:.0f}",
        "computingsite": job.at,
        "job_walltime": f"{wall_s:.0f}",
        "job_queuetime": f"{max(0.0, job.begun - job.ready):.0f}",
        "cpu_eff": f"{job.ran_s / wall_s if wall_s else 0.0:.3f}",
        "destinationse": job.at,
        "sourcesite": job.source,
        "corecount": job.cores,
        "ninputdatafiles": job.input_files,
        "inputfilebytes": job.input_bytes,
        "noutputdatafiles": job.output_files,
        "outputfilebytes": job.output_bytes,
        "piloterrorcode": code,
        "exeerrorcode": 0,
        "ddmerrorcode": 0,
        "jobdispatchererrorcode": dispatcher,
        "taskbuffererrorcode": 0,
        "pilottiming": timing,
    }
    return tuple(str(values.get(name, "")) for name in COLUMNS)
