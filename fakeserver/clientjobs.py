"""Jobs as clients write them, and as they read them.

A client sends a list of values in the order of the columns, with the text NULL for nothing and the
files as a list at the end; it is answered with names and values. Times travel under a key of their
own. Read from panda-client@2.2.0:pandaclient/MiscUtils.py (dump_jobs_json, load_jobs), JobSpec.py.
"""

from __future__ import annotations

import json
from typing import Any
from typing import Mapping
from typing import Sequence

from fakeserver.columns import FILE
from fakeserver.columns import JOB
from fakeserver.columns import TIMES
from fakeserver.columns import files_of
from fakeserver.columns import row_of
from fakeserver.identity import Identity
from fakeserver.jobs import ANALYSIS_LABELS
from fakeserver.jobs import InputFile
from fakeserver.jobs import Job
from fakeserver.jobs import JobSpec
from fakeserver.jobs import OutputFile

NOTHING = (None, "", "NULL")
INPUTS = ("input", "pseudo_input")
Draft = dict[str, Any]


def read_jobs(text: str) -> list[Draft]:
    """Return the jobs in *text* as names and values, files under ``Files``. Raises ValueError."""
    states = json.loads(text)
    if not isinstance(states, list):
        raise ValueError("not a list of jobs")
    return [_job(state) for state in states]


def write_jobs(drafts: Sequence[Mapping[str, Any]]) -> str:
    """Return *drafts* (see ``read_jobs``) as a client sends them. Raises ValueError."""
    return json.dumps([_state(draft) for draft in drafts])


def _state(draft: Mapping[str, Any]) -> list[Any]:
    for name in draft:
        if name not in JOB and name != "Files":
            raise ValueError(f"a job has no {name!r}")
    files = [[file.get(name, "NULL") for name in FILE] + [None] for file in draft.get("Files", ())]
    return [*(draft.get(name, "NULL") for name in JOB), files]


def _job(state: Any) -> Draft:
    if not isinstance(state, list) or not state or not isinstance(state[-1], list):
        raise ValueError("not a job")
    # Columns are only ever added: an older client sends fewer.
    values = dict(zip(JOB, state[:-1], strict=False))
    draft = {name: None if value in NOTHING else value for name, value in values.items()}
    draft["Files"] = [_file(each) for each in state[-1]]
    return draft


def _file(state: Any) -> Draft:
    if not isinstance(state, list):
        raise ValueError("not a file")
    values = dict(zip(FILE, state, strict=False))
    return {name: None if value in NOTHING else value for name, value in values.items()}


def spec_from_draft(draft: Mapping[str, Any], identity: Identity, *, panda_id: int) -> JobSpec:
    """Return the job that a client asks for, as the caller's. Raises ValueError."""
    files = draft.get("Files", ())
    label = str(draft.get("prodSourceLabel") or "user")
    logs = [_output(each) for each in files if each.get("type") == "log"]
    return JobSpec(
        panda_id,
        str(draft.get("computingSite") or ""),
        kind="analysis" if label in ANALYSIS_LABELS else "production",
        label=label,
        processing_type=str(draft.get("processingType") or ""),
        name=str(draft.get("jobName") or ""),
        task_id=_whole(draft, "jediTaskID") or _whole(draft, "taskID"),
        definition_id=_whole(draft, "jobDefinitionID"),
        inputs=tuple(_input(each) for each in files if each.get("type") in INPUTS),
        outputs=tuple(_output(each) for each in files if each.get("type") == "output"),
        log=logs[0] if logs else None,
        transformation=str(draft.get("transformation") or ""),
        job_pars=str(draft.get("jobParameters") or " "),
        release=str(draft.get("AtlasRelease") or "NULL"),
        package=str(draft.get("homepackage") or "NULL"),
        platform=str(draft.get("cmtConfig") or "NULL"),
        core_count=_whole(draft, "coreCount") or 1,
        max_walltime=_whole(draft, "maxWalltime"),
        max_cpu_count=_whole(draft, "maxCpuCount"),
        max_disk_count=_whole(draft, "maxDiskCount"),
        min_ram_count=_whole(draft, "minRamCount"),
        resource_type=str(draft.get("resource_type") or "SCORE"),
        priority=_whole(draft, "currentPriority") or _whole(draft, "assignedPriority") or 1000,
        user=identity.dn or str(draft.get("prodUserID") or "nobody"),
        vo=str(draft.get("VO") or ""),
        working_group=str(draft.get("workingGroup") or ""),
        country_group=str(draft.get("countryGroup") or ""),
        attempt=_whole(draft, "attemptNr") or 1,
        max_attempt=_whole(draft, "maxAttempt"),
    )


def _whole(draft: Mapping[str, Any], name: str) -> int:
    try:
        return int(draft.get(name) or 0)
    except (TypeError, ValueError):
        raise ValueError(f"{name}={draft.get(name)!r} is not a number") from None


def _input(file: Mapping[str, Any]) -> InputFile:
    return InputFile(
        str(file.get("lfn") or ""),
        guid=str(file.get("GUID") or ""),
        size=_whole(file, "fsize"),
        adler32=str(file.get("checksum") or "").removeprefix("ad:"),
        scope=str(file.get("scope") or ""),
        dataset=str(file.get("dataset") or "NULL"),
        token=str(file.get("prodDBlockToken") or "NULL"),
    )


def _output(file: Mapping[str, Any]) -> OutputFile:
    return OutputFile(
        str(file.get("lfn") or ""),
        guid=str(file.get("GUID") or ""),
        scope=str(file.get("scope") or ""),
        dataset=str(file.get("destinationDBlock") or file.get("dataset") or "NULL"),
        endpoint=str(file.get("destinationSE") or ""),
    )


def describe(job: Job) -> dict[str, Any]:
    """Return *job* as a client reads it: every column, and the files."""
    row = row_of(job)
    for name in TIMES:
        if row[name] is not None:
            row[name] = {"__datetime__": row[name].replace(" ", "T")}
    row["Files"] = files_of(job)
    return row
