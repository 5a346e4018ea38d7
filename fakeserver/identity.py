"""Who asks: the subject of a client certificate and its VOMS attributes.

Simplified: a role of pilot or production in any VO is enough in both dialects. The real legacy
dispatcher also takes any attribute of /atlas/, /osg/ or /cms/ and configured subjects
(JobDispatcher.py#L719 at panda-server@2e1a1449); the real api/v1 wants Role=production or
a configured subject (api/v1/common.py has_production_role at 9cc36033).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from typing import Mapping

ROLE = re.compile(r"/Role=(pilot|production)(/|$)")
PRODUCTION = re.compile(r"^(/[^/]+|/atlas/usatlas)/Role=production(/|$)")
# RFC 3820 proxies append a number, older ones a word, to the subject of the person.
PROXY_PART = re.compile(r"^(\d+|proxy|limited proxy)$")


@dataclass(frozen=True, slots=True)
class Identity:
    """A subject and its attributes; nobody when *dn* is empty."""

    dn: str = ""
    fqans: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Tell whether anybody showed a credential."""
        return bool(self.dn)

    @property
    def limited(self) -> bool:
        """Tell whether the credential is a limited proxy, which api/v1 does not take."""
        return "/CN=limited proxy" in self.dn


def identify(environ: Mapping[str, Any]) -> Identity:
    """Return who speaks, as the web server in front of the application found out."""
    return Identity(
        dn=str(environ.get("SSL_CLIENT_S_DN", "")),
        fqans=tuple(str(each) for each in environ.get("flightsim.fqans", ())),
    )


def has_role(identity: Identity) -> bool:
    """Tell whether *identity* carries a pilot or production role."""
    return any(ROLE.search(fqan) for fqan in identity.fqans)


def has_production_role(identity: Identity) -> bool:
    """Tell whether *identity* carries a production role.

    Source: panda-server@9cc36033:api/v1/common.py has_production_role.
    """
    return any(PRODUCTION.search(fqan) for fqan in identity.fqans)


def vo_of(identity: Identity) -> str:
    """Return the VO of the first attribute, or nothing."""
    return next((fqan.split("/")[1] for fqan in identity.fqans if fqan.count("/")), "")


@lru_cache(maxsize=4096)
def compact(dn: str) -> str:
    """Return the name of the person in *dn*, the parts that a proxy appended left out."""
    names = [part[3:] for part in dn.split("/") if part.startswith("CN=")]
    own = [name for name in names if not PROXY_PART.match(name)]
    return own[-1] if own else dn
