"""A pilot describes the node that it runs on, and the GPUs there.

Both exist in api/v1 only, and pilots that speak the legacy dialect otherwise use them.
"""

from __future__ import annotations

from typing import Any

from fakeserver.registry import Answer
from fakeserver.registry import Call
from fakeserver.registry import endpoint


@endpoint(
    "update_worker_node",
    about="enter a worker node into the map of nodes",
    source="panda-server@9cc36033:api/v1/pilot_api.py#L752",
    modern="pilot/update_worker_node",
    takes="""
        -  site                    str    required
        -  host_name               str    required
        -  cpu_model               str    required
        -  panda_queue             str
        -  n_logical_cpus          int
        -  n_sockets               int
        -  cores_per_socket        int
        -  threads_per_core        int
        -  cpu_architecture        str
        -  cpu_architecture_level  str
        -  clock_speed             float
        -  total_memory            int
        -  total_local_disk        int
        -  timeout                 int
    """,
)
def update_worker_node(call: Call) -> Answer:
    """Keep what is said of the node and when it was last seen."""
    node = _node(call)
    node |= {name: value for name, value in call.values.items() if name != "timeout"}
    node["last_seen"] = call.now
    return Answer()


@endpoint(
    "update_worker_node_gpu",
    about="enter the GPUs of a worker node",
    source="panda-server@9cc36033:api/v1/pilot_api.py#L834",
    modern="pilot/update_worker_node_gpu",
    takes="""
        -  site               str  required
        -  host_name          str  required
        -  vendor             str  required
        -  model              str  required
        -  count              int  required
        -  vram               int
        -  architecture       str
        -  framework          str
        -  framework_version  str
        -  driver_version     str
        -  timeout            int
    """,
)
def update_worker_node_gpu(call: Call) -> Answer:
    """Keep what is said of the GPUs, by vendor and model."""
    gpus = _node(call).setdefault("gpus", {})
    described = {
        name: value
        for name, value in call.values.items()
        if name not in ("site", "host_name", "timeout")
    }
    gpus[f"{call.text('vendor')} {call.text('model')}"] = described
    return Answer()


def _node(call: Call) -> dict[str, Any]:
    # A slot may stand before the node: slot1@node.example.org.
    host = call.text("host_name").rpartition("@")[2]
    return call.server.worker_nodes.setdefault(f"{call.text('site')}/{host}", {})
