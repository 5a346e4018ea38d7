"""What passes a door of a storage element, and how to spoil it there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from typing import Protocol

from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults._targets import Spoiler


class DoorCall(Protocol):
    """One call at a ``door.*`` point: stat, get, put or delete (fakesites.storage.DoorCall)."""

    action: str
    endpoint: str
    path: str
    by: str
    content: Any


def spoilt(call: DoorCall, proceed: Proceed, *, spoiler: Spoiler) -> Work:
    """Let *call* through with what it carries spoilt; stat and delete carry nothing."""
    if call.action == "put":
        call.content = spoiler.spoiled(call.content)
    found = yield from proceed()
    if call.action == "get":
        return replace(found, content=spoiler.spoiled(found.content))
    return found
