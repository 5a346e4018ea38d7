"""Anybody asks in which state jobs are."""

from __future__ import annotations

from fakeserver.codes import StatusCode
from fakeserver.registry import Answer
from fakeserver.registry import Call
from fakeserver.registry import endpoint


@endpoint(
    "get_job_status",
    about="say state and attempt of jobs",
    source="panda-server@2e1a1449:jobdispatcher/JobDispatcher.py#L1190, "
    "@9cc36033:api/v1/pilot_api.py#L279",
    legacy="getStatus",
    modern="pilot/get_job_status",
    method="GET",
    takes="""
        ids      job_ids  ints  required
        timeout  timeout  int
    """,
    production=False,
    refusal="",
)
def get_job_status(call: Call) -> Answer:
    """Answer with one entry a job, joined by ``+`` in the legacy dialect."""
    given = call.values["ids"]
    wanted = given if isinstance(given, list) else str(given).split()
    found = [_status(call, str(each)) for each in wanted]
    return Answer(
        legacy={
            "StatusCode": int(StatusCode.SUCCESS),
            "status": "+".join(status for _, status, _ in found),
            "attemptNr": "+".join(str(attempt) for _, _, attempt in found),
        },
        modern=[
            {
                "job_id": int(job) if job.isdigit() else job,
                "status": "not found" if status == "notfound" else status,
                "attempt_number": attempt,
            }
            for job, status, attempt in found
        ],
    )


@endpoint(
    "check_job_status",
    about="say state and command of jobs, to a harvester",
    source="panda-server@2e1a1449:jobdispatcher/JobDispatcher.py#L1196, "
    "@9cc36033:api/v1/job_api.py#L37, taskbuffer/db_proxy_mods/job_standalone_module.py#L2116",
    legacy="checkJobStatus",
    modern="job/get_status",
    method="GET",
    takes="""
        ids      job_ids  ints  required
        timeout  timeout  int
    """,
    production=False,
    refusal="",
)
def check_job_status(call: Call) -> Answer:
    """Answer with one entry a job; what is not there is to be killed."""
    given = call.values["ids"]
    wanted = given if isinstance(given, list) else str(given).split(",")
    told = [_told(call, str(each)) for each in wanted]
    return Answer(
        legacy={"StatusCode": int(StatusCode.SUCCESS), "data": told},
        modern=told,
        always_json=True,
    )


def _told(call: Call, panda_id: str) -> dict[str, str | None]:
    job = call.server.jobs.get(int(panda_id)) if panda_id.isdigit() else None
    if job is None:
        return {"status": "unknown", "command": "tobekilled"}
    return {"status": job.state.value, "command": job.command or None}


def _status(call: Call, panda_id: str) -> tuple[str, str, int]:
    job = call.server.jobs.get(int(panda_id)) if panda_id.isdigit() else None
    return (panda_id, job.state.value, job.attempt) if job else (panda_id, "notfound", 0)
