"""Tokens: who speaks by ``Authorization: Bearer`` and ``Origin``, and the tokens that are issued.

A token is a JWT signed by this server's own issuer (RS256): name, VO with role, groups, expiry.
Who may be what stands in it; ``Origin`` says for which VO, as ``vo``, ``vo:role`` or ``vo.role``,
and has to agree with it. A caller whose token is no good is turned away with HTTP 403 and the
reason. Read from panda-server@9cc36033:srvcore/panda_request.py, server/panda.py.
Not modelled: several issuers, SciTokens, robots, policies that map groups to roles.
"""

from __future__ import annotations

import base64
import json
from functools import lru_cache
from typing import Any
from typing import Mapping

from certificates.keys import PrivateKey
from certificates.keys import is_signature
from certificates.keys import key_of
from fakeserver.identity import Identity

ISSUER = "https://iam.panda.sim/"
LIFETIME_S = 21600.0
HEADER = {"alg": "RS256", "typ": "JWT", "kid": "panda-sim"}


class TokenError(Exception):
    """A token is no good; the text is what the server answers, with HTTP 403."""


@lru_cache(maxsize=4)
def issuer_key(seed: str) -> PrivateKey:
    """Return the key of the issuer."""
    return key_of(seed, "token issuer")


def issue(
    name: str,
    *,
    vo: str,
    role: str = "",
    now: float,
    lifetime_s: float = LIFETIME_S,
    seed: str = "panda",
) -> str:
    """Return a token for *name* with a *role* in *vo*, valid from *now* (POSIX seconds)."""
    groups = [vo, f"{vo}/{role}"] if role else [vo]
    claims = {
        "iss": ISSUER,
        "sub": name.lower().replace(" ", "-"),
        "name": name,
        "vo": f"{vo}:{role}" if role else vo,
        "groups": groups,
        "aud": "panda",
        "iat": int(now),
        "exp": int(now + lifetime_s),
    }
    signed = f"{_encoded(_json(HEADER))}.{_encoded(_json(claims))}"
    signature = issuer_key(seed).sign(signed.encode())
    return f"{signed}.{_encoded(signature)}"


def identity_of(token: str, *, origin: str, now: float, seed: str = "panda") -> Identity:
    """Return who speaks by *token* for *origin*. Raises TokenError."""
    claims = read(token, seed=seed)
    if "iss" not in claims:
        raise TokenError("Issuer is undefined in the token")
    if now >= float(claims.get("exp", 0)):
        raise TokenError("Invalid token. Signature has expired")
    vo, role = vo_and_role(str(claims.get("vo", "")))
    asked, _ = vo_and_role(origin)
    if not vo or asked != vo:
        raise TokenError(f"Unknown vo : {asked}")
    if role and f"{vo}/{role}" not in claims.get("groups", ()):
        raise TokenError(f"Not a member of the {vo}/{role} group")
    # The real server writes the name with capitals, whatever the issuer does.
    name = " ".join(word.capitalize() for word in str(claims.get("name", "")).split())
    fqans = (f"/{vo}/Role={role}",) if role else (f"/{vo}",)
    return Identity(name or str(claims.get("sub", "")), fqans)


def read(token: str, *, seed: str = "panda") -> dict[str, Any]:
    """Return the claims of *token*. Raises TokenError unless the issuer signed them."""
    parts = token.split(".")
    if len(parts) != 3:
        raise TokenError("Invalid token. Not enough segments")
    try:
        claims = json.loads(_decoded(parts[1]))
        signature = _decoded(parts[2])
    except ValueError as error:
        raise TokenError(f"Invalid token. {error}") from error
    signed = f"{parts[0]}.{parts[1]}".encode()
    if not is_signature(signature, signed, digest="sha256", key=issuer_key(seed).public):
        raise TokenError("Invalid token. Signature verification failed")
    if not isinstance(claims, dict):
        raise TokenError("Invalid token. Invalid payload string: must be a json object")
    return claims


def vo_and_role(text: str) -> tuple[str, str]:
    """Return the parts of ``vo``, ``vo:role`` or ``vo.role``."""
    if ":" in text:
        vo, _, role = text.partition(":")
        return vo, role
    if text.startswith("vo.") or "." not in text:
        return text, ""
    vo, _, role = text.rpartition(".")
    return vo, role


def bearer(environ: Mapping[str, Any]) -> str | None:
    """Return the token in *environ*, None without any, ``""`` for one that cannot be read."""
    header = environ.get("HTTP_AUTHORIZATION")
    if header is None:
        return None
    parts = str(header).split()
    return parts[1] if len(parts) > 1 else ""


def _json(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
