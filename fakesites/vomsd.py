"""A VOMS server: tells who may act in which groups and roles of a virtual organization.

Models membership, roles that are granted, the longest life of attributes, and refusals in the
server's words. Not modelled: groups below the VO's own, generic attributes, the registration.
Read from italiangrid/voms@2eaeb9a:src/server/vomsd.cc (Execute), src/include/errors.h.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Callable
from typing import Generator
from typing import Mapping

from certificates.pem import pem
from fakesites import issuers
from fakesites.credentials import CredentialError
from fakesites.credentials import read_pem
from fakesites.recipes import BACKDATED_S
from fakesites.recipes import fqans_of
from fakesites.tls_front import TlsFront
from simkernel import Network
from simkernel import Request
from simkernel import Response
from simkernel.network import Service

LIFE_MAX_S = 24 * 3600
ROLE = re.compile(r"(?P<group>(/[\w.-]+)+)(/Role=(?P<role>[\w-]+))?(/Capability=\w+)?")
LABEL = "ATTRIBUTE CERTIFICATE"


@dataclass(frozen=True, slots=True)
class Membership:
    """Who belongs to a VO: *roles* by DN; for a DN that is not there *default* (None: nobody)."""

    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    default: tuple[str, ...] | None = ("pilot", "production")

    def of(self, dn: str) -> tuple[str, ...] | None:
        """Return the roles of *dn*, None if it is no member."""
        return self.roles.get(dn, self.default)


class VomsService:
    """The server of *vo*; *wall* tells the time (POSIX seconds)."""

    def __init__(
        self, vo: str, *, wall: Callable[[], float], membership: Membership | None = None
    ) -> None:
        self.vo = vo
        self.membership = membership or Membership()
        self.life_max_s = LIFE_MAX_S
        self._wall = wall
        self._server = issuers.voms_server(vo)

    def open(self, network: Network) -> None:
        """Listen on *network*."""
        name, _, port = self._server.uri.partition(":")
        front = TlsFront(self._server.credential, wall=self._wall)
        network.add_host(name)
        network.listen(name, int(port), Service(self.handle, front.greet))

    def handle(self, request: Request) -> Generator[Any, Any, Response]:
        """Answer a request: lines of NAME=value (WANTED: an FQAN, LIFE: seconds)."""
        fields = dict(line.split("=", 1) for line in request.body.decode().splitlines())
        return Response(200, (), self._answer(request.client, fields).encode())
        yield  # Taking no time, this is a generator like any handler.

    def _answer(self, shown: str, fields: dict[str, str]) -> str:
        try:
            holder = read_pem(shown).chain.holder
        except CredentialError:
            holder = None
        roles = self.membership.of(holder.subject) if holder else None
        if holder is None or roles is None:
            return f"ERROR={self.vo}: User unknown to this VO."
        wanted = fields.get("WANTED", f"/{self.vo}")
        match = ROLE.fullmatch(wanted)
        role = match["role"] if match else None
        if match is None or match["group"] != f"/{self.vo}" or role not in (None, *roles):
            return f"ERROR={self.vo}: Unable to satisfy {wanted} Request!"
        asked_s = int(fields.get("LIFE", LIFE_MAX_S))
        life_s = min(asked_s, self.life_max_s)
        made = self._server.attributes(
            holder,
            fqans=fqans_of(self.vo, *([role] if role else [])),
            not_before=int(self._wall()) - BACKDATED_S,
            lifetime_s=life_s + BACKDATED_S,
        )
        warning = ""
        if life_s < asked_s:
            what = f"The validity of this VOMS AC in your proxy is shortened to {life_s} seconds!"
            warning = f"WARNING={what}\n"
        return warning + pem(LABEL, made)
