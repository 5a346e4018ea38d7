"""Whether a chain of certificates is to be trusted, at a time, for a purpose.

Models OpenSSL's verification in its order: the path to an anchor, extensions, purpose and path
lengths, host name, revocation, signatures and times from the anchor down, names of proxies; the
first thing wrong is the answer, with OpenSSL's number. Proxies of RFC 3820 are OpenSSL's, old ones
(allowed by `Proxies.ALL`) those of Globus. Not modelled: partial chains, name constraints,
policies, alternative paths after a failure.
Read from openssl/openssl@00207e8e:crypto/x509/x509_vfy.c (build_chain, check_extensions,
check_cert_crl, internal_verify, check_name_constraints) and crypto/x509/v3_purp.c.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Sequence

from certificates.certificate import Certificate
from certificates.certificate import ProxyKind
from certificates.crl import Crl
from certificates.extensions import CLIENT_AUTH
from certificates.extensions import SERVER_AUTH
from certificates.hostnames import check_host
from certificates.names import canonical
from certificates.names import last_common_name
from certificates.names import parent_of
from certificates.verdicts import Verdict

DEPTH_MAX = 100


class Purpose(Enum):
    """What a certificate is shown for: the key purpose, and the usages of which one will do."""

    SERVER = (SERVER_AUTH, ("digital_signature", "key_encipherment", "key_agreement"))
    CLIENT = (CLIENT_AUTH, ("digital_signature", "key_agreement"))


class Proxies(Enum):
    """Which proxies a verifier takes."""

    REFUSED = ()
    RFC = (ProxyKind.FULL, ProxyKind.LIMITED, ProxyKind.INDEPENDENT, ProxyKind.RESTRICTED)
    ALL = (*RFC, ProxyKind.LEGACY, ProxyKind.LEGACY_LIMITED)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a verifier wants; see verify_chain."""

    anchors: tuple[Certificate, ...]
    now: int
    purpose: Purpose | None
    hostname: str
    common_name: bool
    crls: tuple[Crl, ...] | None
    proxies: Proxies
    bits_min: int

    def is_proxy(self, certificate: Certificate) -> bool:
        """Tell whether *certificate* is a proxy to this verifier."""
        return certificate.is_proxy or certificate.proxy in self.proxies.value


def verify_chain(
    chain: Sequence[Certificate],
    *,
    anchors: Sequence[Certificate],
    now: float,
    purpose: Purpose | None = None,
    hostname: str = "",
    common_name: bool = False,
    crls: Sequence[Crl] | None = None,
    proxies: Proxies = Proxies.REFUSED,
    bits_min: int = 0,
) -> Verdict:
    """Return OK if *chain* is good at *now* (POSIX seconds), else the first thing wrong with it.

    The first of *chain* is verified, the others may serve as its issuers; only *anchors* are
    trusted. With *crls*, even an empty list, every issuer needs one that is current (OpenSSL's
    CRL_CHECK_ALL). *hostname* is a name or an IP address (for *common_name* see check_host),
    *bits_min* the shortest key allowed.
    """
    lists = None if crls is None else tuple(crls)
    terms = Terms(
        tuple(anchors), int(now), purpose, hostname, common_name, lists, proxies, bits_min
    )
    if chain[0].bits < bits_min:
        return Verdict.KEY_TOO_SMALL
    path, verdict = _path(tuple(chain), terms)
    if verdict is not Verdict.OK:
        return verdict
    for check in CHECKS:
        if (verdict := check(path, terms)) is not Verdict.OK:
            return verdict
    return Verdict.OK


def _path(shown: tuple[Certificate, ...], terms: Terms) -> tuple[list[Certificate], Verdict]:
    """Return the certificates from the first one *shown* up, and whether they reach an anchor."""
    path = [shown[0]]
    while not path[-1].is_self_signed():
        trusted = _issuer(path[-1], terms.anchors, terms.now)
        others = [c for c in shown if c not in path]
        # A certificate that is trusted has only trusted ones above it.
        found = trusted or (path[-1] not in terms.anchors and _issuer(path[-1], others, terms.now))
        if not found:
            break
        path.append(found)
        if len(path) > DEPTH_MAX + 2:
            return path, Verdict.CHAIN_TOO_LONG
    return path, _reached(path, terms)


def _reached(path: list[Certificate], terms: Terms) -> Verdict:
    last = path[-1]
    if last in terms.anchors:
        return Verdict.OK if last.is_self_signed() else Verdict.UNABLE_TO_GET_ISSUER
    if not last.is_self_signed():
        return Verdict.UNABLE_TO_GET_ISSUER_LOCALLY
    return Verdict.SELF_SIGNED if len(path) == 1 else Verdict.SELF_SIGNED_IN_CHAIN


def _issuer(
    certificate: Certificate, candidates: Sequence[Certificate], now: int
) -> Certificate | None:
    """Return the candidate that names fit: the first that is valid, else the last to end."""
    if _is_malformed(certificate):
        return None
    fitting = [c for c in candidates if certificate.names_as_issuer(c) and not _is_malformed(c)]
    valid = (c for c in fitting if c.not_before <= now < c.not_after)
    return next(valid, None) or max(fitting, key=lambda c: c.not_after, default=None)


def _is_malformed(certificate: Certificate) -> bool:
    """Tell whether this is what no proxy may be: a CA, or one with names of its own."""
    extensions = certificate.extensions
    return certificate.is_proxy and (extensions.is_ca or extensions.has_names)


def _check_extensions(path: list[Certificate], terms: Terms) -> Verdict:
    below, proxies_below = 0, 0
    follows = _ANYTHING
    for depth, certificate in enumerate(path):
        extensions = certificate.extensions
        verdict = _check_kind(certificate, follows, terms)
        if verdict is not Verdict.OK:
            return verdict
        limit = extensions.path_length
        if limit is not None and below > limit + proxies_below:
            return Verdict.PATH_LENGTH_EXCEEDED
        if depth > 0 and not _is_self_issued(certificate):
            below += 1
        follows = _PROXY if terms.is_proxy(certificate) else _CERTIFICATE
        if follows is _PROXY:
            limit = extensions.proxy_path_length
            if limit is not None and proxies_below > limit:
                return Verdict.PROXY_PATH_LENGTH_EXCEEDED
            proxies_below = (proxies_below if limit is None else limit) + 1
    return Verdict.OK


# What a certificate of the path signed: nothing, a proxy, or a certificate.
_ANYTHING, _PROXY, _CERTIFICATE = "nothing", "proxy", "certificate"


def _check_kind(certificate: Certificate, signed: str, terms: Terms) -> Verdict:
    """Return whether *certificate* may be there, where it *signed* something."""
    if certificate.extensions.unknown:
        return Verdict.UNHANDLED_CRITICAL_EXTENSION
    if certificate.is_proxy and certificate.proxy not in terms.proxies.value:
        return Verdict.PROXY_NOT_ALLOWED
    if signed == _PROXY and _is_authority(certificate):
        return Verdict.INVALID_NON_CA
    if signed == _CERTIFICATE and not _is_authority(certificate):
        return Verdict.INVALID_CA
    if terms.purpose is not None and not _serves(
        certificate, terms.purpose, as_issuer=signed == _CERTIFICATE
    ):
        return Verdict.INVALID_PURPOSE
    return Verdict.OK


def _is_authority(certificate: Certificate) -> bool:
    usage = certificate.extensions.usage
    return certificate.extensions.is_ca and (usage is None or "key_cert_sign" in usage)


def _is_self_issued(certificate: Certificate) -> bool:
    return canonical(certificate.subject_name) == canonical(certificate.issuer_name)


def _serves(certificate: Certificate, purpose: Purpose, *, as_issuer: bool) -> bool:
    wanted, usages = purpose.value
    extensions = certificate.extensions
    if extensions.purposes is not None and wanted not in extensions.purposes:
        return False
    if as_issuer or extensions.usage is None:
        return True
    return any(usage in extensions.usage for usage in usages)


def _check_keys(path: list[Certificate], terms: Terms) -> Verdict:
    short = any(certificate.bits < terms.bits_min for certificate in path[1:])
    return Verdict.CA_KEY_TOO_SMALL if short else Verdict.OK


def _check_host(path: list[Certificate], terms: Terms) -> Verdict:
    if not terms.hostname:
        return Verdict.OK
    return check_host(path[0], terms.hostname, common_name=terms.common_name)


def _check_revocation(path: list[Certificate], terms: Terms) -> Verdict:
    if terms.crls is None:
        return Verdict.OK
    for certificate, issuer in zip(path, (*path[1:], path[-1]), strict=True):
        # Nobody lists proxies: they are short-lived, and their holder is no CA.
        verdict = Verdict.OK
        if not terms.is_proxy(certificate):
            verdict = _check_listed(certificate, issuer, terms.crls, terms.now)
        if verdict is not Verdict.OK:
            return verdict
    return Verdict.OK


def _check_listed(
    certificate: Certificate, issuer: Certificate, crls: tuple[Crl, ...], now: int
) -> Verdict:
    fitting = [crl for crl in crls if crl.is_of(issuer)]
    if not fitting:
        return Verdict.UNABLE_TO_GET_CRL
    crl = max(fitting, key=lambda c: (_is_current(c, now), c.this_update))
    if issuer.extensions.usage is not None and "crl_sign" not in issuer.extensions.usage:
        return Verdict.NO_CRL_SIGN
    if now < crl.this_update:
        return Verdict.CRL_NOT_YET_VALID
    if not _is_current(crl, now):
        return Verdict.CRL_EXPIRED
    if not crl.is_signed_by(issuer.key):
        return Verdict.CRL_SIGNATURE_FAILURE
    return Verdict.REVOKED if crl.has(certificate) else Verdict.OK


def _is_current(crl: Crl, now: int) -> bool:
    return crl.this_update <= now and (crl.next_update is None or now < crl.next_update)


def _check_signatures(path: list[Certificate], terms: Terms) -> Verdict:
    """Check signatures and times, from the anchor down; an anchor's own signature is no news."""
    issuer: Certificate | None = None
    for certificate in reversed(path):
        if issuer is not None:
            verdict = _check_signing(certificate, issuer, terms)
            if verdict is not Verdict.OK:
                return verdict
        if terms.now < certificate.not_before:
            return Verdict.NOT_YET_VALID
        if terms.now >= certificate.not_after:
            return Verdict.EXPIRED
        issuer = certificate
    return Verdict.OK


def _check_signing(certificate: Certificate, issuer: Certificate, terms: Terms) -> Verdict:
    # That the issuer of a certificate may sign one was seen before: it is an authority.
    usage = issuer.extensions.usage
    if terms.is_proxy(certificate) and usage is not None and "digital_signature" not in usage:
        return Verdict.NO_DIGITAL_SIGNATURE
    if not certificate.is_signed_by(issuer.key):
        return Verdict.SIGNATURE_FAILURE
    return Verdict.OK


def _check_names(path: list[Certificate], terms: Terms) -> Verdict:
    """Check that each proxy has the name of its issuer and one CN more."""
    for certificate in path:
        if not terms.is_proxy(certificate):
            continue
        own, above = certificate.subject_name, certificate.issuer_name
        longer = last_common_name(own) is not None
        if not longer or canonical(parent_of(own)) != canonical(above):
            return Verdict.PROXY_SUBJECT_VIOLATION
    return Verdict.OK


CHECKS = (
    _check_extensions,
    _check_keys,
    _check_host,
    _check_revocation,
    _check_signatures,
    _check_names,
)
