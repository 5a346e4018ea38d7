"""The debug mode of a job is switched on or off.

api/v1 at panda-server@9cc36033 has ``success`` the wrong way round; here it is right.
"""

from __future__ import annotations

from fakeserver.registry import Answer
from fakeserver.registry import Call
from fakeserver.registry import endpoint
from fakeserver.states import State

CHANGEABLE = (
    State.DEFINED,
    State.ACTIVATED,
    State.RUNNING,
    State.SENT,
    State.STARTING,
    State.ASSIGNED,
)
SUCCEEDED = "Succeeded"


@endpoint(
    "set_debug_mode",
    about="switch the debug mode of a job",
    source="panda-server@d51fd81c:userinterface/UserIF.py#L767, @9cc36033:api/v1/job_api.py#L341, "
    "taskbuffer/db_proxy_mods/job_standalone_module.py#L781",
    legacy="setDebugMode",
    modern="job/set_debug_mode",
    takes="""
        pandaID  job_id  int   required
        modeOn   mode    bool  required
    """,
    refusal="",
)
def set_debug_mode(call: Call) -> Answer:
    """Switch, or say why not."""
    said = _switch(call)
    return Answer(legacy=said, success=said == SUCCEEDED, message=said)


def _switch(call: Call) -> str:
    panda_id, on = call.whole("pandaID"), call.text("modeOn").lower() == "true"
    job = call.server.jobs.get(panda_id)
    if not call.trusted:
        return "Permission denied. Not the owner or production manager"
    if job is None or job.final:
        return f"PandaID={panda_id} not found in active DB"
    if job.state not in CHANGEABLE:
        states = [state.value for state in CHANGEABLE]
        return (
            f"Cannot set debugMode since the job status is {job.state} "
            f"which is not in one of {states}"
        )
    if job.debug is on:
        return "Already set accordingly"
    call.server.set_debug(panda_id, on)
    return SUCCEEDED
