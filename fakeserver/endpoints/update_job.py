"""A pilot says how a job does, and is told what to do; also for many jobs at once."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from typing import Mapping

from fakeserver.codes import StatusCode
from fakeserver.registry import Answer
from fakeserver.registry import Call
from fakeserver.registry import endpoint
from fakeserver.registry import refuse_role
from fakeserver.updates import STATES
from fakeserver.updates import read_update
from fakeserver.variables import VariableError
from fakeserver.variables import bind_legacy
from fakeserver.variables import bind_modern
from fakeserver.variables import variables
from fakeserver.wire import form

VARIABLES = """
    jobId                  job_id                  int     required
    state                  job_status              str     required
    xml                    job_output_report       str
    node                   node                    str
    cpuConsumptionTime     cpu_consumption_time    int
    cpuConsumptionUnit     cpu_consumption_unit    str
    schedulerID            scheduler_id            str
    pilotID                pilot_id                str
    siteName               site_name               str
    pilotLog               pilot_log               str
    metaData               meta_data               str
    cpuConversionFactor    cpu_conversion_factor   number
    transExitCode          trans_exit_code         int
    pilotErrorCode         pilot_error_code        int
    pilotErrorDiag         pilot_error_diag        str
    exeErrorCode           exe_error_code          int
    exeErrorDiag           exe_error_diag          str
    pilotTiming            pilot_timing            str
    startTime              start_time              str
    endTime                end_time                str
    nEvents                n_events                int
    nInputFiles            n_input_files           int
    batchID                batch_id                str
    attemptNr              attempt_nr              int
    jobMetrics             job_metrics             str
    stdout                 stdout                  str
    jobSubStatus           job_sub_status          str
    coreCount              core_count              int
    maxRSS                 max_rss                 number
    maxVMEM                max_vmem                number
    maxSWAP                max_swap                number
    maxPSS                 max_pss                 number
    avgRSS                 avg_rss                 number
    avgVMEM                avg_vmem                number
    avgSWAP                avg_swap                number
    avgPSS                 avg_pss                 number
    totRCHAR               tot_rchar               number
    totWCHAR               tot_wchar               number
    totRBYTES              tot_rbytes              number
    totWBYTES              tot_wbytes              number
    rateRCHAR              rate_rchar              number
    rateWCHAR              rate_wchar              number
    rateRBYTES             rate_rbytes             number
    rateWBYTES             rate_wbytes             number
    corruptedFiles         corrupted_files         str
    meanCoreCount          mean_core_count         int
    cpu_architecture_level cpu_architecture_level  str
    grid                   grid                    str
    source_site            source_site             str
    destination_site       destination_site        str
    timeout                timeout                 int
    token                  -                       str
    timestamp              -                       str
    workdir                -                       str
    remainingSpace         -                       str
    messageLevel           -                       str
    computingElement       -                       str
"""
BULK = """
    jobList       job_list      list   required
    harvester_id  harvester_id  str
"""
KNOWN = variables(VARIABLES)


@endpoint(
    "update_job",
    about="take a heartbeat or the final report of a job and answer with a command",
    source="panda-server@2e1a1449:jobdispatcher/JobDispatcher.py#L904, "
    "@9cc36033:api/v1/pilot_api.py#L332",
    legacy="updateJob",
    modern="pilot/update_job",
    takes=VARIABLES,
)
def update_job(call: Call) -> Answer:
    """Apply the update, unless the state is none that a pilot may send."""
    if call.text("jobId") == "NULL":
        return Answer(legacy={"StatusCode": int(StatusCode.SUCCESS)})
    try:
        update = read_update(call.values)
    except ValueError as error:
        raise VariableError(str(error)) from error
    if update.state not in STATES:
        why = f"invalid state {update.state}"
        call.server.table.refuse(update.job, pilot=call.who, why=why)
        return _unknown_state(update.state)
    reply = call.server.update(update, who=call.who, now=call.now)
    if reply.code is not StatusCode.SUCCESS:
        return Answer(
            legacy={"StatusCode": int(reply.code)},
            modern={"StatusCode": int(reply.code)},
            message="Database error",
        )
    said = {"StatusCode": int(reply.code), "command": reply.command}
    secrets = call.server.vault.pilot_secrets()
    if secrets is not None:
        said["pilotSecrets"] = secrets
    return Answer(legacy=said, modern=said)


def _unknown_state(state: str) -> Answer:
    # The legacy API calls this a success and says nothing.
    return Answer(
        legacy={"StatusCode": int(StatusCode.SUCCESS)},
        modern={"StatusCode": int(StatusCode.INVALID)},
        success=False,
        message=f"Invalid job status: {state}",
    )


@endpoint(
    "update_jobs_bulk",
    about="take the updates of many jobs in one request",
    source="panda-server@2e1a1449:jobdispatcher/JobDispatcher.py#L1158, "
    "@9cc36033:api/v1/pilot_api.py#L643",
    legacy="updateJobsInBulk",
    modern="pilot/update_jobs_bulk",
    takes=BULK,
    refusal="",
)
def update_jobs_bulk(call: Call) -> Answer:
    """Apply each update; the answers come in the order of the jobs."""
    given = call.values["jobList"]
    try:
        jobs = given if call.modern else json.loads(given)
        answers = [one_of_many(call, job) for job in jobs]
    except (KeyError, TypeError, ValueError, VariableError) as error:
        name = "TypeError" if isinstance(error, VariableError) else type(error).__name__
        text = f"failed with {name} {error}"
        prefix = f"updateJobsInBulk {call.values.get('harvester_id')}"
        return Answer(
            legacy=json.dumps([False, f"{prefix} {text}"]), modern=[], success=False, message=text
        )
    if call.modern:
        return Answer(modern=[each.envelope for each in answers])
    return Answer(legacy=json.dumps([True, [encoded(call, each) for each in answers]]))


def one_of_many(call: Call, job: Mapping[str, Any]) -> Answer:
    """Return the answer to one update of many. Raises KeyError or VariableError."""
    identifier, state = ("job_id", "job_status") if call.modern else ("jobId", "state")
    ordered = {identifier: job[identifier], state: job[state], **job}
    if call.modern:
        try:
            return update_job(replace(call, values=bind_modern(KNOWN, ordered, cast=False)))
        except VariableError as error:
            return Answer(success=False, message=str(error))
    bound = bind_legacy(KNOWN, ordered, method="updateJob")
    if not call.trusted:
        return refuse_role(call, refusal="code")
    return update_job(replace(call, values=bound))


def encoded(call: Call, answer: Answer) -> Any:
    """Return a legacy answer as it lies inside the answer to many."""
    assert not isinstance(answer.legacy, str)
    if call.json:
        return {"type": "json", "content": json.dumps(answer.legacy)}
    return form(answer.legacy)
