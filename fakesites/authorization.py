"""A site's decision point: which account of a worker node a credential may use (SCAS, Argus).

Models permission with an account, denial of those who are banned or have no role, and the answers
of a service that cannot decide; as both kinds of service the same. Not modelled: the policy
language, pools of accounts per role, obligations other than the account.
Read from nikhef's lcmaps-plugins-scas-client and lcmaps-plugins-c-pep (their man pages).
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Callable
from typing import Generator

from fakesites import issuers
from fakesites.credentials import CredentialError
from fakesites.credentials import check
from fakesites.credentials import read_pem
from fakesites.distrust import Distrust
from fakesites.tls_front import TlsFront
from simkernel import HarnessError
from simkernel import Network
from simkernel import Request
from simkernel import Response
from simkernel.network import Service
from simkernel.tls import Greeting
from simkernel.tls import Hello

PORTS = {"argus": 8154, "scas": 8443}
CONFIGURATION = "/etc/lcmaps/lcmaps-glexec.db"
# What a program does when the answer is not "permit".
ANSWERS = ("permit", "deny", "not applicable", "indeterminate")


@dataclass(slots=True)
class Authorization:
    """The service of *kind* ("argus" or "scas") at *domain*; *wall* tells the time (POSIX s).

    Whoever has a good credential with the *role* may use *account*, but for the *banned* (DNs) and,
    unless *limited* says so, for those who show a limited proxy. An *answer* other than "permit" is
    given to everybody, whatever was asked. *distrust* is whom the world trusts no more.
    """

    domain: str
    wall: Callable[[], float]
    kind: str = "argus"
    account: str = "glatlas"
    role: str = ""
    banned: tuple[str, ...] = ()
    answer: str = "permit"
    limited: bool = False
    distrust: Distrust = field(default_factory=Distrust)

    def __post_init__(self) -> None:
        if self.kind not in PORTS or self.answer not in ANSWERS:
            raise HarnessError(f"no authorization is {self.kind!r} and says {self.answer!r}")

    @property
    def host(self) -> str:
        """Return the host's name."""
        return f"{self.kind}.{self.domain}"

    def configuration(self) -> dict[str, str]:
        """Return the files that tell a node whom to ask, by path."""
        return {CONFIGURATION: f'{self.kind} = "--endpoint https://{self.host}:{self.port}/"\n'}

    @property
    def port(self) -> int:
        """Return the port that the service listens on."""
        return PORTS[self.kind]

    def open(self, network: Network) -> None:
        """Listen on *network*."""
        network.add_host(self.host)
        network.listen(self.host, self.port, Service(self.handle, self._greet))

    def _greet(self, hello: Hello) -> Greeting:
        # Its certificate is signed when it is first asked for: most worlds never do.
        shown = issuers.host(self.host)
        return TlsFront(shown, wall=self.wall, lists=self.distrust.lists).greet(hello)

    def handle(self, request: Request) -> Generator[Any, Any, Response]:
        """Answer with a decision and, for permission, an account."""
        decision = self.decide(request.body.decode())
        account = self.account if decision == "permit" else ""
        return Response(200, (), f"{decision}\n{account}\n".encode())
        yield  # Taking no time, this is a generator like any handler.

    def decide(self, text: str) -> str:
        """Return what is decided of the credential in the PEM *text*."""
        if self.answer != "permit":
            return self.answer
        try:
            shown = read_pem(text)
        except CredentialError:
            return "indeterminate"
        wrong = check(shown, now=self.wall(), crls=self.distrust.lists())
        if wrong is not None or shown.dn in {*self.banned, *self.distrust.banned}:
            return "deny"
        if shown.chain.is_limited and not self.limited:
            return "deny"
        roles = [fqan.partition("/Role=")[2].partition("/")[0] for fqan in shown.fqans]
        return "permit" if self.role in ("", *roles) else "not applicable"
