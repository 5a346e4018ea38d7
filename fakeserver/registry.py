"""Endpoints: what each is called in both dialects, what it takes, and what it does.

An endpoint is a function of a Call that returns an Answer with a face for each dialect. It
enters the registry by decorator; ``routing`` imports them all and finds them by path.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any
from typing import Callable
from typing import Mapping
from typing import TypeVar

from fakeserver.codes import StatusCode
from fakeserver.identity import Identity
from fakeserver.identity import compact
from fakeserver.identity import has_production_role
from fakeserver.identity import has_role
from fakeserver.variables import Variable
from fakeserver.variables import variables

if TYPE_CHECKING:
    from fakeserver.server import PandaServer

LEGACY_ROOT = "/server/panda/"
MODERN_ROOT = "/api/v1/"
NO_ROLE = "no production/pilot role in VOMS FQANs or non pilot owner"
ROLE_WANTED = "production or pilot role is required"


@dataclass(frozen=True, slots=True)
class Call:
    """One request as an endpoint sees it; *values* are by model name (see ``variables``).

    *modern* tells the dialect; *json* that a legacy answer may be JSON. *texts* are the parts of
    the path of a file. *body* is what was sent, of the content type *kind*, for endpoints that take
    anything; *agent* is what the caller's program calls itself.
    """

    server: PandaServer
    now: float
    who: str
    identity: Identity
    values: Mapping[str, Any]
    modern: bool = False
    json: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    agent: str = ""
    kind: str = ""

    @property
    def trusted(self) -> bool:
        """Tell whether the caller is a pilot, or nobody where the policy lets nobody in."""
        if not self.identity.known:
            return self.server.policy.anonymous
        return has_role(self.identity)

    def text(self, name: str) -> str:
        """Return a variable as text, empty when it is not there."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def whole(self, name: str, default: int = 0) -> int:
        """Return a variable as a number not below 0, *default* when it is none."""
        try:
            return max(0, int(float(self.values.get(name, default))))
        except (TypeError, ValueError, OverflowError):
            return default

    @property
    def production(self) -> bool:
        """Tell whether the caller has a production role, or is nobody and may do anything."""
        if not self.identity.known:
            return self.server.policy.anonymous
        return has_production_role(self.identity)

    @property
    def person(self) -> str:
        """Return the name of the caller."""
        return compact(self.identity.dn)

    def dialog(self, text: str) -> dict[str, str]:
        """Return an ``errorDialog``, which legacy answers carry only in JSON."""
        return {"errorDialog": text} if self.json else {}


@dataclass(frozen=True, slots=True)
class Answer:
    """What an endpoint says: *legacy* as fields or text; *modern* is the envelope's data."""

    legacy: Mapping[str, Any] | str = ""
    modern: Any = None
    success: bool = True
    message: str = ""
    always_json: bool = False

    @property
    def envelope(self) -> dict[str, Any]:
        """Return the answer in the modern dialect."""
        return {"success": self.success, "message": self.message, "data": self.modern}


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """A file, or what the web server says in its place."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json"


Handler = Callable[[Call], Answer | FileAnswer]
AnyHandler = TypeVar("AnyHandler", bound=Handler)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint: canonical *name*, paths in both dialects or of a file, and its function.

    *fidelity* is ``modelled`` (it reads or changes the model) or ``canned``. *secure* and
    *production* are what api/v1 demands of the caller; *refusal* is how the legacy API refuses one
    without role: a status ``code``, a ``text``, or nothing at all. An empty *method* is any, and
    *anything* that api/v1 takes variables of any name.
    """

    name: str
    about: str
    source: str
    handle: Handler
    legacy: str = ""
    modern: str = ""
    files: tuple[str, ...] = ()
    method: str = "POST"
    takes: tuple[Variable, ...] = ()
    fidelity: str = "modelled"
    secure: bool = True
    production: bool = True
    refusal: str = "code"
    anything: bool = False

    @property
    def paths(self) -> tuple[str, ...]:
        """Return every path, with names in braces where it is not fixed."""
        legacy = (LEGACY_ROOT + self.legacy,) if self.legacy else ()
        modern = (MODERN_ROOT + self.modern,) if self.modern else ()
        return (*legacy, *modern, *self.files)


REGISTRY: dict[str, Endpoint] = {}


def endpoint(
    name: str,
    *,
    about: str,
    source: str,
    legacy: str = "",
    modern: str = "",
    files: tuple[str, ...] = (),
    method: str = "POST",
    takes: str = "",
    fidelity: str = "modelled",
    secure: bool = True,
    production: bool = True,
    refusal: str = "code",
    anything: bool = False,
) -> Callable[[AnyHandler], AnyHandler]:
    """Enter the decorated function as the endpoint *name*; see Endpoint for the rest."""

    def enter(handle: AnyHandler) -> AnyHandler:
        assert name not in REGISTRY
        assert fidelity in ("modelled", "canned")
        REGISTRY[name] = Endpoint(
            name=name,
            about=about,
            source=source,
            handle=handle,
            legacy=legacy,
            modern=modern,
            files=files,
            method=method,
            takes=variables(takes),
            fidelity=fidelity,
            secure=secure,
            production=production,
            refusal=refusal,
            anything=anything,
        )
        return handle

    return enter


def refuse_role(call: Call, *, refusal: str) -> Answer:
    """Return how the legacy API refuses a caller without role."""
    if refusal == "text":
        return Answer(legacy=ROLE_WANTED)
    return Answer(legacy={"StatusCode": int(StatusCode.ROLE), **call.dialog(NO_ROLE)})
