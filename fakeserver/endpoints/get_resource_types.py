"""A pilot asks what resource types (cores, memory a core) there are."""

from __future__ import annotations

from fakeserver.codes import StatusCode
from fakeserver.registry import Answer
from fakeserver.registry import Call
from fakeserver.registry import endpoint


@endpoint(
    "get_resource_types",
    about="list the resource types",
    source="panda-server@d51fd81c:jobdispatcher/JobDispatcher.py#L1593, "
    "@9cc36033:api/v1/metaconfig_api.py#L92",
    legacy="getResourceTypes",
    modern="metaconfig/get_resource_types",
    method="GET",
    takes="timeout - int",
    fidelity="canned",
    production=False,
    refusal="",
)
def get_resource_types(call: Call) -> Answer:
    """Answer with the list of types."""
    types = call.server.resource_types
    legacy = {"StatusCode": int(StatusCode.SUCCESS), "Returns": 0, "ResourceTypes": types}
    return Answer(legacy=legacy, modern=types)
