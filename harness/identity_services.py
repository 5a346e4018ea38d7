"""Services about who one is, as a scenario sets them up: MyProxy's contents, and gLExec's arbiter.

``[world.myproxy]`` is one credential that the world's MyProxy server keeps from the beginning:
*username* and *credname* under which, the *dn* of its owner, *roles* of its attributes, how long it
lasts (*hours*) and what is signed from it may last (*signed_hours*), and the policies *retrievers*,
*renewers*, *trusted* in MyProxy's words. ``[world.glexec]`` says what the site answers when a
credential asks for an account: the fields of fakesites.authorization.
"""

from __future__ import annotations

from random import Random
from typing import Any
from typing import Callable
from typing import Mapping

from fakesites.authorization import Authorization
from fakesites.issuers import PILOTS
from fakesites.myproxy import Stored
from fakesites.recipes import fqans_of
from fakesites.recipes import make_proxy
from simkernel import ScenarioError

HOUR_S = 3600
MYPROXY_FIELDS = (
    "username", "credname", "dn", "roles", "hours", "signed_hours", "retrievers", "renewers",
    "trusted", "passphrase",
)  # fmt: skip
GLEXEC_FIELDS = ("kind", "account", "role", "banned", "answer")


def stored_credential(fields: Mapping[str, Any], rng: Random, *, vo: str, now: float) -> Stored:
    """Return what the MyProxy server keeps. Raises ScenarioError for a field that is none."""
    check("myproxy", fields, MYPROXY_FIELDS)
    dn = str(fields.get("dn", PILOTS))
    proxy = make_proxy(
        rng,
        dn=dn,
        now=now,
        lifetime_s=float(fields.get("hours", 168)) * HOUR_S,
        vo=vo,
        fqans=fqans_of(vo, *fields.get("roles", ("production", "pilot"))),
    )
    return Stored(
        str(fields.get("username", dn)),
        dn,
        proxy.pem(),
        name=str(fields.get("credname", "")),
        passphrase=str(fields.get("passphrase", "")),
        retrievers=str(fields.get("retrievers", "")),
        renewers=str(fields.get("renewers", "")),
        trusted=str(fields.get("trusted", "")),
        lifetime_s=int(float(fields.get("signed_hours", 12)) * HOUR_S),
    )


def arbiter(fields: Mapping[str, Any], *, domain: str, wall: Callable[[], float]) -> Authorization:
    """Return the site's service for accounts. Raises ScenarioError for a field that is none."""
    check("glexec", fields, GLEXEC_FIELDS)
    values = {**fields, "banned": tuple(fields.get("banned", ()))}
    return Authorization(domain, wall, **values)


def check(section: str, fields: Mapping[str, Any], known: tuple[str, ...]) -> None:
    """Raise ScenarioError if *fields* has one that is not *known*."""
    wrong = sorted(set(fields) - set(known))
    if wrong:
        remedy = f"there are {', '.join(known)}"
        raise ScenarioError(f"unknown field {wrong[0]!r}", where=f"world.{section}", remedy=remedy)
