"""Pilots' mouths: the same request in each dialect, and the answer read back."""

from __future__ import annotations

import gzip
import json
from typing import Any
from urllib.parse import parse_qsl
from urllib.parse import urlencode

from fakeserver import ENDPOINTS
from fakeserver.application import Caller
from fakeserver.application import respond
from fakeserver.identity import Identity
from fakeserver.registry import LEGACY_ROOT
from fakeserver.registry import MODERN_ROOT
from fakeserver.registry import Endpoint
from fakeserver.wire import JSON
from fakeserver.wire import HttpAnswer
from fakeserver.wire import HttpRequest
from tests.fakeserver.servers import Bench

FORM = "application/x-www-form-urlencoded"
PILOT = Identity("/DC=sim/CN=Pilot", ("/atlas/Role=pilot/Capability=NULL",))
PERSON = Identity("/DC=sim/CN=Some Body", ("/atlas/Role=NULL",))
BY_NAME = {each.name: each for each in ENDPOINTS}


def ask(bench: Bench, request: HttpRequest, *, identity: Identity = PILOT) -> HttpAnswer:
    """Send *request* as pilot-1, now."""
    caller = Caller("pilot-1", identity, bench.dial.now)
    return respond(bench.server, request, caller=caller)


def legacy(
    bench: Bench,
    name: str,
    values: dict[str, Any],
    *,
    accept: str = JSON,
    identity: Identity = PILOT,
) -> HttpAnswer:
    """Ask for the endpoint *name* as pilot3 does: JSON, compressed without saying so."""
    body = gzip.compress(json.dumps(values).encode(), mtime=0)
    path = LEGACY_ROOT + BY_NAME[name].legacy
    request = HttpRequest("POST", path, content_type=JSON, accept=accept, body=body)
    return ask(bench, request, identity=identity)


def form(
    bench: Bench, name: str, values: dict[str, Any], *, identity: Identity = PILOT
) -> HttpAnswer:
    """Ask as curl does: a form, and no wish for JSON."""
    path = LEGACY_ROOT + BY_NAME[name].legacy
    body = urlencode(values).encode()
    return ask(bench, HttpRequest("POST", path, content_type=FORM, body=body), identity=identity)


def modern(
    bench: Bench,
    name: str,
    values: dict[str, Any],
    *,
    identity: Identity = PILOT,
    method: str = "",
) -> HttpAnswer:
    """Ask in the dialect of api/v1; *values* are in its own spelling."""
    endpoint = BY_NAME[name]
    path = MODERN_ROOT + endpoint.modern
    if (method or endpoint.method) == "GET":
        query = urlencode(values, doseq=True)
        request = HttpRequest("GET", path, query=query, accept=JSON)
    else:
        body = gzip.compress(json.dumps(values).encode(), mtime=0)
        request = HttpRequest(
            method or "POST", path, content_type=JSON, content_encoding="gzip", body=body
        )
    return ask(bench, request, identity=identity)


def translated(endpoint: Endpoint, values: dict[str, Any]) -> dict[str, Any]:
    """Return *values*, in legacy spelling, in that of api/v1; what it does not know is left out."""
    names = {each.legacy: each.modern for each in endpoint.takes if each.legacy and each.modern}
    return {names[name]: value for name, value in values.items() if name in names}


def read(answer: HttpAnswer) -> dict[str, Any]:
    """Return the fields of an answer, JSON or url-encoded."""
    assert answer.status == 200, answer
    text = answer.body.decode()
    if text.startswith("{"):
        content = json.loads(text)
        assert isinstance(content, dict)
        return content
    return dict(parse_qsl(text, keep_blank_values=True))
