"""Anybody asks whether the server is there."""

from __future__ import annotations

from fakeserver.registry import Answer
from fakeserver.registry import Call
from fakeserver.registry import endpoint


@endpoint(
    "is_alive",
    about="say that the server is there",
    source="panda-server@d51fd81c:taskbuffer/Utils.py#L44, @9cc36033:api/v1/system_api.py#L165",
    legacy="isAlive",
    modern="system/is_alive",
    method="GET",
    fidelity="canned",
    secure=False,
    production=False,
    refusal="",
)
def is_alive(_: Call) -> Answer:
    """Say yes."""
    return Answer(legacy="alive=yes")
