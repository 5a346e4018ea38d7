"""Clients register tasks, command them and look at them."""

from __future__ import annotations

import json
from datetime import datetime
from datetime import timezone
from typing import Any

from fakeserver.columns import files_of
from fakeserver.endpoints.submission import descriptions
from fakeserver.endpoints.submission import kill_one
from fakeserver.operation.datasets import datasets
from fakeserver.registry import Answer
from fakeserver.registry import Call
from fakeserver.registry import endpoint
from fakeserver.states import State
from simkernel import utc_text

NOT_OWNER = "not the task owner or no production role"
NOT_FOUND = "Task not found"
NO_TASK = "Task not found or error retrieving the details"
NO_DATA = "No data found for the task"
SOURCE = "panda-server@9cc36033:api/v1/task_api.py#L{}"


def number_of(call: Call) -> int:
    """Return the task that a call is about."""
    return call.whole("task_id")


def command(call: Call, what: str, *, success_only: bool = True) -> Answer:
    """Give a task a command, in the words of the real server."""
    number = number_of(call)
    if not call.server.tasks.owns(number, call.identity, production=call.production):
        return Answer(success=False, message=NOT_OWNER)
    code, text = call.server.tasks.command(number, what, call.identity, now=call.now)
    return Answer(success=code == 0 or not success_only, message=text, modern=code)


@endpoint(
    "submit_task",
    about="register a task, which becomes its jobs",
    source=SOURCE.format(1329),
    modern="task/submit",
    takes="""
        -  task_parameters  dict  required
        -  parent_tid       int
    """,
    production=False,
)
def submit_task(call: Call) -> Answer:
    """Answer with the number of the task, or a code and why not."""
    params: dict[str, Any] = dict(call.values["task_parameters"])
    params["parent_tid"] = call.values.get("parent_tid")
    code, text = call.server.tasks.submit(
        params, call.identity, production=call.production, now=call.now
    )
    if code not in (0, 3):
        return Answer(success=False, message=text, modern=code)
    digits = text.partition("jediTaskID=")[2].split()[0]
    return Answer(message=text, modern=int(digits))


@endpoint(
    "retry_task",
    about="try again what failed of a task",
    source=SOURCE.format(42),
    modern="task/retry",
    takes="""
        -  task_id                int  required
        -  new_parameters         text|dict
        -  no_child_retry         bool
        -  discard_events         bool
        -  disable_staging_mode   bool
        -  keep_gshare_priority   bool
        -  ignore_hard_exhausted  bool
    """,
    production=False,
)
def retry_task(call: Call) -> Answer:
    """Answer with a code; of a running task the failed jobs are tried again at once."""
    answer = command(call, "retry", success_only=False)
    if answer.modern != 5:
        return answer
    call.server.tasks.retry_failed(number_of(call), now=call.now)
    text = f"retry has been triggered for failed jobs while the task is still {answer.message}"
    return Answer(message=text, modern=0)


@endpoint(
    "kill_task",
    about="end a task and its jobs",
    source=SOURCE.format(322),
    modern="task/kill",
    takes="""
        -  task_id    int  required
        -  broadcast  bool
    """,
    production=False,
)
def kill_task(call: Call) -> Answer:
    """Answer with a code."""
    return command(call, "kill")


@endpoint(
    "finish_task",
    about="let a task end with what its running jobs make",
    source=SOURCE.format(434),
    modern="task/finish",
    takes="""
        -  task_id    int  required
        -  soft       bool
        -  broadcast  bool
    """,
    production=False,
)
def finish_task(call: Call) -> Answer:
    """Answer with a code."""
    return command(call, "finish")


@endpoint(
    "pause_task",
    about="pause a task",
    source=SOURCE.format(282),
    modern="task/pause",
    takes="- task_id int required",
)
def pause_task(call: Call) -> Answer:
    """Answer with a code."""
    return command(call, "pause")


@endpoint(
    "resume_task",
    about="let a paused task go on",
    source=SOURCE.format(144),
    modern="task/resume",
    takes="- task_id int required",
)
def resume_task(call: Call) -> Answer:
    """Answer with a code."""
    return command(call, "resume")


@endpoint(
    "release_task",
    about="let a task go on that waits for its first jobs",
    source=SOURCE.format(185),
    modern="task/release",
    takes="- task_id int required",
)
def release_task(call: Call) -> Answer:
    """Answer with a code."""
    return command(call, "release")


@endpoint(
    "avalanche_task",
    about="let a task make all its jobs at once",
    source=SOURCE.format(527),
    modern="task/avalanche",
    takes="- task_id int required",
)
def avalanche_task(call: Call) -> Answer:
    """Answer with a code; no task here ever waits for its scouts."""
    return command(call, "avalanche")


@endpoint(
    "reactivate_task",
    about="try again what failed of a task that is over",
    source=SOURCE.format(488),
    modern="task/reactivate",
    takes="""
        -  task_id                 int   required
        -  keep_attempt_nr         bool
        -  trigger_job_generation  bool
    """,
)
def reactivate_task(call: Call) -> Answer:
    """Answer 1, or 0 for a task that is not there."""
    number = number_of(call)
    if call.server.tasks.get(number) is None:
        return Answer(success=False, message="unknown task", modern=0)
    call.server.tasks.reactivate(number, by=call.person, now=call.now)
    return Answer(message="succeeded", modern=1)


@endpoint(
    "reload_input",
    about="look again for inputs of a task, and try again what failed",
    source=SOURCE.format(567),
    modern="task/reload_input",
    takes="""
        -  task_id                int   required
        -  ignore_hard_exhausted  bool
    """,
    production=False,
)
def reload_input(call: Call) -> Answer:
    """Answer with a code; inputs of a task here never change."""
    return command(call, "retry")


@endpoint(
    "get_parent_detailed_info",
    about="describe the task that a task belongs to",
    source=SOURCE.format(1467),
    modern="task/get_parent_detailed_info",
    method="GET",
    takes="- task_id int required",
    production=False,
)
def get_parent_detailed_info(call: Call) -> Answer:
    """Answer with names and values."""
    task = call.server.tasks.get(number_of(call))
    details = call.server.tasks.details(int(task["parent"] or 0)) if task else None
    return Answer(success=details is not None, message="" if details else NOT_FOUND, modern=details)


@endpoint(
    "get_tasks_detailed_info_since",
    about="describe the caller's tasks that changed since a date",
    source=SOURCE.format(1136),
    modern="task/get_tasks_detailed_info_since",
    method="GET",
    takes="""
        -  since    str
        -  filters  str
        -  n_tasks  int
    """,
    production=False,
)
def get_tasks_detailed_info_since(call: Call) -> Answer:
    """Answer with a list, the latest first; filters are not modelled."""
    since = _instant(call.text("since"))
    own = [
        task
        for task in call.server.tasks.tasks.values()
        if task["changed"] >= since
        and task["user"] in (call.person, "" if call.person else task["user"])
    ]
    ordered = sorted(own, key=lambda task: (-task["changed"], -task["id"]))
    count = call.whole("n_tasks") or 500
    return Answer(modern=[call.server.tasks.details(task["id"]) for task in ordered[:count]])


@endpoint(
    "reassign_task",
    about="have the queues of a task's waiting jobs chosen anew",
    source=SOURCE.format(227),
    modern="task/reassign",
    takes="""
        -  task_id  int  required
        -  site     str
        -  cloud    str
        -  nucleus  str
        -  mode     str
    """,
    production=False,
)
def reassign_task(call: Call) -> Answer:
    """Answer with a code."""
    return command(call, "reassign")


@endpoint(
    "kill_unfinished_jobs",
    about="kill what of a task is not over",
    source=SOURCE.format(370),
    modern="task/kill_unfinished_jobs",
    takes="""
        -  task_id          int  required
        -  code             int
        -  use_email_as_id  bool
    """,
    production=False,
)
def kill_unfinished_jobs(call: Call) -> Answer:
    """Answer with one yes or no for each job."""
    jobs = sorted(call.server.table.of_task(number_of(call)))
    return Answer(modern=[kill_one(call, number) for number in jobs])


@endpoint(
    "change_task_priority",
    about="change the priority of a task's waiting jobs",
    source=SOURCE.format(995),
    modern="task/change_priority",
    takes="""
        -  task_id   int  required
        -  priority  int  required
    """,
)
def change_task_priority(call: Call) -> Answer:
    """Answer with how many jobs there are; 0 for an unknown task."""
    jobs = list(call.server.table.of_task(number_of(call)))
    for number in jobs:
        call.server.set_priority(number, int(call.values["priority"]))
    if not jobs:
        return Answer(success=False, message="unknown task", modern=0)
    return Answer(message="succeeded", modern=1)


@endpoint(
    "get_task_status",
    about="say the status of a task",
    source=SOURCE.format(828),
    modern="task/get_status",
    method="GET",
    takes="- task_id int required",
    production=False,
)
def get_task_status(call: Call) -> Answer:
    """Answer with one word."""
    task = call.server.tasks.get(number_of(call))
    if task is None:
        return Answer(success=False, message=NOT_FOUND)
    return Answer(modern=task["status"])


@endpoint(
    "get_task_details",
    about="describe a task",
    source=SOURCE.format(867),
    modern="task/get_details",
    method="GET",
    takes="""
        -  task_id             int   required
        -  include_parameters  bool
        -  include_status      bool
    """,
    production=False,
)
def get_task_details(call: Call) -> Answer:
    """Answer with names and values."""
    details = call.server.tasks.details(number_of(call))
    if details is None:
        return Answer(success=False, message=NO_TASK)
    jobs = call.server.table.of_task(number_of(call)).values()
    sets = datasets(jobs)
    told = details | {
        "mergePandaID": [job.panda_id for job in jobs if job.spec.merges],
        "inDS": ",".join(name for name, each in sets.items() if each["type"] == "input"),
        "outDS": ",".join(name for name, each in sets.items() if each["type"] == "output"),
    }
    return Answer(modern=told)


@endpoint(
    "get_task_detailed_info",
    about="describe a task in full",
    source=SOURCE.format(1427),
    modern="task/get_detailed_info",
    method="GET",
    takes="- task_id int required",
    production=False,
)
def get_task_detailed_info(call: Call) -> Answer:
    """Answer with names and values."""
    details = call.server.tasks.details(number_of(call))
    return Answer(success=details is not None, message="" if details else NOT_FOUND, modern=details)


@endpoint(
    "get_task_parameters",
    about="give the parameters with which a task was registered",
    source=SOURCE.format(1380),
    modern="task/get_task_parameters",
    method="GET",
    takes="- task_id int required",
    production=False,
)
def get_task_parameters(call: Call) -> Answer:
    """Answer with names and values."""
    text = call.server.tasks.params(number_of(call))
    if text is None:
        return Answer(success=False, message=NOT_FOUND)
    return Answer(modern=json.loads(text))


@endpoint(
    "get_task_job_ids",
    about="list the jobs of a task",
    source=SOURCE.format(1295),
    modern="task/get_job_ids",
    method="GET",
    takes="- task_id int required",
    production=False,
)
def get_task_job_ids(call: Call) -> Answer:
    """Answer with ids."""
    return Answer(modern=sorted(call.server.table.of_task(number_of(call))))


@endpoint(
    "get_task_job_descriptions",
    about="describe the jobs of a task",
    source=SOURCE.format(1523),
    modern="task/get_job_descriptions",
    method="GET",
    takes="""
        -  task_id            int  required
        -  unsuccessful_only  bool
    """,
    production=False,
)
def get_task_job_descriptions(call: Call) -> Answer:
    """Answer with one description a job."""
    jobs = [job for _, job in sorted(call.server.table.of_task(number_of(call)).items())]
    if call.values.get("unsuccessful_only"):
        bad = (State.FAILED, State.CANCELLED, State.CLOSED)
        jobs = [job for job in jobs if job.state in bad]
    return Answer(modern=descriptions(jobs))


@endpoint(
    "get_tasks_modified_since",
    about="list the tasks that changed since a date",
    source=SOURCE.format(1099),
    modern="task/get_tasks_modified_since",
    method="GET",
    takes="""
        -  since              str  required
        -  dn                 str
        -  full               bool
        -  min_task_id        int
        -  prod_source_label  str
    """,
    production=False,
)
def get_tasks_modified_since(call: Call) -> Answer:
    """Answer with what is told of each task, by number."""
    since = _instant(call.text("since"))
    told = {}
    for key, task in sorted(call.server.tasks.tasks.items(), key=lambda pair: int(pair[0])):
        label = call.text("prod_source_label") or "user"
        own = task["params"].get("prodSourceLabel") == label
        if task["changed"] >= since and int(key) >= call.whole("min_task_id") and own:
            told[key] = call.server.tasks.details(int(key))
    return Answer(modern=told)


def _instant(text: str) -> float:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return 0.0
    return when.replace(tzinfo=when.tzinfo or timezone.utc).timestamp()


@endpoint(
    "get_datasets_and_files",
    about="list the datasets of a task and their files",
    source=SOURCE.format(1237),
    modern="task/get_datasets_and_files",
    method="GET",
    takes="""
        -  task_id        int  required
        -  dataset_types  list
        -  dataset_only   bool
    """,
    production=False,
)
def get_datasets_and_files(call: Call) -> Answer:
    """Answer with files by dataset."""
    kinds = call.values.get("dataset_types") or ["input", "pseudo_input"]
    wanted = [word for each in kinds for word in str(each).split(",")]
    found: dict[str, list[dict[str, Any]]] = {}
    for job in call.server.table.of_task(number_of(call)).values():
        for row in files_of(job):
            if row["type"] in wanted:
                found.setdefault(row["dataset"], []).append(
                    {
                        "lfn": row["lfn"],
                        "scope": row["scope"],
                        "id": row["row_ID"],
                        "status": row["status"],
                    }
                )
    if not found:
        return Answer(success=False, message=NO_DATA)
    told = [
        {"dataset": {"name": name, "id": number}, "files": files}
        for number, (name, files) in enumerate(sorted(found.items()), 1)
    ]
    return Answer(modern=told)


@endpoint(
    "increase_attempts",
    about="allow the jobs of a task more attempts",
    source=SOURCE.format(781),
    modern="task/increase_attempts",
    takes="""
        -  task_id   int  required
        -  increase  int  required
    """,
)
def increase_attempts(call: Call) -> Answer:
    """Answer with a code; jobs that are not over may try so often more."""
    more = call.whole("increase")
    changed = call.server.allow_attempts(number_of(call), more)
    text = f"increased attempts by {more} for {changed} jobs at {utc_text(call.now)}"
    return Answer(message=text, modern=0)
