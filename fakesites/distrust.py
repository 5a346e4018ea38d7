"""Whom the sites of a world trust no more: revoked certificates, and people who are banned.

Models one list of the grid's CA, made anew when something is revoked and known to every site at
once; while nothing is revoked nobody looks at a list. A ban is a site's own, by name. Not modelled:
sites whose list is old, bans that one site has and another has not.
"""

from __future__ import annotations

from certificates.certificate import Certificate
from certificates.crl import Crl
from fakesites import issuers

LIFETIME_S = 30 * 86_400


class Distrust:
    """The lists of one world; *banned* are names (DN) of people."""

    def __init__(self) -> None:
        self.banned: set[str] = set()
        self._revoked: list[Certificate] = []
        self._lists: tuple[Crl, ...] | None = None

    def revoke(self, certificate: Certificate, *, now: float) -> None:
        """Put *certificate* on the CA's list, from *now* (POSIX seconds) on."""
        if certificate in self._revoked:
            return
        self._revoked.append(certificate)
        made = issuers.authority().crl(
            self._revoked, now=int(now), lifetime_s=LIFETIME_S, number=len(self._revoked)
        )
        self._lists = (made,)

    def lists(self) -> tuple[Crl, ...] | None:
        """Return the lists of the CA, None while there is nothing on them."""
        return self._lists

    def __repr__(self) -> str:
        return f"Distrust({[each.subject for each in self._revoked]}, {sorted(self.banned)})"
