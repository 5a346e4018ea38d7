"""One X.509 certificate: what it says, how it is written and signed, how it is read.

Models version 3 certificates with RSA keys. A `Certificate` is what was read of one; two are equal
if their bytes are. Not modelled: unique identifiers, other versions than 3 when writing.
Read from RFC 5280 (section 4.1), RFC 3820 (section 3), and for the two old kinds of proxy, which
only their names tell, from gridcf/gct@1ba1e1087:gsi/cert_utils/source/library.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from enum import Enum
from functools import lru_cache

from certificates import der
from certificates.extensions import IMPERSONATION
from certificates.extensions import INDEPENDENT
from certificates.extensions import LIMITED
from certificates.extensions import Extensions
from certificates.extensions import read_extensions
from certificates.keys import PrivateKey
from certificates.keys import PublicKey
from certificates.keys import digest_of
from certificates.keys import is_signature
from certificates.keys import read_public
from certificates.keys import signature_algorithm
from certificates.names import canonical
from certificates.names import last_common_name
from certificates.names import parent_of
from certificates.names import slash_form
from certificates.pem import pem

LABELS = ("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE")


class ProxyKind(Enum):
    """What kind of proxy a certificate is; the value is how `grid-proxy-info` calls it."""

    NONE = "not a proxy"
    FULL = "RFC 3820 compliant impersonation proxy"
    LIMITED = "RFC 3820 compliant limited proxy"
    INDEPENDENT = "RFC 3820 compliant independent proxy"
    RESTRICTED = "RFC 3820 compliant restricted proxy"
    LEGACY = "full legacy globus proxy"
    LEGACY_LIMITED = "limited legacy globus proxy"


POLICIES = {
    IMPERSONATION: ProxyKind.FULL,
    LIMITED: ProxyKind.LIMITED,
    INDEPENDENT: ProxyKind.INDEPENDENT,
}
LEGACY = {"proxy": ProxyKind.LEGACY, "limited proxy": ProxyKind.LEGACY_LIMITED}
LIMITED_KINDS = (ProxyKind.LIMITED, ProxyKind.LEGACY_LIMITED)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says.

    *subject* and *issuer* are in slash form, instants are POSIX seconds: valid from *not_before*
    on, no more valid at *not_after*, as OpenSSL sees it. The *_name* fields are DER.
    """

    der: bytes = field(repr=False)
    subject: str = field(compare=False)
    issuer: str = field(compare=False)
    serial: int = field(compare=False)
    not_before: int = field(compare=False)
    not_after: int = field(compare=False)
    proxy: ProxyKind = field(compare=False)
    digest: str = field(compare=False)
    extensions: Extensions = field(compare=False, repr=False)
    key: PublicKey = field(compare=False, repr=False)
    subject_name: bytes = field(compare=False, repr=False)
    issuer_name: bytes = field(compare=False, repr=False)
    signed: bytes = field(compare=False, repr=False)
    signature: bytes = field(compare=False, repr=False)

    @property
    def is_proxy(self) -> bool:
        """Tell whether this is a proxy of RFC 3820; an old one only looks like it by its name."""
        return self.extensions.policy is not None

    @property
    def is_limited(self) -> bool:
        """Tell whether this is a limited proxy, which must not start jobs."""
        return self.proxy in LIMITED_KINDS

    @property
    def bits(self) -> int:
        """Return the length of the key."""
        return self.key.bits

    def is_self_signed(self) -> bool:
        """Tell whether the certificate names itself as its issuer."""
        return self.names_as_issuer(self)

    def names_as_issuer(self, other: Certificate) -> bool:
        """Tell whether *other* is, by name and key identifier, the issuer of this certificate."""
        named, known = self.extensions.authority_key, other.extensions.subject_key
        if named is not None and known is not None and named != known:
            return False
        return canonical(self.issuer_name) == canonical(other.subject_name)

    def is_signed_by(self, key: PublicKey) -> bool:
        """Tell whether the signature is one of *key*."""
        return is_signature(self.signature, self.signed, digest=self.digest, key=key)

    def pem(self) -> str:
        """Return the certificate as text."""
        return pem("CERTIFICATE", self.der)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a new certificate is to say; names in DER, *extensions* as they are written."""

    serial: int
    issuer_name: bytes
    subject_name: bytes
    not_before: int
    lifetime_s: int
    key: PublicKey
    extensions: tuple[bytes, ...]


def sign_draft(draft: Draft, key: PrivateKey) -> Certificate:
    """Return the certificate that *draft* describes, signed by *key*."""
    begin = draft.not_before
    signed = der.sequence(
        der.tagged(0, der.integer(2)),
        der.integer(draft.serial),
        signature_algorithm("sha256"),
        draft.issuer_name,
        der.sequence(der.moment(begin), der.moment(begin + draft.lifetime_s)),
        draft.subject_name,
        draft.key.info(),
        der.tagged(3, der.sequence(*draft.extensions)),
    )
    return read_certificate(sealed(signed, key))


def sealed(signed: bytes, key: PrivateKey) -> bytes:
    """Return *signed* with its signature: a certificate, an attribute certificate, a CRL."""
    return der.sequence(signed, signature_algorithm("sha256"), der.bits(key.sign(signed)))


@lru_cache(maxsize=2048)
def read_certificate(data: bytes) -> Certificate:
    """Return the certificate in the DER *data*. Raises CertificateError."""
    outer = der.read(data, der.SEQUENCE).reader()
    signed, signing = outer.take(der.SEQUENCE), outer.take(der.SEQUENCE)
    signature = outer.take(der.BITS)
    outer.close()
    reader = signed.reader()
    reader.maybe(0xA0)
    serial = reader.take(der.INTEGER).integer()
    inner = reader.take(der.SEQUENCE)
    issuer = reader.take(der.SEQUENCE).raw
    times = [moment.moment() for moment in reader.take(der.SEQUENCE).children()]
    subject = reader.take(der.SEQUENCE).raw
    key = read_public(reader.take(der.SEQUENCE))
    extensions = _read_rest(reader)
    if len(times) != 2:
        raise der.CertificateError("a validity has two instants")
    return Certificate(
        der=data,
        subject=slash_form(subject),
        issuer=slash_form(issuer),
        serial=serial,
        not_before=times[0],
        not_after=times[1],
        proxy=_kind(subject, issuer, extensions),
        digest=digest_of(signing, inner),
        extensions=extensions,
        key=key,
        subject_name=subject,
        issuer_name=issuer,
        signed=signed.raw,
        signature=signature.bits(),
    )


def _read_rest(reader: der.Reader) -> Extensions:
    reader.maybe(0x81)
    reader.maybe(0x82)
    found = reader.maybe(0xA3)
    reader.close()
    if found is None:
        return Extensions()
    return read_extensions(der.read(found.content, der.SEQUENCE).children())


def _kind(subject: bytes, issuer: bytes, extensions: Extensions) -> ProxyKind:
    if extensions.policy is not None:
        return POLICIES.get(extensions.policy, ProxyKind.RESTRICTED)
    kind = LEGACY.get(last_common_name(subject) or "", ProxyKind.NONE)
    if kind is not ProxyKind.NONE and canonical(parent_of(subject)) != canonical(issuer):
        return ProxyKind.NONE
    return kind
