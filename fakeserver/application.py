"""The WSGI application over the model.

The harness puts ``flightsim.now`` (POSIX seconds), ``flightsim.who`` (the pilot's name),
``SSL_CLIENT_S_DN`` and ``flightsim.fqans`` into the environ, as mod_ssl and VOMS do in real life.
Unknown methods are answered 403, other paths 404, unexpected variables as ``variables`` says; a
token that is no good and a person who is banned 403, as panda-server@9cc36033:server/panda.py#L129.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING
from typing import Any
from typing import Iterable

from fakeserver.events import UNKNOWN_ENDPOINT
from fakeserver.identity import Identity
from fakeserver.identity import compact
from fakeserver.identity import identify
from fakeserver.registry import ROLE_WANTED
from fakeserver.registry import Answer
from fakeserver.registry import Call
from fakeserver.registry import FileAnswer
from fakeserver.registry import refuse_role
from fakeserver.routing import Route
from fakeserver.routing import find
from fakeserver.routing import near
from fakeserver.server import PandaServer
from fakeserver.tokens import TokenError
from fakeserver.tokens import bearer
from fakeserver.tokens import identity_of
from fakeserver.variables import VariableError
from fakeserver.variables import bind_legacy
from fakeserver.variables import bind_modern
from fakeserver.wire import TEXT
from fakeserver.wire import BodyError
from fakeserver.wire import HttpAnswer
from fakeserver.wire import HttpRequest
from fakeserver.wire import read_legacy
from fakeserver.wire import read_modern
from fakeserver.wire import write_legacy
from fakeserver.wire import write_modern

if TYPE_CHECKING:
    from wsgiref.types import StartResponse
    from wsgiref.types import WSGIApplication
    from wsgiref.types import WSGIEnvironment

NOT_SECURE = "SSL secure connection is required"
NOT_PRODUCTION = "production or pilot role required"
JOB_NAMES = ("jobId", "job_id", "pandaID")
METHODS_ROOTS = ("/server/", "/api/")


class GuardError(Exception):
    """The caller is not let in; the text is what api/v1 answers."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, by which *agent*, and when; *problem* is why nobody is to listen."""

    who: str
    identity: Identity
    now: float
    agent: str = ""
    problem: str = ""


def application(server: PandaServer) -> WSGIApplication:
    """Return *server* as a WSGI application."""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = respond(server, read_request(environ), caller=read_caller(server, environ))
        phrase = HTTPStatus(answer.status).phrase
        headers = [("Content-Type", answer.kind), ("Content-Length", str(len(answer.body)))]
        start_response(f"{answer.status} {phrase}", headers)
        return [answer.body]

    return serve


def read_request(environ: WSGIEnvironment) -> HttpRequest:
    """Return what of *environ* is the request."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    return HttpRequest(
        method=environ["REQUEST_METHOD"],
        path=environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""),
        query=environ.get("QUERY_STRING", ""),
        content_type=environ.get("CONTENT_TYPE", ""),
        content_encoding=environ.get("HTTP_CONTENT_ENCODING", ""),
        accept=environ.get("HTTP_ACCEPT", ""),
        body=environ["wsgi.input"].read(length) if length else b"",
    )


def read_caller(server: PandaServer, environ: WSGIEnvironment) -> Caller:
    """Return what of *environ* is the caller."""
    given = environ.get("flightsim.now")
    now = server.now() if given is None else float(given)
    identity, problem = identify(environ), ""
    token = bearer(environ)
    if token is not None:
        try:
            origin = str(environ.get("HTTP_ORIGIN", ""))
            spoken = identity_of(token, origin=origin, now=now, seed=server.policy.token_seed)
            # A certificate goes before a token, if both are shown.
            identity = identity if identity.known else spoken
        except TokenError as error:
            problem = f"Token authentication failed. {error}"
    name = compact(identity.dn)
    if not problem and server.people.banned(name):
        problem = f"{name} is banned"
    return Caller(
        who=str(environ.get("flightsim.who", "")),
        identity=identity,
        now=now,
        agent=str(environ.get("HTTP_USER_AGENT", "")),
        problem=problem,
    )


def respond(server: PandaServer, request: HttpRequest, *, caller: Caller) -> HttpAnswer:
    """Answer *request*."""
    route = find(request.path)
    if route is None:
        return unknown(server, request, caller=caller)
    if route.dialect == "file":
        return respond_file(server, request, route=route, caller=caller)
    if caller.problem:
        server.table.refuse(None, pilot=caller.who, why=caller.problem)
        return HttpAnswer(403, TEXT, f"ERROR : {caller.problem}".encode())
    if route.dialect == "legacy":
        return respond_legacy(server, request, route=route, caller=caller)
    return respond_modern(server, request, route=route, caller=caller)


def unknown(server: PandaServer, request: HttpRequest, *, caller: Caller) -> HttpAnswer:
    """Answer a path that means nothing here, and say what it resembles."""
    server.journal.emit(
        UNKNOWN_ENDPOINT, who=caller.who, path=request.path, nearest=near(request.path)
    )
    if request.path.startswith(METHODS_ROOTS):
        method = request.path.rpartition("/")[2]
        return HttpAnswer(403, TEXT, f"ERROR : method {method} is forbidden".encode())
    return HttpAnswer(404, TEXT, b"not found")


def call_of(
    server: PandaServer,
    request: HttpRequest,
    *,
    route: Route,
    caller: Caller,
    values: dict[str, Any],
) -> Call:
    """Return the call that an endpoint is to answer."""
    return Call(
        server=server,
        now=caller.now,
        who=caller.who,
        identity=caller.identity,
        values=values,
        modern=route.dialect == "modern",
        json=request.accepts_json,
        texts=route.texts,
        body=request.body,
        agent=caller.agent,
        kind=request.content_type,
    )


def respond_file(
    server: PandaServer, request: HttpRequest, *, route: Route, caller: Caller
) -> HttpAnswer:
    """Answer a request for a file of the cache, or for the trace server."""
    methods = ("GET", "HEAD") if route.endpoint.method == "GET" else (route.endpoint.method,)
    if request.method not in methods:
        return HttpAnswer(405, TEXT, b"method not allowed")
    answer = route.endpoint.handle(call_of(server, request, route=route, caller=caller, values={}))
    assert isinstance(answer, FileAnswer)
    return HttpAnswer(answer.status, answer.kind, answer.body)


def respond_legacy(
    server: PandaServer, request: HttpRequest, *, route: Route, caller: Caller
) -> HttpAnswer:
    """Answer a request in the legacy dialect."""
    endpoint = route.endpoint
    given: dict[str, Any] = {}
    try:
        given = read_legacy(request)
        values = bind_legacy(endpoint.takes, given, method=endpoint.legacy)
        call = call_of(server, request, route=route, caller=caller, values=values)
        if endpoint.refusal and not call.trusted:
            refuse(server, given, caller=caller, why=ROLE_WANTED)
            answer: Answer | FileAnswer = refuse_role(call, refusal=endpoint.refusal)
        else:
            answer = endpoint.handle(call)
    except (BodyError, VariableError) as error:
        return broken(server, given, caller=caller, why=str(error))
    if isinstance(answer, FileAnswer):
        return HttpAnswer(answer.status, answer.kind, answer.body)
    return write_legacy(answer.legacy, as_json=request.accepts_json or answer.always_json)


def respond_modern(
    server: PandaServer, request: HttpRequest, *, route: Route, caller: Caller
) -> HttpAnswer:
    """Answer a request in the dialect of api/v1."""
    given: dict[str, Any] = {}
    try:
        given = read_modern(request)
        call = call_of(server, request, route=route, caller=caller, values={})
        guard(call, request, route=route)
        values = bind_modern(
            route.endpoint.takes,
            given,
            cast=request.method == "GET",
            anything=route.endpoint.anything,
        )
    except BodyError as error:
        return broken(server, given, caller=caller, why=str(error))
    except (GuardError, VariableError) as error:
        refuse(server, given, caller=caller, why=str(error))
        answer = Answer(success=False, message=str(error))
        return write_modern(answer.envelope, as_json=request.wants_json)
    try:
        said = route.endpoint.handle(replace(call, values=values))
    except VariableError as error:
        return broken(server, given, caller=caller, why=str(error))
    if isinstance(said, FileAnswer):
        return HttpAnswer(said.status, said.kind, said.body)
    return write_modern(said.envelope, as_json=request.wants_json)


def guard(call: Call, request: HttpRequest, *, route: Route) -> None:
    """Raise GuardError unless the caller is let in; the order is the real server's."""
    nobody = not call.identity.known and not call.server.policy.anonymous
    if route.endpoint.secure and (nobody or call.identity.limited):
        raise GuardError(NOT_SECURE)
    if route.endpoint.production and not call.trusted:
        raise GuardError(NOT_PRODUCTION)
    expected = route.endpoint.method
    if expected and request.method != expected:
        raise GuardError(f"expecting {expected}, received {request.method}")


def broken(server: PandaServer, given: dict[str, Any], *, caller: Caller, why: str) -> HttpAnswer:
    """Answer HTTP 500 with the text of what went wrong, as the real server does."""
    refuse(server, given, caller=caller, why=why)
    return HttpAnswer(500, TEXT, why.encode())


def refuse(server: PandaServer, given: dict[str, Any], *, caller: Caller, why: str) -> None:
    """Say in the journal that a request was refused, and for which job if it names one."""
    named = next((str(given[name]) for name in JOB_NAMES if name in given), "")
    job = int(named) if named.isdigit() else None
    server.table.refuse(job, pilot=caller.who, why=why)
