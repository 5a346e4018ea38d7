"""A VOMS server: signs who may act in which groups and roles of a virtual organization.

Models the attribute certificates that real servers issue, generic attributes and targets
included. Not modelled: the server's protocol, its database, requests for one role out of many.
Read from italiangrid/voms@2eaeb9a:src/ac/write.c, src/server/vomsd.cc (newformat is off).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping
from typing import Sequence

from certificates import der
from certificates import extensions as ext
from certificates.attributes import DIRECTORY_NAME
from certificates.attributes import FQAN_ATTRIBUTE
from certificates.attributes import GENERIC_ATTRIBUTES
from certificates.attributes import NO_REVOCATION
from certificates.attributes import SIGNER_CHAIN
from certificates.attributes import TARGETS
from certificates.attributes import URI
from certificates.certificate import Certificate
from certificates.certificate import sealed
from certificates.credential import Credential
from certificates.keys import number_of
from certificates.keys import signature_algorithm
from certificates.proxies import HOURS_12_S

PORT = 15_001
SERIAL_BITS = 63


@dataclass(frozen=True, slots=True)
class VomsServer:
    """The server of *vo*, which signs with the *credential* of its host; *uri* is host:port."""

    vo: str
    credential: Credential
    uri: str

    @property
    def lsc(self) -> tuple[str, ...]:
        """Return the names that a verifier has to know: the server's, then its CAs'."""
        below = (self.credential.certificate, *self.credential.issuers)
        return (*(c.subject for c in below), below[-1].issuer)

    def attributes(
        self,
        holder: Certificate,
        *,
        fqans: Sequence[str],
        not_before: int,
        lifetime_s: int = HOURS_12_S,
        generic: Mapping[str, str] | None = None,
        targets: Sequence[str] = (),
    ) -> bytes:
        """Return a signed attribute certificate (DER) of *holder*, who is no proxy.

        *generic* attributes have the VO as qualifier; only the hosts among *targets*, if there
        are any, are to believe it.
        """
        uri = f"{self.vo}://{self.uri}"
        more = (lifetime_s, *fqans, *sorted((generic or {}).items()), *targets)
        words = (self.credential.seed, "AC", self.vo, holder.der.hex(), not_before, *more)
        signer = self.credential.certificate
        signed = der.sequence(
            der.integer(1),
            # A server without -newformat names the holder, where RFC 5755 wants its issuer.
            der.sequence(
                der.tagged(0, _directory(holder.subject_name), der.integer(holder.serial))
            ),
            der.tagged(0, _directory(signer.subject_name)),
            signature_algorithm("sha256"),
            der.integer(number_of(*words, bits=SERIAL_BITS)),
            der.sequence(
                der.moment(not_before, always_generalized=True),
                der.moment(not_before + lifetime_s, always_generalized=True),
            ),
            der.sequence(_groups(uri, fqans)),
            der.sequence(*self._extensions(uri, generic or {}, targets)),
        )
        return sealed(signed, self.credential.key)

    def _extensions(
        self, uri: str, generic: Mapping[str, str], targets: Sequence[str]
    ) -> list[bytes]:
        chain = [certificate.der for certificate in self.credential.chain.certificates]
        found = [] if not generic else [_generic(uri, self.vo, generic)]
        found += [
            ext.extension(SIGNER_CHAIN, _wrapped(*chain)),
            ext.extension(NO_REVOCATION, der.null()),
            ext.authority_key(self.credential.certificate.key.identifier()),
        ]
        if targets:
            names = [der.sequence(der.tagged(0, _uri(target))) for target in targets]
            found.append(ext.extension(TARGETS, _wrapped(*names), critical=True))
        return found


def _directory(name: bytes) -> bytes:
    return der.sequence(der.value(DIRECTORY_NAME, name))


def _uri(text: str) -> bytes:
    return der.value(URI, text.encode())


def _wrapped(*elements: bytes) -> bytes:
    """Return the list of *elements* as VOMS writes lists: in one SEQUENCE too many."""
    return der.sequence(der.sequence(*elements))


def _groups(uri: str, fqans: Sequence[str]) -> bytes:
    values = der.sequence(*(der.octets(fqan.encode()) for fqan in fqans))
    syntax = der.sequence(der.tagged(0, _uri(uri)), values)
    return der.sequence(der.oid(FQAN_ATTRIBUTE), der.set_of(syntax))


def _generic(uri: str, vo: str, generic: Mapping[str, str]) -> bytes:
    words = [
        der.sequence(*(der.octets(word.encode()) for word in (name, value, vo)))
        for name, value in sorted(generic.items())
    ]
    provider = der.sequence(der.sequence(_uri(uri)), der.sequence(*words))
    return ext.extension(GENERIC_ATTRIBUTES, _wrapped(provider))
