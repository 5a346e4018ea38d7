"""A harvester fetches commands; somebody with a production role leaves them."""

from __future__ import annotations

import json
from datetime import datetime
from datetime import timezone

from fakeserver.codes import StatusCode
from fakeserver.endpoints.harvester import given
from fakeserver.registry import Answer
from fakeserver.registry import Call
from fakeserver.registry import endpoint
from fakeserver.variables import VariableError

DAY_S = 86400.0


@endpoint(
    "acquire_commands",
    about="give a harvester the commands that wait for it",
    source="panda-server@d51fd81c:jobdispatcher/JobDispatcher.py#L1544, "
    "@9cc36033:api/v1/harvester_api.py#L298",
    legacy="getCommands",
    modern="harvester/acquire_commands",
    takes="""
        harvester_id  harvester_id  str  required
        n_commands    n_commands    int  required
        timeout       timeout       int
    """,
    refusal="text",
)
def acquire_commands(call: Call) -> Answer:
    """Answer with commands, the oldest first; they are not given again."""
    commands = call.server.harvesters.take_commands(
        call.text("harvester_id"), call.whole("n_commands")
    )
    return Answer(
        legacy={"StatusCode": int(StatusCode.SUCCESS), "Returns": 0, "Commands": commands},
        modern=commands,
    )


@endpoint(
    "acknowledge_commands",
    about="note that a harvester carried out commands",
    source="panda-server@d51fd81c:jobdispatcher/JobDispatcher.py#L1568, "
    "@9cc36033:api/v1/harvester_api.py#L340",
    legacy="ackCommands",
    modern="harvester/acknowledge_commands",
    takes="""
        command_ids  command_ids  list  required
        timeout      timeout      int
    """,
    refusal="text",
)
def acknowledge_commands(call: Call) -> Answer:
    """Note it."""
    try:
        numbers = given(call, "command_ids")
    except ValueError as error:
        raise VariableError(str(error)) from error
    call.server.harvesters.acknowledge(numbers)
    return Answer(legacy={"StatusCode": int(StatusCode.SUCCESS), "Returns": 0})


@endpoint(
    "add_sweep_command",
    about="have a harvester kill workers at a queue",
    source="panda-server@9cc36033:api/v1/harvester_api.py#L381",
    modern="harvester/add_sweep_command",
    takes="""
        -  panda_queue           str   required
        -  status_list           list  required
        -  ce_list               list  required
        -  submission_host_list  list  required
    """,
)
def add_sweep_command(call: Call) -> Answer:
    """Leave the command with the harvester that serves the queue."""
    queue = call.text("panda_queue")
    data = call.server.queues.get(queue)
    if data is None:
        text = "Error retrieving queue configuration from DB"
        return Answer(success=False, message=text)
    wanted = {
        "status": call.values["status_list"],
        "computingElement": call.values["ce_list"],
        "submissionHost": call.values["submission_host_list"],
    }
    text = call.server.harvesters.sweep(queue, data, wanted, now=call.now)
    return Answer(success=text == "OK", message="" if text == "OK" else text)


@endpoint(
    "add_target_slots",
    about="say how many slots are wanted at a queue",
    source="panda-server@d51fd81c:userinterface/UserIF.py#L1666, "
    "@9cc36033:api/v1/harvester_api.py#L414",
    legacy="setNumSlotsForWP",
    modern="harvester/add_target_slots",
    takes="""
        pandaQueueName  panda_queue      str  required
        numSlots        slots            int  required
        gshare          global_share     str
        resourceType    resource_type    str
        validPeriod     expiration_date  str
    """,
    refusal="text",
)
def add_target_slots(call: Call) -> Answer:
    """Set them; the period is days in the legacy dialect, a date in the other."""
    slots = int(call.values["numSlots"])
    call.server.harvesters.set_slots(
        call.text("pandaQueueName"),
        slots,
        share=call.text("gshare"),
        resource=call.text("resourceType"),
        until=_until(call),
    )
    text = f"set nSlots={slots}"
    return Answer(legacy=json.dumps([0, text]), message=text)


def _until(call: Call) -> float | None:
    period = call.text("validPeriod")
    if not period:
        return None
    if period.isdigit():
        return call.now + int(period) * DAY_S
    try:
        when = datetime.fromisoformat(period)
    except ValueError as error:
        raise VariableError(str(error)) from error
    return when.replace(tzinfo=when.tzinfo or timezone.utc).timestamp()
