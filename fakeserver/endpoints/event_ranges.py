"""A pilot takes event ranges, says what became of them, and asks how many are left."""

from __future__ import annotations

import json
from typing import Any

from fakeserver.codes import StatusCode
from fakeserver.registry import Answer
from fakeserver.registry import Call
from fakeserver.registry import endpoint
from fakeserver.variables import VariableError

DATABASE = "database error in the PanDA server"


@endpoint(
    "acquire_event_ranges",
    about="give ranges of events to a job of the event service or to a clone",
    source="panda-server@2e1a1449:jobdispatcher/JobDispatcher.py#L1201, "
    "@9cc36033:api/v1/event_api.py#L110",
    legacy="getEventRanges",
    modern="event/acquire_event_ranges",
    takes="""
        pandaID     job_id      int   required
        jobsetID    jobset_id   int   required
        taskID      task_id     int
        nRanges     n_ranges    int
        timeout     timeout     int
        scattered   scattered   bool
        segment_id  segment_id  int
    """,
    refusal="text",
)
def acquire_event_ranges(call: Call) -> Answer:
    """Answer with a list, empty when nothing is left or another clone was first."""
    given = call.server.acquire_ranges(
        call.whole("pandaID"), count=call.whole("nRanges", 10), who=call.who, now=call.now
    )
    records = [each.record() for each in given]
    return Answer(
        legacy={"StatusCode": int(StatusCode.SUCCESS), "eventRanges": records}, modern=records
    )


@endpoint(
    "update_event_ranges",
    about="note what became of event ranges",
    source="panda-server@2e1a1449:jobdispatcher/JobDispatcher.py#L1300, "
    "@9cc36033:api/v1/event_api.py#L229",
    legacy="updateEventRanges",
    modern="event/update_event_ranges",
    takes="""
        eventRanges  event_ranges  str  required
        timeout      timeout       int
        version      version       int
        pandaID      -             int
    """,
    refusal="text",
)
def update_event_ranges(call: Call) -> Answer:
    """Answer with an outcome for each range and a command for each job.

    api/v1 at 9cc36033 builds a set of lists and so answers HTTP 500; here it does what it says.
    """
    outcomes, commands = call.server.update_ranges(
        entries_of(call), version=call.whole("version"), who=call.who
    )
    return Answer(
        legacy={
            "StatusCode": int(StatusCode.SUCCESS),
            "Returns": outcomes,
            "Command": commands,
        },
        modern={"Returns": outcomes, "Commands": commands},
    )


@endpoint(
    "update_event_range",
    about="note what became of one event range",
    source="panda-server@2e1a1449:jobdispatcher/JobDispatcher.py#L1258, "
    "@9cc36033:api/v1/event_api.py#L170",
    legacy="updateEventRange",
    modern="event/update_single_event_range",
    takes="""
        eventRangeID        event_range_id        str  required
        eventStatus         event_range_status    str  required
        coreCount           core_count            int
        cpuConsumptionTime  cpu_consumption_time  any
        objstoreID          object_store_id       any
        timeout             timeout               int
        pandaID             -                     int
    """,
    refusal="text",
)
def update_event_range(call: Call) -> Answer:
    """Answer with a command, or that it failed."""
    entry = {name: call.text(name) for name in ("eventRangeID", "eventStatus")}
    outcomes, commands = call.server.update_ranges([entry], who=call.who)
    if outcomes == [False]:
        failed = {"StatusCode": int(StatusCode.FAILED)}
        return Answer(legacy=failed, success=False, message=DATABASE)
    command = next(iter(commands.values()), None)
    return Answer(
        legacy={"StatusCode": int(StatusCode.SUCCESS), "Command": command},
        modern={"Command": command},
    )


@endpoint(
    "get_event_range_statuses",
    about="say what became of the event ranges of jobs",
    source="panda-server@2e1a1449:jobdispatcher/JobDispatcher.py#L1480, "
    "@9cc36033:api/v1/event_api.py#L72, taskbuffer/db_proxy_mods/task_event_module.py#L669",
    legacy="get_events_status",
    modern="event/get_event_range_statuses",
    method="GET",
    takes="ids job_task_ids str required",
    production=False,
    refusal="",
)
def get_event_range_statuses(call: Call) -> Answer:
    """Answer with status and error by range and job."""
    try:
        pairs = json.loads(call.text("ids"))
        jobs = [int(pair.get("panda_id", pair.get("job_id"))) for pair in pairs]
    except (AttributeError, TypeError, ValueError):
        return Answer(legacy="null", success=False, message=DATABASE)
    told = {
        job: {
            each.name: {"status": each.status, "error": each.error or None, "dialog": None}
            for each in call.server.ranges.held(job)
        }
        for job in jobs
    }
    return Answer(legacy=json.dumps(told), modern=told)


def entries_of(call: Call) -> list[Any]:
    """Return the entries, which travel as JSON in a variable; raise VariableError for garbage."""
    try:
        entries = json.loads(call.text("eventRanges"))
    except ValueError as error:
        raise VariableError(str(error)) from error
    if not isinstance(entries, list):
        raise VariableError("eventRanges is not a list")
    return entries


@endpoint(
    "get_available_event_range_count",
    about="count the event ranges that still wait for a job",
    source="panda-server@2e1a1449:jobdispatcher/JobDispatcher.py#L1329, "
    "@9cc36033:api/v1/event_api.py#L31",
    legacy="checkEventsAvailability",
    modern="event/get_available_event_range_count",
    method="GET",
    takes="""
        pandaID   job_id     int  required
        jobsetID  jobset_id  int  required
        taskID    task_id    int  required
        timeout   timeout    any
    """,
    refusal="text",
)
def get_available_event_range_count(call: Call) -> Answer:
    """Answer with the number for the jobset."""
    count = len(call.server.ranges.ready(call.whole("jobsetID")))
    return Answer(
        legacy={"StatusCode": int(StatusCode.SUCCESS), "nEventRanges": count},
        modern=count,
        always_json=True,
    )
