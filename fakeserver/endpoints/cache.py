"""Files of the cache: queuedata, schedconfig, ddmendpoints, transforms.

A queue that is not there is a 404, which pilots meet when they are configured for a queue that
was removed. The forms are those of protocol.md, section 3.1.
"""

from __future__ import annotations

import json
from typing import Any

from fakeserver.registry import Call
from fakeserver.registry import FileAnswer
from fakeserver.registry import endpoint

NOT_FOUND = FileAnswer(404, b"<html><body><h1>Not Found</h1></body></html>", "text/html")


def _json(content: Any) -> FileAnswer:
    return FileAnswer(body=json.dumps(content).encode())


@endpoint(
    "queuedata",
    about="the queuedata of one queue, flat",
    source="pilot3@a090538b:pilot/info/extinfo.py#L128",
    files=("/cache/schedconfig/{queue}.all.json",),
    method="GET",
    secure=False,
)
def queuedata(call: Call) -> FileAnswer:
    """Answer with the dictionary of the queue."""
    found = call.server.queues.get(call.texts["queue"])
    return NOT_FOUND if found is None else _json(found)


@endpoint(
    "schedconfig",
    about="the queuedata of one queue, under its name",
    source="pilot3@a090538b:pilot/info/extinfo.py#L62",
    files=("/cache/schedconfig/{queue}.json",),
    method="GET",
    secure=False,
)
def schedconfig(call: Call) -> FileAnswer:
    """Answer with a dictionary of one queue."""
    queue = call.texts["queue"]
    found = call.server.queues.get(queue)
    return NOT_FOUND if found is None else _json({queue: found})


@endpoint(
    "ddmendpoints",
    about="every storage endpoint",
    source="pilot3@a090538b:pilot/info/extinfo.py#L205",
    files=("/ddmendpoints.json", "/cache/ddmendpoints.json", "/api/atlas/ddmendpoint/query/"),
    method="GET",
    secure=False,
)
def ddmendpoints(call: Call) -> FileAnswer:
    """Answer with all endpoints by name."""
    return _json(call.server.endpoints)


@endpoint(
    "pandaqueues",
    about="the queuedata of every queue, as pilots of 2021 and before ask CRIC for it",
    source="panda-pilot@2.11.2.22:pilot/info/extinfo.py#L65",
    files=("/api/atlas/pandaqueue/query/",),
    method="GET",
    secure=False,
)
def pandaqueues(call: Call) -> FileAnswer:
    """Answer with all queues by name."""
    return _json(call.server.queues)


@endpoint(
    "transform",
    about="the script that a job's transformation names",
    source="pilot3@a090538b:pilot/user/generic/setup.py#L153",
    files=("/trf/user/{name}",),
    method="GET",
    secure=False,
)
def transform(call: Call) -> FileAnswer:
    """Answer with the text of the script."""
    text = call.server.transforms.get(call.texts["name"])
    return NOT_FOUND if text is None else FileAnswer(body=text.encode(), kind="text/plain")
