"""What a copy tool has just written, and how to spoil it behind the tool's back.

The target is the last argument, as it is for every copy tool; rucio names it otherwise.
A file on the node is spoilt in place, holes and modification time kept. A file on a storage
element is stored anew, so that the journal tells what lies there.
"""

from __future__ import annotations

import os
import posixpath
from pathlib import Path
from typing import Any
from typing import Protocol
from typing import Sequence

from harness.faults._world import Site
from harness.faults._world import ToolCall


class Spoiler(Protocol):
    """A way to spoil a file."""

    def spoil_file(self, real: Path) -> None:
        """Spoil the local file *real*."""

    def spoiled(self, content: Any) -> Any:
        """Return *content* (of a stored file), spoilt."""


def spoil_target(call: ToolCall, *, site: Site, spoiler: Spoiler) -> bool:
    """Spoil what *call* has written; tell whether there was such a file."""
    target = target_of(call.argv)
    stored = site.storages.locate(target) if "://" in target else None
    if stored is None:
        return _spoil_local(call, target.removeprefix("file://").removeprefix("localhost"), spoiler)
    element, path = stored
    found = element.find(path)
    if found is not None:
        element.place(path, spoiler.spoiled(found.content), by=call.owner)
    return found is not None


def target_of(argv: Sequence[str]) -> str:
    """Return the argument that names the file written by the copy command *argv*."""
    if posixpath.basename(argv[0]) != "rucio":
        return argv[-1]
    if "download" in argv:
        folder = _value_of(argv, "--dir") or "."
        return posixpath.join(folder, argv[-1].rpartition(":")[2])
    return _value_of(argv, "--pfn") or argv[-1]


def _value_of(argv: Sequence[str], option: str) -> str:
    return argv[argv.index(option) + 1] if option in argv[:-1] else ""


def _spoil_local(call: ToolCall, name: str, spoiler: Spoiler) -> bool:
    real = call.node.files.real(posixpath.join(call.cwd, name))
    if real.is_dir() and len(call.argv) > 2:
        real = real / posixpath.basename(call.argv[-2])
    if not real.is_file():
        return False
    kept = real.stat()
    spoiler.spoil_file(real)
    os.utime(real, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    return True
