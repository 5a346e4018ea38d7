"""Transfer URLs, and the path that Rucio gives a file of a deterministic endpoint."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

PORTS = {"dcap": 22125, "davs": 443, "https": 443, "root": 1094, "srm": 8443, "file": 0}
PORTS |= {"gsiftp": 2811, "s3": 443, "gs": 443}
BUCKETS = "gs"
ALIASES = {"xroot": "root", "roots": "root", "xroots": "root", "gsidcap": "dcap"}
FORM = re.compile(
    r"(?P<protocol>[a-z0-9+]+)://(?P<host>[^/:?]*)(:(?P<port>\d+))?(?P<rest>.*)", re.S
)
SERVICE = re.compile(r"^/srm/[^?]*\?SFN=")


@dataclass(frozen=True, slots=True)
class Turl:
    """A URL in its parts; *path* is absolute, without options and doubled slashes.

    What Google's URLs name in place of a host is a bucket: it is the first folder of the path.
    """

    protocol: str
    host: str
    port: int
    path: str


def parse_turl(text: str) -> Turl | None:
    """Return *text* in its parts, or None for a plain path or a protocol not known here."""
    match = FORM.fullmatch(text)
    if match is None:
        return None
    protocol = ALIASES.get(match["protocol"], match["protocol"])
    if protocol not in PORTS:
        return None
    if protocol == BUCKETS:
        return Turl(protocol, "", PORTS[protocol], bare_path(f"{match['host']}{match['rest']}"))
    port = int(match["port"] or PORTS[protocol])
    return Turl(protocol, match["host"], port, bare_path(match["rest"]))


def bare_path(rest: str) -> str:
    """Return the path in what follows host and port of a URL."""
    rest = SERVICE.sub("", rest).partition("?")[0]
    return "/" + re.sub("/+", "/", rest).lstrip("/")


def rucio_path(scope: str, lfn: str) -> str:
    """Return where Rucio puts *lfn* below an endpoint's root.

    Read from pilot3@a090538b:pilot/api/data.py (get_fspec_deterministic_path).
    """
    digest = hashlib.md5(f"{scope}:{lfn}".encode()).hexdigest()
    return "/".join([scope.replace(".", "/"), digest[0:2], digest[2:4], lfn])
