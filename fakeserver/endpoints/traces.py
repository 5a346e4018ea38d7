"""Rucio's trace server, which lives at another host but in this application."""

from __future__ import annotations

import json
from typing import Any

from fakeserver.registry import Call
from fakeserver.registry import FileAnswer
from fakeserver.registry import endpoint


@endpoint(
    "traces",
    about="take Rucio traces of file transfers",
    source="pilot3@a090538b:pilot/util/tracereport.py#L193",
    files=("/traces", "/traces/"),
    method="POST",
    fidelity="canned",
    secure=False,
)
def traces(call: Call) -> FileAnswer:
    """Keep the trace, as an object if it is one, and say so."""
    call.server.traces.append(_readable(call.body))
    return FileAnswer(201, b"Created", "text/plain")


def _readable(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
