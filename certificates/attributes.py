"""VOMS attribute certificates as they are read: who may act in which group and role, until when.

Models the attribute certificates of VOMS servers: groups and roles (FQAN), generic attributes
(name, value), the holder by issuer and serial number, targets, the signer's certificates.
Not modelled: object digests, attributes of other kinds.
Read from RFC 5755, italiangrid/voms@2eaeb9a:src/ac/newformat.c, src/ac/validate.cc.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from functools import lru_cache

from certificates import der
from certificates.certificate import Certificate
from certificates.certificate import read_certificate
from certificates.keys import PublicKey
from certificates.keys import digest_of
from certificates.keys import is_signature
from certificates.names import slash_form

FQAN_ATTRIBUTE = "1.3.6.1.4.1.8005.100.100.4"
SIGNER_CHAIN = "1.3.6.1.4.1.8005.100.100.10"
GENERIC_ATTRIBUTES = "1.3.6.1.4.1.8005.100.100.11"
TARGETS = "2.5.29.55"
NO_REVOCATION = "2.5.29.56"
DIRECTORY_NAME = 0xA4
URI = 0x86


@dataclass(frozen=True, slots=True)
class Generic:
    """A generic attribute, e.g. a nickname, in the words of the group *qualifier*."""

    name: str
    value: str
    qualifier: str


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a VOMS server says of a holder from *not_before* to *not_after* (POSIX seconds).

    *holder* and *holder_serial* tell whose certificate is meant (by RFC 5755 *holder* is the name
    of its CA, but VOMS servers write the own one), *issuer* is the server's name, *uri* its
    address (host:port). The first of the *fqans* is the leading one.
    """

    der: bytes = field(repr=False)
    vo: str = field(compare=False)
    uri: str = field(compare=False)
    fqans: tuple[str, ...] = field(compare=False)
    generic: tuple[Generic, ...] = field(compare=False)
    holder: str = field(compare=False)
    holder_serial: int = field(compare=False)
    issuer: str = field(compare=False)
    serial: int = field(compare=False)
    not_before: int = field(compare=False)
    not_after: int = field(compare=False)
    targets: tuple[str, ...] = field(compare=False)
    signer_chain: tuple[Certificate, ...] = field(compare=False, repr=False)
    digest: str = field(compare=False)
    holder_name: bytes = field(compare=False, repr=False)
    signed: bytes = field(compare=False, repr=False)
    signature: bytes = field(compare=False, repr=False)

    @property
    def host(self) -> str:
        """Return the name of the server's host."""
        return self.uri.partition(":")[0]

    def is_signed_by(self, key: PublicKey) -> bool:
        """Tell whether the signature is one of *key*."""
        return is_signature(self.signature, self.signed, digest=self.digest, key=key)


@lru_cache(maxsize=512)
def read_attributes(data: bytes) -> Attributes:
    """Return the attribute certificate in the DER *data*. Raises CertificateError."""
    outer = der.read(data, der.SEQUENCE).reader()
    signed, signing = outer.take(der.SEQUENCE), outer.take(der.SEQUENCE)
    signature = outer.take(der.BITS)
    outer.close()
    reader = signed.reader()
    reader.maybe(der.INTEGER)
    holder = reader.take(der.SEQUENCE).reader().take(0xA0).reader()
    holder_name = _directory_name(holder.take(der.SEQUENCE))
    holder_serial = holder.take(der.INTEGER).integer()
    issuer = _directory_name(reader.take(0xA0).reader().take(der.SEQUENCE))
    inner = reader.take(der.SEQUENCE)
    serial = reader.take(der.INTEGER).integer()
    times = [moment.moment() for moment in reader.take(der.SEQUENCE).children()]
    vo, uri, fqans = _read_groups(reader.take(der.SEQUENCE))
    reader.maybe(der.BITS)
    extensions = _read_extensions(reader.maybe(der.SEQUENCE))
    if len(times) != 2:
        raise der.CertificateError("a validity has two instants")
    return Attributes(
        der=data,
        vo=vo,
        uri=uri,
        fqans=fqans,
        generic=_read_generic(extensions.get(GENERIC_ATTRIBUTES)),
        holder=slash_form(holder_name),
        holder_serial=holder_serial,
        issuer=slash_form(issuer),
        serial=serial,
        not_before=times[0],
        not_after=times[1],
        targets=_read_targets(extensions.get(TARGETS)),
        signer_chain=_read_chain(extensions.get(SIGNER_CHAIN)),
        digest=digest_of(signing, inner),
        holder_name=holder_name,
        signed=signed.raw,
        signature=signature.bits(),
    )


def _directory_name(names: der.Element) -> bytes:
    """Return the DER name in a list of general names that has but this one."""
    reader = names.reader()
    name = reader.take(DIRECTORY_NAME).content
    reader.close()
    return name


def _read_groups(attributes: der.Element) -> tuple[str, str, tuple[str, ...]]:
    """Return the VO, the server's address and the FQANs."""
    for attribute in attributes.children():
        reader = attribute.reader()
        if reader.take(der.OID).oid() != FQAN_ATTRIBUTE:
            continue
        inside = reader.take(der.SET).reader().take(der.SEQUENCE).reader()
        vo, colon, uri = inside.take(0xA0).reader().take(URI).text().partition("://")
        if not colon:
            raise der.CertificateError("VOMS Server contact data missing from AC.")
        values = inside.take(der.SEQUENCE).children()
        return vo, uri, tuple(value.text() for value in values)
    raise der.CertificateError("VOMS Attributes missing from AC.")


def _read_extensions(found: der.Element | None) -> dict[str, bytes]:
    extensions = {}
    for element in [] if found is None else found.children():
        reader = element.reader()
        dotted = reader.take(der.OID).oid()
        reader.maybe(der.BOOLEAN)
        extensions[dotted] = reader.take(der.OCTETS).content
    return extensions


def _listed(content: bytes | None) -> list[der.Element]:
    """Return what is in the list that VOMS wraps once more than it needs to."""
    if content is None:
        return []
    return der.read(content, der.SEQUENCE).reader().take(der.SEQUENCE).children()


def _read_generic(content: bytes | None) -> tuple[Generic, ...]:
    found = []
    for provider in _listed(content):
        reader = provider.reader()
        reader.take(der.SEQUENCE)
        for attribute in reader.take(der.SEQUENCE).children():
            words = [word.content.decode("utf-8", "replace") for word in attribute.children()]
            if len(words) != 3:
                raise der.CertificateError("a generic attribute has three words")
            found.append(Generic(*words))
    return tuple(found)


def _read_targets(content: bytes | None) -> tuple[str, ...]:
    names = [target.reader().take(0xA0).reader().take(URI) for target in _listed(content)]
    return tuple(name.text() for name in names)


def _read_chain(content: bytes | None) -> tuple[Certificate, ...]:
    return tuple(read_certificate(element.raw) for element in _listed(content))
