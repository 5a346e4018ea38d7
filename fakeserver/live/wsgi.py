"""The application that the ports serve: control plane and monitor first, then faults, then PanDA.

Everything of flightsim's own lies below one prefix, which the real server does not have. It is for
this machine only: it is answered to callers on loopback who name this machine, so that no web page
of somebody else can make a browser use it.
"""

from __future__ import annotations

import ipaddress
import json
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING
from typing import Iterable

from fakeserver.application import Caller
from fakeserver.application import read_caller
from fakeserver.application import read_request
from fakeserver.application import respond
from fakeserver.identity import compact
from fakeserver.live import control
from fakeserver.live import operations
from fakeserver.live.faults import Fault
from fakeserver.live.meter import Meter
from fakeserver.live.server import LiveServer
from fakeserver.live.server import StoppedError
from fakeserver.monitor import respond_page
from fakeserver.routing import endpoint_of
from fakeserver.wire import JSON
from fakeserver.wire import TEXT
from fakeserver.wire import HttpAnswer
from fakeserver.wire import HttpRequest
from simkernel import ScenarioError

if TYPE_CHECKING:
    from wsgiref.types import StartResponse
    from wsgiref.types import WSGIApplication
    from wsgiref.types import WSGIEnvironment

    from fakeserver.live.web import Client

assert operations.__name__  # imported so that the control plane is whole

PREFIX = "/flightsim/"
CONTROL = f"{PREFIX}control/"
# No valid UTF-8, and neither JSON nor url-encoded text: it begins like gzip and breaks off.
GARBAGE = b"\x1f\x8b\x08\x00\xff\xfe\x00{\x80\x81\xc3\x28\n"
# Read as url-encoded text it is not empty: the "a=b" in it is a trap that real pages are.
PAGE = b'<html><body><a href="/?a=b">Service Unavailable</a></body></html>'
NOTHING = HttpAnswer(200, TEXT, b"")


def application(live: LiveServer, meter: Meter, *, remote: bool = False) -> WSGIApplication:
    """Return the application; with *remote* the prefix is open to callers from anywhere."""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer, headers = _answer(live, meter, environ, remote=remote)
        head = [("Content-Type", answer.kind), ("Content-Length", str(len(answer.body))), *headers]
        start_response(f"{answer.status} {_phrase(answer.status)}", head)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]

    return serve


Headers = list[tuple[str, str]]
# Pages show what strangers wrote: should any of it ever not be escaped, it still may do nothing.
OWN_HEADERS = [
    ("Cache-Control", "no-store"),
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
    ),
]


def _answer(
    live: LiveServer, meter: Meter, environ: WSGIEnvironment, *, remote: bool
) -> tuple[HttpAnswer, Headers]:
    if environ.get("HTTP_TRANSFER_ENCODING"):
        return HttpAnswer(411, TEXT, b"a length is required"), [("Connection", "close")]
    request = read_request(environ)
    if request.path == "/":
        return HttpAnswer(302, TEXT, b"see the monitor"), [("Location", PREFIX)]
    try:
        if request.path.startswith(PREFIX):
            return _own(live, meter, request, environ, remote=remote), OWN_HEADERS
        return _panda(live, meter, request, environ), []
    except StoppedError as error:
        return HttpAnswer(503, TEXT, str(error).encode()), [("Connection", "close")]


def _own(
    live: LiveServer,
    meter: Meter,
    request: HttpRequest,
    environ: WSGIEnvironment,
    *,
    remote: bool,
) -> HttpAnswer:
    if not remote and not is_local(environ):
        return HttpAnswer(403, TEXT, b"for this machine only")
    if not request.path.startswith(CONTROL):
        return respond_page(live, meter, request, path=request.path[len(PREFIX) :])
    if request.method != "GET" and request.content_type.partition(";")[0] != JSON:
        # A form of a foreign page can send anything but this.
        return HttpAnswer(415, TEXT, b"application/json only")
    try:
        return control.respond(live, request, path=request.path[len(CONTROL) :])
    except ScenarioError as error:
        return HttpAnswer(400, JSON, json.dumps({"error": str(error)}).encode())


def is_local(environ: WSGIEnvironment) -> bool:
    """Tell whether the caller is on this machine and means it."""
    host = str(environ.get("HTTP_HOST", "localhost"))
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    return _is_loopback(str(environ.get("REMOTE_ADDR", ""))) and _is_loopback(name.strip("[]"))


def _is_loopback(name: str) -> bool:
    if name.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _panda(
    live: LiveServer, meter: Meter, request: HttpRequest, environ: WSGIEnvironment
) -> HttpAnswer:
    endpoint = endpoint_of(request.method, request.path) or "unknown"
    fault = _met(live, endpoint) if len(live.faults) else None
    answer = _treated(live, request, environ, fault) if fault else _effect(live, request, environ)
    who, kind = str(environ.get("flightsim.who", "")), fault.kind if fault else ""
    meter.count(endpoint, answer.status, who=who, fault=kind)
    return answer


def _met(live: LiveServer, endpoint: str) -> Fault | None:
    with live.effect():
        return live.faults.meet(f"server.{endpoint}")


def _effect(live: LiveServer, request: HttpRequest, environ: WSGIEnvironment) -> HttpAnswer:
    with live.effect() as model:
        # The time of the effect, not of the arrival: requests are in one order, in time too.
        environ["flightsim.now"] = live.clock.now()
        caller = read_caller(model, environ)
        who = environ["flightsim.who"] = name_of(caller, str(environ.get("REMOTE_ADDR", "")))
        return respond(model, request, caller=replace(caller, who=who))


def _treated(
    live: LiveServer, request: HttpRequest, environ: WSGIEnvironment, fault: Fault
) -> HttpAnswer:
    """Answer a request that meets *fault*."""
    client: Client = environ["flightsim.client"]
    if fault.kind in MADE_UP:
        return MADE_UP[fault.kind]
    if fault.kind == "http_status":
        return HttpAnswer(int(fault.option("status")), TEXT, b"fault")
    if fault.kind in ("request_lost", "hang"):
        if fault.kind == "hang":
            client.hold(fault.option("hang_s"))
        client.drop()
        return NOTHING
    if fault.kind == "delay":
        client.hold(fault.option("delay_s"))
    if fault.kind == "duplicate":
        _effect(live, request, environ)
    answer = _effect(live, request, environ)
    if fault.kind == "answer_lost":
        client.drop()
    return answer


MADE_UP = {
    "garbage": HttpAnswer(200, JSON, GARBAGE),
    "html": HttpAnswer(200, "text/html", PAGE),
}


def name_of(caller: Caller, address: str) -> str:
    """Return what the journal calls a client: person and address."""
    return f"{compact(caller.identity.dn) if caller.identity.known else 'client'}-{address}"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
