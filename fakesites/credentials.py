"""Grid credentials: what a proxy file says of its holder, until when, and whether it is any good.

Models a proxy of RFC 3820 with VOMS attributes as X.509 (see ``certificates``), which may end
before the proxy does, and what a server with the grid's CA makes of it. Made they are by
``fakesites.recipes``. Not modelled: more than one VO in a proxy.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Collection
from typing import Sequence

from certificates.attributes import Attributes
from certificates.certificate import Certificate
from certificates.chain import Chain
from certificates.chain import read_chain
from certificates.crl import Crl
from certificates.der import CertificateError
from certificates.verdicts import Verdict
from certificates.verdicts import VomsVerdict
from certificates.verifying import Proxies
from certificates.verifying import Purpose
from certificates.verifying import verify_chain
from certificates.vomstrust import verify_attributes
from fakesites import issuers

AUTHORITY = issuers.AUTHORITY
UNKNOWN_CA = (
    Verdict.UNABLE_TO_GET_ISSUER,
    Verdict.UNABLE_TO_GET_ISSUER_LOCALLY,
    Verdict.SELF_SIGNED,
    Verdict.SELF_SIGNED_IN_CHAIN,
)
WORDS = {
    Verdict.NOT_YET_VALID: "the credential is not valid yet",
    Verdict.EXPIRED: "the credential has expired",
    Verdict.REVOKED: "the credential has been revoked",
}
VOMS_WORDS = {
    VomsVerdict.EXPIRED: "the VOMS attributes have expired",
    VomsVerdict.NOT_YET_VALID: "the VOMS attributes are not valid yet",
}


class CredentialError(ValueError):
    """A text holds no credential."""


@dataclass(frozen=True, slots=True)
class Credential:
    """What a file of certificates says; instants are POSIX seconds.

    *subject* is the own name, *issuer* the name that signed it, *dn* the holder's without what
    proxies add, *authority* the CA behind that one. *vo* is "" and *voms_not_after* None without
    attributes. *text* is the file.
    """

    chain: Chain
    text: str = field(repr=False, compare=False)

    @property
    def subject(self) -> str:
        return self.chain.leaf.subject

    @property
    def issuer(self) -> str:
        return self.chain.leaf.issuer

    @property
    def dn(self) -> str:
        return self.chain.identity

    @property
    def authority(self) -> str:
        return self.chain.certificates[-1].issuer

    @property
    def serial(self) -> int:
        return self.chain.leaf.serial

    @property
    def bits(self) -> int:
        return self.chain.leaf.bits

    @property
    def not_before(self) -> int:
        return self.chain.leaf.not_before

    @property
    def not_after(self) -> int:
        return self.chain.leaf.not_after

    @property
    def attributes(self) -> Attributes | None:
        """Return the leading VOMS attributes, None if there are none that can be read."""
        try:
            return next(iter(self.chain.attributes), None)
        except CertificateError:
            return None

    @property
    def vo(self) -> str:
        return self.attributes.vo if self.attributes else ""

    @property
    def fqans(self) -> tuple[str, ...]:
        return self.attributes.fqans if self.attributes else ()

    @property
    def voms_not_after(self) -> int | None:
        return self.attributes.not_after if self.attributes else None

    def pem(self) -> str:
        """Return the text of the file: certificate, private key, issuers."""
        return self.text

    def proxy_left_s(self, now: float) -> int:
        """Return the whole seconds left of the proxy at *now*, 0 once it has expired."""
        return max(0, self.not_after - int(now))

    def voms_left_s(self, now: float) -> int:
        """Return the whole seconds left of the attributes at *now*, 0 without any."""
        return max(0, (self.voms_not_after or 0) - int(now))


def read_pem(text: str) -> Credential:
    """Return the credential that *text* holds. Raises CredentialError."""
    try:
        return Credential(read_chain(text), text)
    except CertificateError as error:
        raise CredentialError(str(error)) from error


def check(
    credential: Credential | None,
    *,
    now: float,
    trusted_issuers: Collection[str] | None = None,
    crls: Sequence[Crl] | None = None,
) -> str | None:
    """Return why *credential* is no good at *now* (POSIX seconds), or None if it is.

    *trusted_issuers* are the CAs that the verifier knows; None stands for that of the grid.
    *crls* are the lists that it has, None if it looks at none.
    """
    if credential is None:
        return "no credential"
    names = (AUTHORITY,) if trusted_issuers is None else trusted_issuers
    anchors = [issuers.authority(name).certificate for name in names]
    verdict = verify(credential.chain, now=now, anchors=anchors, crls=crls)
    if verdict in UNKNOWN_CA:
        return f"unknown CA {credential.authority}"
    if verdict is not Verdict.OK:
        return WORDS.get(verdict, verdict.words)
    return check_attributes(credential, now=now)


def verify(
    chain: Chain,
    *,
    now: float,
    anchors: Sequence[Certificate] | None = None,
    crls: Sequence[Crl] | None = None,
) -> Verdict:
    """Return what a server makes of the *chain* that a client shows, attributes aside."""
    trusted = [issuers.authority().certificate] if anchors is None else anchors
    return verify_chain(
        chain.certificates,
        anchors=trusted,
        now=now,
        purpose=Purpose.CLIENT,
        crls=crls,
        proxies=Proxies.ALL,
    )


def check_attributes(credential: Credential, *, now: float) -> str | None:
    """Return why the VOMS attributes are no good at *now*, None if they are or are not there."""
    verdict = verify_voms(credential, now=now)
    if verdict is None or verdict is VomsVerdict.OK:
        return None
    return VOMS_WORDS.get(verdict, f"the VOMS attributes are no good: {verdict.value}")


def verify_voms(credential: Credential, *, now: float, grace_s: float = 0.0) -> VomsVerdict | None:
    """Return what a server makes of the attributes, None if there are none."""
    found, holder = credential.attributes, credential.chain.holder
    if found is None or holder is None:
        return None
    return verify_attributes(
        found,
        holder=holder,
        anchors=[issuers.authority().certificate],
        trusted={found.vo: [issuers.voms_server(found.vo).lsc]},
        now=now,
        grace_s=grace_s,
    )
