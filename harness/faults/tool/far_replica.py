"""The catalogue of replicas names one far away, before those that are near."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from harness.faults import Fuse
from harness.faults import fault
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work

NAME = "FAR_DATADISK"
DOOR = "root://se.far.sim:1094//far"
PRIORITY = 99
IDENTITY = re.compile(r"<identity>([^<:]+):([^<]+)</identity>")


@fault(
    "far_replica",
    on=("tool.replicas",),
    about="list a far replica first, by its priority the last",
)
@dataclass(frozen=True, slots=True)
class FarReplica:
    """Put a replica at a storage that nobody reaches before the others."""

    def install(self, trigger: Fuse) -> None:
        """Stand around the tool."""
        trigger.on_calls(self.around)

    def around(self, call: Any, proceed: Proceed) -> Work:
        """Let the catalogue answer, and change what it says."""
        said: list[str] = []
        out = call.out
        call.out = said.append
        try:
            return (yield from proceed())
        finally:
            out(with_far("".join(said)))


def with_far(text: str) -> str:
    """Return an answer, JSON or metalink, with the far replica first."""
    if text.startswith("["):
        return json.dumps([_record(each) for each in json.loads(text)]) + "\n"
    found = IDENTITY.search(text)
    if found is None:
        return text
    url = (
        f'  <url location="{NAME}" domain="wan" priority="{PRIORITY}" client_extract="false">'
        f"{DOOR}/{found[2]}</url>\n"
    )
    at = text.find("  <url ")
    return text if at < 0 else text[:at] + url + text[at:]


def _record(record: dict[str, Any]) -> dict[str, Any]:
    url = f"{DOOR}/{record['name']}"
    far = {"rse": NAME, "type": "DISK", "domain": "wan", "priority": PRIORITY, "volatile": False}
    return {
        **record,
        "pfns": {url: {**far, "client_extract": False}, **record["pfns"]},
        "rses": {NAME: [url], **record["rses"]},
    }
