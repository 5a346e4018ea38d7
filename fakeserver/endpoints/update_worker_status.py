"""A pilot that a harvester submitted says that it began or ended."""

from __future__ import annotations

from fakeserver.codes import StatusCode
from fakeserver.registry import Answer
from fakeserver.registry import Call
from fakeserver.registry import endpoint

STATES = ("started", "finished")
INVALID = f"Invalid worker state. The worker state has to be in {STATES}"


@endpoint(
    "update_worker_status",
    about="note that a harvester worker's pilot started or finished",
    source="panda-server@2e1a1449:jobdispatcher/JobDispatcher.py#L1439, "
    "@9cc36033:api/v1/pilot_api.py#L699",
    legacy="updateWorkerPilotStatus",
    modern="pilot/update_worker_status",
    takes="""
        workerID     worker_id     any  required
        harvesterID  harvester_id  any  required
        status       status        any  required
        timeout      timeout       any
        node_id      node_id       any
        site         -             any  required
    """,
    refusal="text",
)
def update_worker_status(call: Call) -> Answer:
    """Note the status, with the time."""
    status = call.text("status")
    if status not in STATES:
        return Answer(legacy=INVALID, success=False, message=INVALID)
    key = f"{call.text('harvesterID')}/{call.text('workerID')}"
    worker = call.server.workers.setdefault(key, {})
    worker |= {"status": status, "node": call.text("node_id"), f"{status}_at": call.now}
    return Answer(legacy={"StatusCode": int(StatusCode.SUCCESS)})
