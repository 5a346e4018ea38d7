"""Jobs as plain records and back: what is kept of a job, and what a snapshot shows of it.

The specification of a job is a record of its own: it is long and hardly ever changes, while the
job around it changes with each update.
"""

from __future__ import annotations

from dataclasses import MISSING
from dataclasses import fields
from typing import Any
from typing import Mapping

from fakeserver.jobs import InputFile
from fakeserver.jobs import Job
from fakeserver.jobs import JobSpec
from fakeserver.jobs import OutputFile
from fakeserver.jobs import spec_from
from fakeserver.states import State

_SPEC = tuple(each for each in fields(JobSpec))
_FILES: Mapping[type, tuple[Any, ...]] = {
    kind: tuple(fields(kind)) for kind in (InputFile, OutputFile)
}
_JOB = tuple(each.name for each in fields(Job) if each.name != "spec")


def plain_spec(spec: JobSpec) -> dict[str, Any]:
    """Return *spec* as ``jobs.spec_from`` reads it; what is as it always is, is left out."""
    record: dict[str, Any] = {}
    for each in _SPEC:
        value = getattr(spec, each.name)
        if value == (each.default if each.default is not MISSING else {}):
            continue
        record[each.name] = _plain(value)
    return record


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, (InputFile, OutputFile)):
        described = _FILES[type(value)]
        said = {each.name: getattr(value, each.name) for each in described}
        return {each.name: said[each.name] for each in described if said[each.name] != each.default}
    return dict(value) if isinstance(value, Mapping) else value


def plain_job(job: Job) -> dict[str, Any]:
    """Return what changes about *job*."""
    record = {name: getattr(job, name) for name in _JOB}
    record["state"] = job.state.value
    record["fields"] = dict(sorted(job.fields.items()))
    record["registered"] = list(job.registered)
    record["times"] = dict(job.times)
    record["stored"] = dict(job.stored)
    return record


def job_from(spec: Mapping[str, Any], record: Mapping[str, Any]) -> Job:
    """Return the job that ``plain_spec`` and ``plain_job`` were made of."""
    values = {name: record[name] for name in _JOB if name in record}
    values["state"] = State(record["state"])
    for name in ("fields", "times", "stored"):
        values[name] = dict(record.get(name, {}))
    values["registered"] = list(record.get("registered", ()))
    return Job(spec_from(spec), **values)
