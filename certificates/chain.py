"""Chains of certificates, as files and peers show them: the own one first, the issuers after it.

Models proxy files (certificate, key, issuers) and what they say of their holder. Not modelled:
the order is taken as it is written; verifying finds the issuers by itself.
Read from italiangrid/voms@2eaeb9a:src/api/ccapi/api_util.cc (retrieve).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from certificates.attributes import Attributes
from certificates.attributes import read_attributes
from certificates.certificate import LABELS
from certificates.certificate import Certificate
from certificates.certificate import ProxyKind
from certificates.certificate import read_certificate
from certificates.der import CertificateError
from certificates.names import parent_of
from certificates.names import slash_form
from certificates.pem import blocks


@dataclass(frozen=True, slots=True)
class Chain:
    """The certificates of a credential, the own one first; there is at least one."""

    certificates: tuple[Certificate, ...]

    @property
    def leaf(self) -> Certificate:
        """Return the own certificate: the last proxy, if there are proxies."""
        return self.certificates[0]

    @property
    def holder(self) -> Certificate | None:
        """Return the certificate that is no proxy, None if the chain shows proxies only."""
        real = (c for c in self.certificates if c.proxy is ProxyKind.NONE)
        return next(real, None)

    @property
    def identity(self) -> str:
        """Return who holds the credential, in slash form: the name without what proxies add."""
        if self.holder is not None:
            return self.holder.subject
        return slash_form(parent_of(self.certificates[-1].subject_name))

    @property
    def is_limited(self) -> bool:
        """Tell whether any proxy is limited: what a limited one signs is no more than that."""
        return any(certificate.is_limited for certificate in self.certificates)

    @property
    def not_after(self) -> int:
        """Return when the first of the certificates ends (POSIX seconds)."""
        return min(certificate.not_after for certificate in self.certificates)

    @property
    def attributes(self) -> tuple[Attributes, ...]:
        """Return the VOMS attributes that count: those of the latest proxy that has any."""
        for certificate in self.certificates:
            if certificate.extensions.attributes:
                return tuple(map(read_attributes, certificate.extensions.attributes))
        return ()

    @property
    def fqans(self) -> tuple[str, ...]:
        """Return the groups and roles of all attributes, expired or not."""
        return tuple(fqan for attributes in self.attributes for fqan in attributes.fqans)

    def pem(self) -> str:
        """Return the certificates as text, without any key."""
        return "".join(certificate.pem() for certificate in self.certificates)


@lru_cache(maxsize=256)
def read_chain(text: str) -> Chain:
    """Return the certificates in the PEM *text*. Raises CertificateError if there are none."""
    found = tuple(read_certificate(body) for label, body in blocks(text) if label in LABELS)
    if not found:
        raise CertificateError("no certificate in this text")
    return Chain(found)
