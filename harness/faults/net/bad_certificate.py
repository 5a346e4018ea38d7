"""The server shows a certificate that a careful client does not accept."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from functools import partial
from typing import Any

from fakesites.flawed_hosts import DAY_S
from fakesites.flawed_hosts import FLAWS
from fakesites.flawed_hosts import flawed_host
from fakesites.tls_front import TlsFront
from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from simkernel import Clock
from simkernel import ScenarioError
from simkernel import nearest
from simkernel.tls import Greeter
from simkernel.tls import Greeting
from simkernel.tls import Hello


@fault("bad_certificate", on=("net.*",), about="show a certificate that is no good")
@dataclass(frozen=True, slots=True)
class BadCertificate:
    """Show a certificate with a *flaw*; clients that do not look at it are served as ever.

    Flaws are expired, not_yet_valid, revoked, self_signed, unknown_ca and wrong_host. The
    certificate is a real one with that flaw, and what a client makes of it is its own affair; of a
    revoked one it is taken to have the list. Connections without TLS work.
    """

    flaw: str = "expired"

    def __post_init__(self) -> None:
        if self.flaw not in FLAWS:
            close = nearest(self.flaw, FLAWS)
            remedy = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(FLAWS)}"
            raise ScenarioError(f"flaw = {self.flaw!r}", remedy=remedy)

    def install(self, trigger: Fuse) -> None:
        """Stand before the host."""
        trigger.on_calls(partial(self.around, clock=trigger.world.clock))

    def around(self, _call: Any, proceed: Proceed, *, clock: Clock) -> Work:
        """Connect, and show the bad certificate."""
        service = yield from proceed()
        if service.greet is None:
            return service
        return replace(service, greet=partial(self._greet, service.greet, clock=clock))

    def _greet(self, greet: Greeter, hello: Hello, *, clock: Clock) -> Greeting:
        now = clock.wall()
        shown, lists = flawed_host(hello.server_name, self.flaw, day=int(now // DAY_S))
        flawed = TlsFront(shown, wall=clock.wall, theirs=lists).greet(hello)
        # What the server thinks of its client is what it always did.
        return replace(greet(hello), peer=flawed.peer, der=flawed.der)
