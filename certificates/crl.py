"""Lists of revoked certificates.

Models whole version 2 lists with a number and the key of their issuer. Not modelled: delta and
indirect lists, reasons, distribution points.
Read from RFC 5280 (chapter 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from functools import lru_cache

from certificates import der
from certificates import extensions as ext
from certificates.certificate import Certificate
from certificates.certificate import sealed
from certificates.credential import Credential
from certificates.keys import PublicKey
from certificates.keys import digest_of
from certificates.keys import is_signature
from certificates.keys import signature_algorithm
from certificates.names import canonical
from certificates.names import slash_form
from certificates.pem import blocks
from certificates.pem import pem

CRL_NUMBER = "2.5.29.20"
TIMES = (der.UTC_TIME, der.GENERALIZED_TIME)


@dataclass(frozen=True, slots=True)
class Revoked:
    """A certificate of the list: its *serial* number, revoked at *since* (POSIX seconds)."""

    serial: int
    since: int


@dataclass(frozen=True, slots=True)
class Crl:
    """A list of the certificates that *issuer* revoked, good until *next_update*."""

    der: bytes = field(repr=False)
    issuer: str = field(compare=False)
    this_update: int = field(compare=False)
    next_update: int | None = field(compare=False)
    revoked: tuple[Revoked, ...] = field(compare=False)
    digest: str = field(compare=False)
    authority_key: bytes | None = field(compare=False, repr=False)
    issuer_name: bytes = field(compare=False, repr=False)
    signed: bytes = field(compare=False, repr=False)
    signature: bytes = field(compare=False, repr=False)

    def is_of(self, issuer: Certificate) -> bool:
        """Tell whether this list is, by name and key identifier, one of *issuer*."""
        known = issuer.extensions.subject_key
        if self.authority_key is not None and known is not None and self.authority_key != known:
            return False
        return canonical(self.issuer_name) == canonical(issuer.subject_name)

    def is_signed_by(self, key: PublicKey) -> bool:
        """Tell whether the signature is one of *key*."""
        return is_signature(self.signature, self.signed, digest=self.digest, key=key)

    def has(self, certificate: Certificate) -> bool:
        """Tell whether *certificate* is listed; from when on does not matter to a verifier."""
        return any(entry.serial == certificate.serial for entry in self.revoked)

    def pem(self) -> str:
        """Return the list as text."""
        return pem("X509 CRL", self.der)


def sign_crl(
    signer: Credential, revoked: tuple[Revoked, ...], *, now: int, lifetime_s: int, number: int
) -> Crl:
    """Return the list *number* of *revoked*, made *now* by *signer*."""
    entries = [
        der.sequence(der.integer(entry.serial), der.moment(entry.since)) for entry in revoked
    ]
    extensions = der.sequence(
        ext.authority_key(signer.certificate.key.identifier()),
        ext.extension(CRL_NUMBER, der.integer(number)),
    )
    signed = der.sequence(
        der.integer(1),
        signature_algorithm("sha256"),
        signer.certificate.subject_name,
        der.moment(now),
        der.moment(now + lifetime_s),
        der.sequence(*entries) if entries else b"",
        der.tagged(0, extensions),
    )
    return decode_crl(sealed(signed, signer.key))


@lru_cache(maxsize=256)
def decode_crl(data: bytes) -> Crl:
    """Return the list in the DER *data*. Raises CertificateError."""
    outer = der.read(data, der.SEQUENCE).reader()
    signed, signing = outer.take(der.SEQUENCE), outer.take(der.SEQUENCE)
    signature = outer.take(der.BITS)
    outer.close()
    reader = signed.reader()
    reader.maybe(der.INTEGER)
    inner = reader.take(der.SEQUENCE)
    issuer = reader.take(der.SEQUENCE).raw
    this_update = reader.take().moment()
    later = next((found for tag in TIMES if (found := reader.maybe(tag))), None)
    entries, extensions = reader.maybe(der.SEQUENCE), reader.maybe(0xA0)
    return Crl(
        der=data,
        issuer=slash_form(issuer),
        this_update=this_update,
        next_update=None if later is None else later.moment(),
        revoked=() if entries is None else tuple(map(_read_entry, entries.children())),
        digest=digest_of(signing, inner),
        authority_key=_authority_key(extensions),
        issuer_name=issuer,
        signed=signed.raw,
        signature=signature.bits(),
    )


def _authority_key(found: der.Element | None) -> bytes | None:
    if found is None:
        return None
    return ext.read_extensions(der.read(found.content, der.SEQUENCE).children()).authority_key


def _read_entry(element: der.Element) -> Revoked:
    reader = element.reader()
    return Revoked(reader.take(der.INTEGER).integer(), reader.take().moment())


def read_crls(text: str) -> tuple[Crl, ...]:
    """Return the lists in the PEM *text*. Raises CertificateError."""
    return tuple(decode_crl(body) for label, body in blocks(text) if label == "X509 CRL")
