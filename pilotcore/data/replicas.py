"""Where a file is, if the job does not say: the replica catalogue is asked by its command line.

What the catalogue answers is a list without an order that could be relied upon (INC-087): near
endpoints come first, then those of the same site, then by the priority that each replica has.
Read from pilot3@a090538b:pilot/api/data.py#resolve_replicas.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Collection

URL = re.compile(r"<url\s+([^>]*)>\s*([^<\s]+)\s*</url>")
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
TIMEOUT_S = 120.0
LAST = 1_000_000


@dataclass(frozen=True)
class Replica:
    """One URL of a file; a small *priority* is a high one."""

    turl: str
    endpoint: str
    is_local: bool
    priority: int


def question(scope: str, lfn: str, *, schemes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the command that lists the replicas of a file."""
    protocols = ("--protocols", ",".join(schemes))
    return ("rucio", "list-file-replicas", "--metalink", *protocols, f"{scope}:{lfn}")


def read_metalink(text: str) -> tuple[Replica, ...]:
    """Return the replicas in a metalink, as they are listed."""
    return tuple(
        _replica(dict(ATTRIBUTE.findall(found[1])), found[2]) for found in URL.finditer(text)
    )


def _replica(said: dict[str, str], turl: str) -> Replica:
    priority = said.get("priority", "")
    return Replica(
        turl,
        said.get("location", ""),
        said.get("domain") == "lan",
        int(priority) if priority.isdigit() else LAST,
    )


def ordered(replicas: tuple[Replica, ...], near: Collection[str]) -> tuple[Replica, ...]:
    """Return *replicas*, best first; *near* are the endpoints that the queue reads from."""
    return tuple(
        sorted(
            replicas,
            key=lambda each: (each.endpoint not in near, not each.is_local, each.priority),
        )
    )
