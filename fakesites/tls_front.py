"""TLS as certificates decide it: whom a server of this world lets in, and whom a pilot trusts.

Models the verification of both sides at the instant of the handshake with OpenSSL's verdicts, and
what ``getpeercert`` shows of the server. TLS knows nothing of VOMS: expired attributes are the
application's business. Servers look at the lists of revoked certificates that they have, clients
do if they are given some. Not modelled: certificates other than RSA (skipped, as nothing here is
signed by one), a pilot's clock that is wrong.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from typing import Callable
from typing import Sequence

from certificates.certificate import LABELS
from certificates.certificate import Certificate
from certificates.certificate import read_certificate
from certificates.chain import Chain
from certificates.credential import Credential
from certificates.crl import Crl
from certificates.der import CertificateError
from certificates.names import STEP
from certificates.pem import blocks
from certificates.verdicts import Verdict
from certificates.verifying import Purpose
from certificates.verifying import verify_chain
from fakesites import issuers
from fakesites.credentials import CredentialError
from fakesites.credentials import read_pem
from fakesites.credentials import verify
from fakesites.moments import date_text
from simkernel.network import VerifyError
from simkernel.tls import ADDRESS_MISMATCH
from simkernel.tls import ALERTS
from simkernel.tls import DEFAULT_ANCHORS
from simkernel.tls import HOST_MISMATCH
from simkernel.tls import Greeting
from simkernel.tls import Hello
from simkernel.tls import reason_of

Lists = Sequence[Crl] | None
FORM = "%b %e %H:%M:%S %Y GMT"
# OpenSSL's name of an alert -> what it is called on the wire.
ON_THE_WIRE = {reason_of(text): name for name, text in ALERTS.items()}
# How ssl names the parts of a name.
LONG_NAMES = {
    "C": "countryName",
    "CN": "commonName",
    "DC": "domainComponent",
    "L": "localityName",
    "O": "organizationName",
    "OU": "organizationalUnitName",
    "ST": "stateOrProvinceName",
    "UID": "userId",
}


class TlsFront:
    """The TLS of a server that shows *shown*; *wall* tells the time (POSIX seconds).

    *lists* tells which lists of revoked certificates the server has. *theirs* are those that its
    clients are taken to have.
    """

    def __init__(
        self,
        shown: Credential,
        *,
        wall: Callable[[], float],
        lists: Callable[[], Lists] = lambda: None,
        theirs: Lists = None,
    ) -> None:
        self._chain = shown.chain
        self._greeting = Greeting(peer=peer_of(self._chain.leaf), der=self._chain.leaf.der)
        self._wall = wall
        self._lists = lists
        self._theirs = theirs

    def greet(self, hello: Hello) -> Greeting:
        """Answer a client. Raises VerifyError if it does not trust the server."""
        now = self._wall()
        check_server(self._chain, hello, now=now, crls=self._theirs)
        alert = alert_for(hello.chain, now=now, crls=self._lists()) if hello.chain else ""
        if not alert:
            return self._greeting
        return Greeting(self._greeting.peer, self._greeting.der, alert=alert)

    def judge(self, hello: Hello, text: str) -> Greeting:
        """Say what a client makes of a server that shows the PEM *text*. Raises VerifyError."""
        chain = Chain(certificates_in(text))
        check_server(chain, hello, now=self._wall())
        return Greeting(peer=peer_of(chain.leaf), der=chain.leaf.der)


def check_server(chain: Chain, hello: Hello, *, now: float, crls: Lists = None) -> None:
    """Raise VerifyError if a client that says *hello*, and has *crls*, does not trust *chain*."""
    if not hello.verify:
        return
    if not chain.certificates:
        raise VerifyError(Verdict.SIGNATURE_FAILURE.value, Verdict.SIGNATURE_FAILURE.words)
    verdict = verify_chain(
        chain.certificates,
        anchors=_anchors(hello.anchors),
        now=now,
        purpose=Purpose.SERVER,
        hostname=hello.server_name if hello.check_name else "",
        crls=crls,
    )
    if verdict is not Verdict.OK:
        words = WITH_NAME.get(verdict, verdict.words)
        raise VerifyError(verdict.value, words.format(name=hello.server_name))


WITH_NAME = {
    Verdict.ADDRESS_MISMATCH: ADDRESS_MISMATCH[1],
    Verdict.HOSTNAME_MISMATCH: HOST_MISMATCH[1],
}


def alert_for(text: str, *, now: float, crls: Lists = None) -> str:
    """Return the alert that a server sends to a client who shows the PEM *text*, "" for none."""
    try:
        verdict = verify(read_pem(text).chain, now=now, crls=crls)
    except CredentialError:
        return "bad certificate"
    return ON_THE_WIRE[verdict.alert] if verdict.alert else ""


@lru_cache(maxsize=64)
def _anchors(texts: Sequence[str]) -> tuple[Certificate, ...]:
    """Return whom a client trusts by these *texts*; by default whom its node does."""
    found: list[Certificate] = []
    for text in texts:
        default = text == DEFAULT_ANCHORS
        found += [issuers.authority().certificate] if default else certificates_in(text)
    return tuple(found)


@lru_cache(maxsize=64)
def certificates_in(text: str) -> tuple[Certificate, ...]:
    """Return the certificates in the PEM *text* that can be read; a raw DER one is one, too."""
    try:
        bodies = [body for label, body in blocks(text) if label in LABELS]
    except CertificateError:
        bodies = []
    if text[:1] == "\x30":
        bodies.append(text.encode("latin-1", "replace"))
    return tuple(filter(None, map(_read, bodies)))


def _read(body: bytes) -> Certificate | None:
    try:
        return read_certificate(body)
    except CertificateError:
        return None


def peer_of(certificate: Certificate) -> dict[str, Any]:
    """Return *certificate* as ``ssl.SSLSocket.getpeercert`` shows one."""
    serial = f"{certificate.serial:X}"
    return {
        "subject": _name(certificate.subject),
        "issuer": _name(certificate.issuer),
        "version": 3,
        "serialNumber": serial.zfill(len(serial) + len(serial) % 2),
        "notBefore": date_text(certificate.not_before, FORM),
        "notAfter": date_text(certificate.not_after, FORM),
        "subjectAltName": tuple(("DNS", host) for host in certificate.extensions.hosts),
    }


def _name(slash_form: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    words = STEP.split(slash_form)
    pairs = zip(words[1::2], words[2::2], strict=True)
    return tuple(((LONG_NAMES.get(short, short), text),) for short, text in pairs)
