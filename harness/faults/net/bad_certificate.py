"""The server shows a certificate that a careful client does not accept."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from functools import partial
from typing import Any
from typing import Mapping

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from simkernel import ScenarioError
from simkernel import nearest
from simkernel.network import VerifyError
from simkernel.tls import EXPIRED
from simkernel.tls import HOST_MISMATCH
from simkernel.tls import NOT_YET_VALID
from simkernel.tls import REVOKED
from simkernel.tls import SELF_SIGNED
from simkernel.tls import UNKNOWN_ISSUER
from simkernel.tls import Greeter
from simkernel.tls import Greeting
from simkernel.tls import Hello

FLAWS: Mapping[str, tuple[int, str]] = {
    "expired": EXPIRED,
    "not_yet_valid": NOT_YET_VALID,
    "revoked": REVOKED,
    "self_signed": SELF_SIGNED,
    "unknown_ca": UNKNOWN_ISSUER,
    "wrong_host": HOST_MISMATCH,
}
WRONG_HOST = "wrong_host"


@fault("bad_certificate", on=("net.*",), about="show a certificate that is no good")
@dataclass(frozen=True, slots=True)
class BadCertificate:
    """Show a certificate with a *flaw*; clients that do not look at it are served as ever.

    Flaws are expired, not_yet_valid, revoked, self_signed, unknown_ca and wrong_host. Connections
    without TLS work.
    """

    flaw: str = "expired"

    def __post_init__(self) -> None:
        if self.flaw not in FLAWS:
            close = nearest(self.flaw, FLAWS)
            remedy = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(FLAWS)}"
            raise ScenarioError(f"flaw = {self.flaw!r}", remedy=remedy)

    def install(self, trigger: Fuse) -> None:
        """Stand before the host."""
        trigger.on_calls(self.around)

    def around(self, _call: Any, proceed: Proceed) -> Work:
        """Connect, and show the bad certificate."""
        service = yield from proceed()
        if service.greet is None:
            return service
        return replace(service, greet=partial(self._greet, service.greet))

    def _greet(self, greet: Greeter, hello: Hello) -> Greeting:
        if not hello.verify or (self.flaw == WRONG_HOST and not hello.check_name):
            return greet(hello)
        code, text = FLAWS[self.flaw]
        raise VerifyError(code, text.format(name=hello.server_name))
