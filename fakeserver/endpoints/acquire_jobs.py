"""A pilot asks for a job, or for several.

A caller without role may still ask for label ``user``, and gets only jobs of his own.
"""

from __future__ import annotations

import re

from fakeserver.codes import StatusCode
from fakeserver.dispatch import JobRequest
from fakeserver.identity import vo_of
from fakeserver.registry import NO_ROLE
from fakeserver.registry import Answer
from fakeserver.registry import Call
from fakeserver.registry import endpoint
from fakeserver.registry import refuse_role

VARIABLES = """
    siteName          site_name          str   required
    timeout           timeout            int
    mem               memory             int
    diskSpace         disk_space         int
    prodSourceLabel   prod_source_label  str
    node              node               str
    computingElement  computing_element  str
    prodUserID        prod_user_id       str
    getProxyKey       get_proxy_key      str
    taskID            task_id            int
    nJobs             n_jobs             int
    background        background         bool
    resourceType      resource_type      str
    harvester_id      harvester_id       str
    worker_id         worker_id          int
    schedulerID       scheduler_id       str
    jobType           job_type           str
    viaTopic          via_topic          bool
    remaining_time    remaining_time     any
    token             -                  str
    cpu               -                  str
    AtlasRelease      -                  str
    countryGroup      -                  str
    workingGroup      -                  str
    allowOtherCountry -                  str
"""


@endpoint(
    "acquire_jobs",
    about="hand out jobs that wait for the pilot's queue and label",
    source="panda-server@2e1a1449:jobdispatcher/JobDispatcher.py#L778, "
    "@9cc36033:api/v1/pilot_api.py#L54",
    legacy="getJob",
    modern="pilot/acquire_jobs",
    takes=VARIABLES,
    production=False,
    refusal="",
)
def acquire_jobs(call: Call) -> Answer:
    """Dispatch jobs, or say that there are none."""
    if not call.trusted and call.text("prodSourceLabel") != "user":
        refused = refuse_role(call, refusal="code")
        call.server.table.refuse(None, pilot=call.who, why=NO_ROLE)
        return Answer(legacy=refused.legacy, success=False, message=NO_ROLE)
    bulk = call.values.get("nJobs") is not None
    records = call.server.dispatch(
        request_of(call), who=call.who, now=call.now, count=call.whole("nJobs", 1) if bulk else 1
    )
    if not records:
        none = {"StatusCode": int(StatusCode.NO_JOBS), **call.dialog("no jobs in PanDA")}
        return Answer(legacy=none, success=False, message="No jobs in PanDA")
    jobs = [{"StatusCode": int(StatusCode.SUCCESS), **record} for record in records]
    whole = {"StatusCode": int(StatusCode.SUCCESS), "jobs": jobs}
    return Answer(legacy=whole if bulk else jobs[0], modern=whole)


PILOT = re.compile(r"^pilot/([0-9][\w.]*)")


def request_of(call: Call) -> JobRequest:
    """Return what the call asks for; the version stands in the pilot's User-Agent."""
    version = PILOT.match(call.agent)
    # A harvester that gives no id of its own has the scheduler's (pilot_api.py#L150).
    harvester = call.text("harvester_id") or call.text("schedulerID")
    worker = call.text("worker_id")
    return JobRequest(
        queue=call.text("siteName"),
        label=call.text("prodSourceLabel"),
        element=call.text("computingElement"),
        node=call.text("node"),
        memory=call.whole("mem"),
        disk=call.whole("diskSpace"),
        remaining_time=call.whole("remaining_time"),
        user=call.text("prodUserID") if call.trusted else call.identity.dn,
        task=call.text("taskID"),
        resource_type=call.text("resourceType"),
        vo=vo_of(call.identity),
        application=call.text("AtlasRelease"),
        country_group=call.text("countryGroup"),
        working_group=call.text("workingGroup"),
        other_country=call.text("allowOtherCountry").lower() == "true",
        job_type=call.text("jobType"),
        version=version[1] if version else "",
        background=call.text("background").lower() == "true",
        worker=f"{harvester}/{worker}" if harvester and worker else "",
        scheduler=call.text("schedulerID"),
    )
