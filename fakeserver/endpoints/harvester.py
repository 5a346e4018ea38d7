"""A harvester says that it lives, how its workers do, and what it has to tell."""

from __future__ import annotations

import json
from typing import Any

from fakeserver.registry import Answer
from fakeserver.registry import Call
from fakeserver.registry import endpoint

NOT_JSON = "failed to load JSON"
DATABASE = "database error in the PanDA server"


def given(call: Call, name: str) -> Any:
    """Return a variable that travels as JSON in the legacy dialect. Raises ValueError."""
    value = call.values.get(name)
    return value if call.modern or value is None else json.loads(str(value))


def said(success: bool, what: Any = "", *, message: str = "") -> Answer:
    """Return an answer that is a pair in the legacy dialect."""
    return Answer(
        legacy=json.dumps([success, message or what]),
        success=success,
        message=message,
        modern=what or None,
    )


@endpoint(
    "harvester_heartbeat",
    about="note that a harvester lives",
    source="panda-server@d51fd81c:userinterface/UserIF.py#L1618, "
    "@9cc36033:api/v1/harvester_api.py#L179",
    legacy="harvesterIsAlive",
    modern="harvester/heartbeat",
    takes="""
        harvesterID  harvester_id  str   required
        data         data          dict
    """,
    production=False,
    refusal="",
)
def heartbeat(call: Call) -> Answer:
    """Keep what it says of itself."""
    try:
        data = given(call, "data")
    except ValueError:
        return said(False, message=NOT_JSON)
    call.server.harvesters.alive(
        call.text("harvesterID"), by=call.identity.dn, data=data, now=call.now
    )
    return Answer(legacy=json.dumps([True, "succeeded"]))


@endpoint(
    "update_workers",
    about="take how the workers of a harvester do",
    source="panda-server@d51fd81c:userinterface/UserIF.py#L1549, "
    "@9cc36033:api/v1/harvester_api.py#L33",
    legacy="updateWorkers",
    modern="harvester/update_workers",
    takes="""
        harvesterID  harvester_id  str   required
        workers      workers       list  required
    """,
    production=False,
    refusal="",
)
def update_workers(call: Call) -> Answer:
    """Answer with one yes or no for each worker."""
    try:
        workers = given(call, "workers")
        taken = call.server.harvesters.update_workers(
            call.text("harvesterID"), workers, now=call.now
        )
    except (AttributeError, TypeError, ValueError):
        return said(False, message=NOT_JSON)
    return said(True, taken) if taken else said(False, message=DATABASE)


@endpoint(
    "update_service_metrics",
    about="keep measurements of a harvester's hosts",
    source="panda-server@d51fd81c:userinterface/UserIF.py#L1574, "
    "@9cc36033:api/v1/harvester_api.py#L81",
    legacy="updateServiceMetrics",
    modern="harvester/update_service_metrics",
    takes="""
        harvesterID  harvester_id  str   required
        metrics      metrics       list  required
    """,
    production=False,
    refusal="",
)
def update_service_metrics(call: Call) -> Answer:
    """Keep them."""
    try:
        metrics = given(call, "metrics")
    except ValueError:
        return said(False, message=NOT_JSON)
    call.server.harvesters.add_metrics(call.text("harvesterID"), metrics)
    return said(True, [True for _ in metrics])


@endpoint(
    "add_dialogs",
    about="keep messages of a harvester",
    source="panda-server@d51fd81c:userinterface/UserIF.py#L1602, "
    "@9cc36033:api/v1/harvester_api.py#L136",
    legacy="addHarvesterDialogs",
    modern="harvester/add_dialogs",
    takes="""
        harvesterID  harvester_id  str   required
        dialogs      dialogs       list  required
    """,
    production=False,
    refusal="",
)
def add_dialogs(call: Call) -> Answer:
    """Keep them."""
    try:
        call.server.harvesters.add_dialogs(call.text("harvesterID"), given(call, "dialogs"))
    except (TypeError, ValueError):
        return said(False, message=NOT_JSON)
    return said(True)


@endpoint(
    "get_current_worker_id",
    about="say the highest worker id of a harvester",
    source="panda-server@d51fd81c:jobdispatcher/JobDispatcher.py#L1620, "
    "@9cc36033:api/v1/harvester_api.py#L215",
    legacy="get_max_worker_id",
    modern="harvester/get_current_worker_id",
    method="GET",
    takes="harvester_id harvester_id str required",
    production=False,
    refusal="",
)
def get_current_worker_id(call: Call) -> Answer:
    """Answer with a number."""
    number = call.server.harvesters.last_worker(call.text("harvester_id"))
    return Answer(legacy=json.dumps(number), modern=number)


@endpoint(
    "report_worker_statistics",
    about="take how many workers a harvester has at a queue",
    source="panda-server@d51fd81c:userinterface/UserIF.py#L1656, "
    "@9cc36033:api/v1/harvester_api.py#L268",
    legacy="reportWorkerStats_jobtype",
    modern="harvester/report_worker_statistics",
    takes="""
        harvesterID  harvester_id  str  required
        siteName     panda_queue   str  required
        paramsList   statistics    str  required
    """,
    production=False,
    refusal="",
)
def report_worker_statistics(call: Call) -> Answer:
    """Keep the numbers."""
    why = call.server.harvesters.report(
        call.text("harvesterID"), call.text("siteName"), call.text("paramsList"), now=call.now
    )
    text = why or "OK"
    return Answer(legacy=json.dumps([not why, text]), success=not why, message=text)


@endpoint(
    "get_worker_statistics",
    about="say how many workers there are at which queue",
    source="panda-server@d51fd81c:userinterface/UserIF.py#L1639, "
    "@9cc36033:api/v1/harvester_api.py#L244",
    legacy="getWorkerStats",
    modern="harvester/get_worker_statistics",
    method="GET",
    production=False,
    refusal="",
)
def get_worker_statistics(call: Call) -> Answer:
    """Answer with the numbers by queue and harvester."""
    told: dict[str, Any] = {}
    for key, each in sorted(call.server.harvesters.statistics.items()):
        harvester, _, queue = key.partition("/")
        told.setdefault(queue, {})[harvester] = each["counts"]
    return Answer(legacy=json.dumps(told), modern=told)
