"""The control plane: what a person or a test does to a live server from outside.

JSON in, JSON out (the journal: a line of JSON each), below one reserved prefix. Not modelled: who
may do it; ``wsgi`` lets in who is on this machine.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from dataclasses import dataclass
from typing import Any
from typing import Callable
from typing import Mapping
from urllib.parse import parse_qsl

from fakeserver.live.faults import Fault
from fakeserver.live.faults import read_fault
from fakeserver.live.server import LiveServer
from fakeserver.live.worlds import fill
from fakeserver.wire import JSON
from fakeserver.wire import TEXT
from fakeserver.wire import HttpAnswer
from fakeserver.wire import HttpRequest
from simkernel import ScenarioError
from simkernel import nearest

LINES_MAX = 10_000
NDJSON = "application/x-ndjson"


@dataclass(frozen=True, slots=True)
class Order:
    """One request to the control plane: what was asked in the query, and the object sent."""

    live: LiveServer
    query: Mapping[str, str]
    body: Mapping[str, Any]

    def whole(self, name: str, default: int) -> int:
        """Return a number of the query. Raises ScenarioError if it is none."""
        text = self.query.get(name, str(default))
        if not text.lstrip("-").isdigit():
            raise ScenarioError(f"{name} = {text!r} is no number", where="query")
        return int(text)


Handler = Callable[[Order], Any]


@dataclass(frozen=True, slots=True)
class Control:
    """One thing that can be done: *about* is what the index says of it."""

    method: str
    name: str
    about: str
    handle: Handler


CONTROLS: dict[tuple[str, str], Control] = {}


def control(method: str, name: str, *, about: str) -> Callable[[Handler], Handler]:
    """Enter the decorated function as what *method* does to *name*."""

    def enter(handle: Handler) -> Handler:
        assert (method, name) not in CONTROLS
        CONTROLS[method, name] = Control(method, name, about, handle)
        return handle

    return enter


def respond(live: LiveServer, request: HttpRequest, *, path: str) -> HttpAnswer:
    """Answer a request for *path* below the prefix. Raises ScenarioError for wrong input."""
    names = sorted({name for _, name in CONTROLS})
    if path not in names:
        near = nearest(path, names)
        hint = f", did you mean {near[0]!r}?" if near else ""
        return HttpAnswer(404, TEXT, f"no such control{hint}".encode())
    found = CONTROLS.get(("GET" if request.method == "HEAD" else request.method, path))
    if found is None:
        return HttpAnswer(405, TEXT, b"method not allowed")
    order = Order(live, dict(parse_qsl(request.query)), _body(request))
    said = found.handle(order)
    if isinstance(said, HttpAnswer):
        return said
    return HttpAnswer(200, JSON, json.dumps(said, default=str).encode())


def _body(request: HttpRequest) -> dict[str, Any]:
    if not request.body:
        return {}
    try:
        body = json.loads(request.body)
    except ValueError as error:
        raise ScenarioError(f"this is no JSON: {error}", where="body") from error
    if not isinstance(body, dict):
        raise ScenarioError("an object is wanted", where="body")
    return body


@control("GET", "", about="what can be done here")
def index(_order: Order) -> Any:
    """Return the list of controls."""
    return [
        {"method": each.method, "name": each.name, "about": each.about}
        for each in CONTROLS.values()
    ]


@control("GET", "state", about="the whole model as plain data; ?job=ID: one job")
def state(order: Order) -> Any:
    """Return the model's snapshot."""
    with order.live.effect() as model:
        # Made text here: it refers to what the next request changes.
        snapshot = model.snapshot()
        if "job" not in order.query:
            return HttpAnswer(200, JSON, json.dumps(snapshot, default=str).encode())
        job = order.query["job"]
        if job not in snapshot["jobs"]:
            raise ScenarioError(f"no job {job}", where="state")
        return HttpAnswer(200, JSON, json.dumps(snapshot["jobs"][job], default=str).encode())


@control("GET", "journal", about="events: ?after=NUMBER&count=COUNT")
def journal(order: Order) -> Any:
    """Return lines of the journal, oldest first."""
    after = order.whole("after", -1)
    count = min(order.whole("count", 1000), LINES_MAX)
    with order.live.effect():
        lines = order.live.store.lines(after=after, count=max(count, 0))
    return HttpAnswer(200, NDJSON, "".join(f"{line}\n" for _, line in lines).encode())


@control("GET", "clock", about="the server's clock, POSIX seconds")
def clock(order: Order) -> Any:
    """Return the present instant and how far it is ahead of the time of day."""
    return {"now": order.live.clock.now(), "ahead_s": order.live.clock.ahead_s}


@control("POST", "clock", about='{"advance_s": SECONDS}: go ahead; what is due by then happens')
def advance(order: Order) -> Any:
    """Advance the clock."""
    seconds = order.body.get("advance_s")
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise ScenarioError("advance_s is to be a number of seconds", where="clock")
    now = order.live.advance(float(seconds))
    return {"now": now, "ahead_s": order.live.clock.ahead_s}


@control("GET", "faults", about="the faults that are set, and how often each was met")
def faults(order: Order) -> Any:
    """Return the faults."""
    with order.live.effect():
        return [_shown(number, fault) for number, fault in order.live.faults]


@control("POST", "faults", about='{"fault": KIND, "on": "server.*", "times": 1, "skip": 0, …}')
def set_fault(order: Order) -> Any:
    """Set a fault and return its number."""
    fault = read_fault(order.body)
    with order.live.effect():
        return {"number": order.live.faults.add(fault)}


@control("DELETE", "faults", about="clear ?number=NUMBER, or all of them")
def clear_faults(order: Order) -> Any:
    """Clear faults and return how many there were."""
    number = order.whole("number", 0) if "number" in order.query else None
    with order.live.effect():
        return {"cleared": order.live.faults.clear(number)}


@control("POST", "world", about="queues, endpoints, transforms, jobs: as in a file for serve")
def world(order: Order) -> Any:
    """Add to the world."""
    with order.live.effect() as model:
        order.live.tables.touch()
        fill(model, order.body)
        return {"jobs": len(model.jobs), "queues": len(model.queues)}


@control("POST", "job", about='{"job": ID} with "kill", "activate", "debug" or "command"')
def job(order: Order) -> Any:
    """Do something to a job and return the state it is in."""
    given = dict(order.body)
    panda_id = given.pop("job", None)
    with order.live.effect() as model:
        if panda_id not in model.jobs:
            raise ScenarioError(f"no job {panda_id!r}", where="job")
        for name, value in given.items():
            if name == "kill" and value:
                model.kill(panda_id, by="control")
            elif name == "activate" and value:
                model.activate(panda_id)
            elif name == "debug":
                model.set_debug(panda_id, bool(value))
            elif name == "command":
                model.set_command(panda_id, str(value))
            else:
                raise ScenarioError(f"nothing to do with {name!r}", where="job")
        return {"job": panda_id, "state": model.jobs[panda_id].state.value}


def _shown(number: int, fault: Fault) -> dict[str, Any]:
    plain = asdict(fault)
    return {"number": number, "fault": plain.pop("kind"), **plain.pop("options"), **plain}
