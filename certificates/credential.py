"""A certificate with its key and its issuers: what a host, a person or a pilot holds.

Models the files of grid tools: a proxy file is certificate, key, issuers, in this order.
Read from italiangrid/voms@2eaeb9a:src/sslutils/sslutils.c (proxy_load_user_proxy).
"""

from __future__ import annotations

from dataclasses import dataclass

from certificates.certificate import Certificate
from certificates.chain import Chain
from certificates.chain import read_chain
from certificates.keys import PrivateKey
from certificates.keys import read_key


@dataclass(frozen=True, slots=True)
class Credential:
    """A certificate with its *key*, and the *issuers* that travel with it (without the root).

    *seed* is what the keys of its proxies are made of.
    """

    certificate: Certificate
    key: PrivateKey
    issuers: tuple[Certificate, ...]
    seed: str

    @property
    def subject(self) -> str:
        """Return the name in slash form."""
        return self.certificate.subject

    @property
    def chain(self) -> Chain:
        """Return the certificates without the key: what a peer is shown."""
        return Chain((self.certificate, *self.issuers))

    @property
    def chain_below_root(self) -> tuple[Certificate, ...]:
        """Return the issuers of what this credential signs, without the root."""
        return () if self.certificate.is_self_signed() else self.chain.certificates

    def pem(self) -> str:
        """Return the text of a proxy file."""
        issuers = "".join(certificate.pem() for certificate in self.issuers)
        return self.certificate.pem() + self.key.pem() + issuers


def read_credential(text: str, *, seed: str) -> Credential:
    """Return the credential in the PEM *text*, which has a key. Raises CertificateError."""
    leaf, *issuers = read_chain(text).certificates
    return Credential(leaf, read_key(text), tuple(issuers), seed)
