"""Clients submit jobs, look at them, kill and reassign them."""

from __future__ import annotations

import json
from typing import Any

from fakeserver.clientjobs import describe
from fakeserver.clientjobs import read_jobs
from fakeserver.columns import row_of
from fakeserver.jobs import Job
from fakeserver.killing import may_kill
from fakeserver.registry import Answer
from fakeserver.registry import Call
from fakeserver.registry import FileAnswer
from fakeserver.registry import endpoint
from fakeserver.states import FINAL
from fakeserver.states import State
from fakeserver.submission import SubmissionError
from fakeserver.submission import submit_drafts

IDS_MAX = 5500
GONE_S = 3600.0


@endpoint(
    "submit_jobs",
    about="take jobs that a client wrote",
    source="panda-server@9cc36033:api/v1/job_api.py#L381, taskbuffer/TaskBuffer.py#L188",
    modern="job/submit",
    takes="- jobs str required",
    production=False,
)
def submit_jobs(call: Call) -> Answer:
    """Answer with PanDA id, definition id and jobset of each, or why none was taken."""
    try:
        drafts = read_jobs(call.text("jobs"))
    except ValueError as error:
        return Answer(success=False, message=f"Failed to deserialize jobs: {error}")
    try:
        jobs = submit_drafts(
            call.server, drafts, call.identity, production=call.production, now=call.now
        )
    except SubmissionError as error:
        call.server.table.refuse(None, pilot=call.who or call.person, why=str(error))
        return Answer(success=False, message=str(error))
    return Answer(modern=[_receipt(job) for job in jobs])


def _receipt(job: Job) -> list[Any]:
    definition = job.spec.definition_id or job.panda_id
    return [job.panda_id, definition, {"jobsetID": job.spec.jobset_id or "NULL"}]


@endpoint(
    "get_job_description",
    about="describe jobs that are not archived, column by column",
    source="panda-server@9cc36033:api/v1/job_api.py#L81",
    modern="job/get_description",
    method="",
    takes="- job_ids ints required",
    production=False,
)
def get_job_description(call: Call) -> Answer:
    """Answer with one description a job, null for one that is not there."""
    found = (_find(call, number) for number in call.values["job_ids"][:IDS_MAX])
    return Answer(modern=[None if job is None or job.archived else describe(job) for job in found])


@endpoint(
    "get_job_description_incl_archive",
    about="describe jobs, archived ones too",
    source="panda-server@9cc36033:api/v1/job_api.py#L121",
    modern="job/get_description_incl_archive",
    method="",
    takes="- job_ids ints required",
    production=False,
)
def get_job_description_incl_archive(call: Call) -> Answer:
    """Answer with one description a job, null for one that is not there."""
    found = (_find(call, number) for number in call.values["job_ids"][:IDS_MAX])
    return Answer(modern=[None if job is None else describe(job) for job in found])


def _find(call: Call, number: int) -> Job | None:
    return call.server.jobs.get(number)


@endpoint(
    "kill_jobs",
    about="kill jobs that the caller may kill",
    source="panda-server@9cc36033:api/v1/job_api.py#L226, "
    "taskbuffer/db_proxy_mods/job_complex_module.py#L795",
    modern="job/kill",
    takes="""
        -  job_ids          ints  required
        -  code             int
        -  use_email_as_id  bool
        -  kill_options     list
    """,
    production=False,
)
def kill_jobs(call: Call) -> Answer:
    """Answer with one yes or no for each job."""
    return Answer(modern=[kill_one(call, number) for number in call.values["job_ids"]])


def kill_one(call: Call, number: int) -> bool:
    """Kill one job as the caller, who may not, and return whether that changed anything."""
    job = _find(call, number)
    if job is None:
        return False
    code = call.text("code")
    anybody = not call.identity.known and call.server.policy.anonymous
    if not anybody and not may_kill(job, call.identity, code=code):
        why = f"{call.person} may not kill it"
        call.server.table.refuse(number, pilot=call.who or call.person, why=why)
        return False
    by = call.person or "user"
    return call.server.kill(number, by=by, code=code, production=call.production)


@endpoint(
    "reassign_jobs",
    about="have the queue of jobs chosen anew",
    source="panda-server@9cc36033:api/v1/job_api.py#L288",
    modern="job/reassign",
    takes="- job_ids ints required",
    production=False,
)
def reassign_jobs(call: Call) -> Answer:
    """Answer yes, whatever came of it."""
    for number in call.values["job_ids"]:
        if _find(call, number) is not None:
            call.server.reassign(number, by=call.person or "user")
    return Answer()


@endpoint(
    "set_command",
    about="leave a command for the pilot of a job",
    source="panda-server@9cc36033:api/v1/job_api.py#L315, "
    "taskbuffer/db_proxy_mods/job_standalone_module.py#L2558",
    modern="job/set_command",
    takes="""
        -  job_id   int  required
        -  command  str  required
    """,
)
def set_command(call: Call) -> Answer:
    """Leave it, or say why not."""
    number = call.whole("job_id")
    job = _find(call, number)
    if job is None or job.final:
        return Answer(success=False, message=f"no active PanDA job with ID {number}")
    call.server.set_command(number, call.text("command"))
    return Answer(message=f"command to PandaID={number} is set to {call.text('command')}")


@endpoint(
    "get_metadata_for_analysis_jobs",
    about="give the job reports of a task's analysis jobs that finished",
    source="panda-server@9cc36033:api/v1/job_api.py#L195, "
    "taskbuffer/db_proxy_mods/job_standalone_module.py#L2155",
    modern="job/get_metadata_for_analysis_jobs",
    method="GET",
    takes="- task_id int required",
    production=False,
)
def get_metadata_for_analysis_jobs(call: Call) -> Answer:
    """Answer with reports by job."""
    told = {}
    for job in call.server.table.of_task(call.whole("task_id")).values():
        if job.state is State.FINISHED and job.spec.source_label == "user":
            report = _report(job)
            if report is not None:
                told[job.panda_id] = report
    return Answer(modern=told, message="" if told else "No metadata found")


def _report(job: Job) -> Any:
    try:
        return json.loads(job.fields.get("metaData", ""))
    except (TypeError, ValueError):
        return None


@endpoint(
    "generate_offline_execution_script",
    about="give a script that runs a job by hand",
    source="panda-server@9cc36033:api/v1/job_api.py#L162",
    modern="job/generate_offline_execution_script",
    method="GET",
    takes="""
        -  job_id  int  required
        -  days    int
    """,
    secure=False,
    production=False,
)
def generate_offline_execution_script(call: Call) -> FileAnswer:
    """Answer with the text of a script, or with an error."""
    job = _find(call, call.whole("job_id"))
    if job is None:
        text = f"ERROR: The job {call.whole('job_id')} is not found"
        return FileAnswer(body=text.encode(), kind="text/plain")
    name = job.spec.transformation.rpartition("/")[2]
    lines = [
        "#!/bin/bash",
        *(f"rucio download --no-subdir {each.scope}:{each.lfn}" for each in job.spec.inputs),
        f"wget {job.spec.transformation}",
        f"chmod +x {name}",
        f"./{name} {job.spec.job_pars}",
    ]
    return FileAnswer(body="\n".join([*lines, ""]).encode(), kind="text/plain")


def descriptions(jobs: list[Job]) -> list[dict[str, Any]]:
    """Return descriptions of *jobs* with their duration, for a task."""
    told = []
    for job in jobs[:IDS_MAX]:
        described = describe(job)
        row = row_of(job)
        over = job.final and row["startTime"] and row["endTime"]
        described["jobDuration"] = _length(job) if over else None
        told.append(described)
    return told


def _length(job: Job) -> float:
    ends = [job.times[state.value] for state in FINAL if state.value in job.times]
    return max(ends) - job.times.get("sent", min(job.times.values()))
