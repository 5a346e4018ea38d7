"""Grid credentials: a proxy with VOMS attributes, and the text that stands for its PEM file.

Models names, validity of the proxy and of its attributes (which may end before the proxy does),
groups and roles, key length, and whom a verifier trusts. The PEM text is a pretence: the body
is base64 of JSON, not X.509; real certificates come later, behind the same two functions.
Not modelled: revocation, delegation chains, limited proxies, signatures.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import textwrap
from dataclasses import asdict
from dataclasses import dataclass
from random import Random
from typing import Any
from typing import Collection

CERTIFICATE = "CERTIFICATE"
KEY = "RSA PRIVATE KEY"
BLOCK = re.compile(r"-----BEGIN (?P<what>[A-Z ]+)-----\n(?P<body>.*?)-----END (?P=what)-----", re.S)
PROXY_CN = re.compile(r"(/CN=(\d+|proxy|limited proxy))+$")
# Tools date a proxy back, so that a clock that is a little slow does not see it in the future.
BACKDATED_S = 300
AUTHORITY = "/DC=sim/DC=grid/CN=flightsim CA"


class CredentialError(ValueError):
    """A text holds no credential."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A proxy certificate; instants are POSIX seconds.

    *subject* is the proxy's own name, *issuer* the name that signed it (its holder's),
    *authority* the CA behind that one. *vo* is "" and *voms_not_after* None without attributes.
    """

    subject: str
    issuer: str
    not_before: int
    not_after: int
    vo: str = ""
    fqans: tuple[str, ...] = ()
    voms_not_after: int | None = None
    bits: int = 2048
    serial: int = 1
    authority: str = AUTHORITY

    @property
    def dn(self) -> str:
        """Return the holder's name: the subject without what proxies add to it."""
        return PROXY_CN.sub("", self.subject)

    def pem(self) -> str:
        """Return the text of the proxy file: certificate and private key."""
        body = json.dumps(asdict(self), sort_keys=True).encode()
        # The key is worth nothing, but is shaped so that a leaked one can be told.
        secret = hashlib.sha512(b"key of " + body).digest()
        return block(CERTIFICATE, body) + block(KEY, secret)

    def proxy_left_s(self, now: float) -> int:
        """Return the whole seconds left of the proxy at *now*, 0 once it has expired."""
        return max(0, self.not_after - int(now))

    def voms_left_s(self, now: float) -> int:
        """Return the whole seconds left of the attributes at *now*, 0 without any."""
        return max(0, (self.voms_not_after or 0) - int(now))


def block(what: str, body: bytes) -> str:
    """Return *body* as one PEM block."""
    lines = textwrap.fill(base64.b64encode(body).decode(), 64)
    return f"-----BEGIN {what}-----\n{lines}\n-----END {what}-----\n"


def read_pem(text: str) -> Credential:
    """Return the credential that *text* holds. Raises CredentialError."""
    for match in BLOCK.finditer(text):
        if match["what"] == CERTIFICATE:
            return _decode(match["body"])
    raise CredentialError("no certificate in this text")


def _decode(body: str) -> Credential:
    try:
        fields: dict[str, Any] = json.loads(base64.b64decode("".join(body.split()), validate=True))
        fields["fqans"] = tuple(fields["fqans"])
        return Credential(**fields)
    except (binascii.Error, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise CredentialError("this certificate cannot be read") from error


def check(
    credential: Credential | None,
    *,
    now: float,
    trusted_issuers: Collection[str] | None = None,
) -> str | None:
    """Return why *credential* is no good at *now* (POSIX seconds), or None if it is.

    *trusted_issuers* are the CAs that the verifier knows; None stands for all.
    """
    if credential is None:
        return "no credential"
    if now < credential.not_before:
        return "the credential is not valid yet"
    if now >= credential.not_after:
        return "the credential has expired"
    if trusted_issuers is not None and credential.authority not in trusted_issuers:
        return f"unknown CA {credential.authority}"
    if credential.vo and credential.voms_left_s(now) == 0:
        return "the VOMS attributes have expired"
    return None


def make_proxy(
    rng: Random,
    *,
    dn: str,
    now: float,
    lifetime_s: float,
    vo: str = "",
    fqans: tuple[str, ...] = (),
    voms_lifetime_s: float | None = None,
    bits: int = 2048,
    authority: str = AUTHORITY,
) -> Credential:
    """Return a new proxy of *dn*, valid from just before *now* (POSIX seconds).

    Its VOMS attributes, if it has a *vo*, last *voms_lifetime_s*, as long as itself if None.
    """
    serial = rng.randrange(1, 2**31)
    begin = int(now)
    voms_s = lifetime_s if voms_lifetime_s is None else voms_lifetime_s
    return Credential(
        subject=f"{dn}/CN={serial}",
        issuer=dn,
        not_before=begin - BACKDATED_S,
        not_after=begin + int(lifetime_s),
        vo=vo,
        fqans=fqans,
        voms_not_after=begin + int(voms_s) if vo else None,
        bits=bits,
        serial=serial,
        authority=authority,
    )


def fqans_of(vo: str, *roles: str) -> tuple[str, ...]:
    """Return the attributes of a member of *vo* with *roles*, the leading role first."""
    return (
        *(f"/{vo}/Role={role}/Capability=NULL" for role in roles),
        f"/{vo}/Role=NULL/Capability=NULL",
    )
