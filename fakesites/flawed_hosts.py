"""Host certificates that are no good, each for one reason: made as a CA would have made them.

Models a certificate that has expired, one of tomorrow, one of another host, one of a CA that nobody
trusts, one that its own key signed, and one that is on the list of its CA. Every verifier finds
the flaw by itself: ours (fakesites.tls_front) and OpenSSL.
"""

from __future__ import annotations

from functools import lru_cache

from certificates.authority import new_authority
from certificates.credential import Credential
from certificates.crl import Crl
from fakesites import issuers

DAY_S = 86_400
FOREIGN = "/DC=sim/DC=elsewhere/CN=Unknown CA"
OTHER_HOST = "other-host.sim"
FLAWS = ("expired", "not_yet_valid", "revoked", "self_signed", "unknown_ca", "wrong_host")


@lru_cache(maxsize=64)
def flawed_host(name: str, flaw: str, *, day: int) -> tuple[Credential, tuple[Crl, ...] | None]:
    """Return a credential of the host *name* with *flaw*, one of FLAWS, as of *day* (since 1970).

    With it come the lists that a verifier has to have to find it, None if it needs none.
    """
    midnight = day * DAY_S
    lists = None
    if flaw == "expired":
        shown = _issued(name, not_before=midnight - 400 * DAY_S, lifetime_s=395 * DAY_S)
    elif flaw == "not_yet_valid":
        shown = _issued(name, not_before=midnight + 5 * DAY_S, lifetime_s=395 * DAY_S)
    elif flaw == "self_signed":
        shown = new_authority(
            issuers.host_dn(name), seed=issuers.SEED, not_before=midnight - DAY_S
        ).credential
    elif flaw == "unknown_ca":
        shown = issuers.host(name, issuer=FOREIGN)
    elif flaw == "wrong_host":
        shown = issuers.host(OTHER_HOST)
    else:
        shown = _issued(name, not_before=midnight - 30 * DAY_S, lifetime_s=395 * DAY_S)
        lists = (issuers.authority().crl([shown.certificate], now=midnight - DAY_S),)
    return shown, lists


def _issued(name: str, *, not_before: int, lifetime_s: int) -> Credential:
    return issuers.authority().issue_host(name, not_before=not_before, lifetime_s=lifetime_s)
