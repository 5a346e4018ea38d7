"""Datasets: what belongs to them, and how far the jobs that write them have come.

Read from panda-server@9cc36033:dataservice/closer.py: a dataset of outputs is closed when no job
writes it any more. Here its status follows from the jobs.
"""

from __future__ import annotations

from typing import Any
from typing import Iterable

from fakeserver.columns import files_of
from fakeserver.jobs import Job
from fakeserver.ranges import GOOD
from fakeserver.ranges import RangeTable
from fakeserver.states import QUEUED


def datasets(jobs: Iterable[Job]) -> dict[str, dict[str, Any]]:
    """Return type, status and number of files of each dataset that *jobs* read or write.

    An input dataset is *ready*; one of outputs *defined* until a pilot has a job of it, *running*
    while any job may write it, then *closed*.
    """
    found: dict[str, dict[str, Any]] = {}
    for job in jobs:
        for row in files_of(job):
            kind = "input" if row["type"] == "input" else "output"
            entry = found.setdefault(
                row["dataset"], {"type": kind, "files": {}, "open": 0, "begun": 0}
            )
            entry["files"][row["lfn"]] = row["status"]
            entry["open"] += not job.final
            entry["begun"] += job.final or job.state not in QUEUED
    return {name: _told(entry) for name, entry in sorted(found.items())}


def processed(ranges: RangeTable, jobset: int) -> dict[str, Any]:
    """Return what of the events of *jobset* is processed so far, for a dataset of a user.

    *files* are the pieces that are done, by the names under which their jobs knew them.
    """
    known = ranges.of(jobset)
    good = [each for each in known if each.status in GOOD]
    events = sum(each.last - each.first + 1 for each in good)
    return {
        "jobset": jobset,
        "ranges": len(known),
        "done": len(good),
        "events": events,
        "files": [f"{each.name}.tar" for each in good],
    }


def _told(entry: dict[str, Any]) -> dict[str, Any]:
    if entry["type"] == "input":
        status = "ready"
    elif not entry["open"]:
        status = "closed"
    else:
        status = "running" if entry["begun"] else "defined"
    ready = sum(state == "ready" for state in entry["files"].values())
    return {
        "type": entry["type"],
        "status": status,
        "files": len(entry["files"]),
        "ready": ready,
    }
