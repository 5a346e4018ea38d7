"""Proxies: short-lived certificates that a holder signs, so that others can act for them.

Models proxies of RFC 3820 (full and limited, with and without a limit on how many may follow)
and the old ones of Globus 2, which only their name tells. A proxy of a limited one is limited.
Not modelled: delegation by request; the new key is made here.
Read from RFC 3820 (chapter 3), gridcf/gct@1ba1e1087:gsi/proxy/proxy_core/source/library.
"""

from __future__ import annotations

from typing import Iterable

from certificates import extensions as ext
from certificates.certificate import Certificate
from certificates.certificate import Draft
from certificates.certificate import ProxyKind
from certificates.certificate import sign_draft
from certificates.credential import Credential
from certificates.der import CertificateError
from certificates.keys import key_of
from certificates.keys import number_of
from certificates.names import add_common_name

SERIAL_BITS = 31
HOURS_12_S = 12 * 3600
OLD_KINDS = (ProxyKind.LEGACY, ProxyKind.LEGACY_LIMITED)


def proxy_of(
    holder: Credential,
    *,
    not_before: int,
    lifetime_s: int = HOURS_12_S,
    limited: bool = False,
    path_length: int | None = None,
    legacy: bool = False,
    attributes: Iterable[bytes] = (),
    bits: int = 2048,
) -> Credential:
    """Return a proxy that *holder* signs, itself a proxy or not.

    At most *path_length* proxies may follow it. *attributes* are VOMS attribute certificates
    (DER). Its end is not held to that of the holder, as an expired holder is worth a test.
    Raises CertificateError for a CA, and for old and new proxies in one chain.
    """
    _check_kinds(holder.certificate, legacy=legacy)
    limited = limited or holder.certificate.is_limited
    carried = tuple(attributes)
    more = (lifetime_s, limited, path_length, legacy, *(a.hex() for a in carried), bits)
    words = (holder.certificate.der.hex(), not_before, *more)
    serial = number_of(holder.seed, "proxy", *words, bits=SERIAL_BITS)
    key = key_of(holder.seed, f"proxy {serial} of {holder.subject}", bits=bits)
    draft = Draft(
        serial=holder.certificate.serial if legacy else serial,
        issuer_name=holder.certificate.subject_name,
        subject_name=add_common_name(
            holder.certificate.subject_name, _own_name(serial, limited=limited, legacy=legacy)
        ),
        not_before=not_before,
        lifetime_s=lifetime_s,
        key=key.public,
        extensions=_extensions(carried, limited=limited, path_length=path_length, legacy=legacy),
    )
    issued = sign_draft(draft, holder.key)
    return Credential(issued, key, holder.chain.certificates, holder.seed)


def _check_kinds(signer: Certificate, *, legacy: bool) -> None:
    if signer.extensions.is_ca:
        raise CertificateError("a CA signs no proxies")
    if signer.proxy is not ProxyKind.NONE and (signer.proxy in OLD_KINDS) is not legacy:
        raise CertificateError("old and new proxies do not go into one chain")


def _own_name(serial: int, *, limited: bool, legacy: bool) -> str:
    if not legacy:
        return str(serial)
    return "limited proxy" if limited else "proxy"


def _extensions(
    attributes: tuple[bytes, ...], *, limited: bool, path_length: int | None, legacy: bool
) -> tuple[bytes, ...]:
    found = [ext.key_usage("digital_signature", "key_encipherment")]
    if not legacy:
        policy = ext.LIMITED if limited else ext.IMPERSONATION
        found.append(ext.proxy_info(policy, path_length=path_length))
    if attributes:
        found.append(ext.voms_attributes(attributes))
    return tuple(found)
