"""The folder in which Harvester and a pilot leave files for each other, and what these are called.

    pandaJobData.out        a job, url-encoded, where the pilot starts
    HPCJobs.json            jobs, {PandaID: record}
    worker_pandaids.json    the jobs that have a folder of their own here, with their files in it
    worker_requestjob.json  the pilot wants a job
    worker_attributes.json  what the pilot says of a job
    event_status.dump.json  files for Harvester to store: outputs, and what was made of ranges
    JobsEventRanges.json    ranges for jobs, {PandaID: [range, …]}
    jobReport.json          what the payload says of itself
    kill_worker             the pilot has ended, its worker may go

Read from pilot3@a090538b:pilot/util/harvester.py, pilot/control/job.py#locate_job_definition, and
harvester@master:pandaharvester/harvestermessenger/shared_file_messenger.py. Not modelled: a pilot
that asks for ranges by a file (worker_requestevents.json); they lie there from the beginning.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Mapping
from urllib.parse import parse_qsl

from pilotcore.records import Record

JOB_FORM = "pandaJobData.out"
JOBS = "HPCJobs.json"
JOB_IDS = "worker_pandaids.json"
JOB_WANTED = "worker_requestjob.json"
ATTRIBUTES = "worker_attributes.json"
TO_STORE = "event_status.dump.json"
RANGES = "JobsEventRanges.json"
REPORT = "jobReport.json"
KILL_WORKER = "kill_worker"


def read_json(path: Path) -> object:
    """Return what the file at *path* says, None if there is none or it is not whole."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def write_json(path: Path, content: object) -> None:
    """Write *content* so that nobody ever reads half of it. Raises OSError."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(json.dumps(content), encoding="utf-8")
    part.replace(path)


def records_in(path: Path) -> list[dict[str, object]]:
    """Return the job records in the file at *path*, each with its PandaID; [] if it has none."""
    try:
        text = path.read_text(encoding="utf-8").strip()
    except OSError:
        return []
    if text.startswith("{"):
        found = read_json(path)
        rows = found if isinstance(found, dict) else {}
        return [{"PandaID": key, **row} for key, row in rows.items() if isinstance(row, dict)]
    form: dict[str, object] = dict(parse_qsl(text, keep_blank_values=True))
    return [form] if form.get("PandaID") else []


def take_record(path: Path) -> Record | None:
    """Return the first job in the file at *path*; what follows it stays there for the next time.

    Where it stands in the file it is nobody's: who takes it has it alone. Raises OSError.
    """
    records = records_in(path)
    if not records:
        return None
    first, *others = records
    if others:
        write_json(path, {str(each["PandaID"]): each for each in others})
    else:
        path.unlink()
    return first


def place_of(folder: Path, panda_id: object) -> Path:
    """Return where the files of a job are: in a folder of its own, if there is one."""
    own = folder / str(panda_id)
    return own if own.is_dir() else folder


def to_store(lfn: str, *, kind: str, path: Path, size: int, adler32: str, guid: str) -> Record:
    """Return the entry of a file that Harvester is to store; *kind* is output, log, es_output."""
    return {
        "lfn": lfn,
        "type": kind,
        "path": str(path),
        "fsize": size,
        "chksum": f"ad:{adler32}",
        "guid": guid,
    }


def attributes(fields: Mapping[str, object]) -> dict[str, object]:
    """Return *fields* of an update as attributes; Harvester calls the state jobStatus."""
    told = {name: value for name, value in fields.items() if value not in (None, "")}
    told.pop("metaData", None)
    return {**told, "jobStatus": fields.get("state")}
