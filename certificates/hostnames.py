"""Whether a certificate is one of the host that was meant.

Models alternative names (DNS and IP) and wildcards for a whole first label. Common names do not
count, as in Python's ssl; OpenSSL left alone takes any of them where no DNS name is given, hence
*common_name*. Not modelled: names with partial wildcards, internationalized names unencoded.
Read from RFC 6125, openssl/openssl@0223dfcf:crypto/x509/v3_utl.c (do_x509_check).
"""

from __future__ import annotations

from certificates.certificate import Certificate
from certificates.extensions import packed_address
from certificates.names import common_names
from certificates.verdicts import Verdict


def check_host(certificate: Certificate, host: str, *, common_name: bool = False) -> Verdict:
    """Return OK if *certificate* is one of *host* (a name or an IP address), else the mismatch."""
    packed = packed_address(host)
    if packed is not None:
        found = packed in certificate.extensions.addresses
        return Verdict.OK if found else Verdict.ADDRESS_MISMATCH
    names = certificate.extensions.hosts
    if not names and common_name:
        names = common_names(certificate.subject_name)
    found = any(is_match(name, host) for name in names)
    return Verdict.OK if found else Verdict.HOSTNAME_MISMATCH


def is_match(name: str, host: str) -> bool:
    """Tell whether the DNS *name* of a certificate, maybe with a wildcard, means *host*."""
    name, host = name.lower(), host.lower().removesuffix(".")
    if not name.startswith("*."):
        return name == host and bool(name)
    label, _, rest = host.partition(".")
    # *.sim would speak for a whole top domain.
    return bool(label) and rest == name[2:] and "." in rest
