"""Files that the node serves, and its disk."""

from __future__ import annotations

import os
from typing import Any

from fakesites.conditions import SECURITY
from fakesites.machine import MB
from fakesites.procfs import process_table
from fakesites.procfs import system_folder
from harness.desks.caller import Caller


class Files:
    """The desk of ``/proc``, ``/sys``, ``/cvmfs``, and of ``os.statvfs``."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def file(self, *, path: str) -> tuple[str, Any]:
        """Return ('file', text), ('folder', names) or ('missing', None)."""
        path = path.replace("/proc/self", f"/proc/{self._caller.pid}")
        if path == "/proc":
            return "folder", process_table(self._caller.node)
        names = system_folder(self._caller.node, path)
        if names is not None:
            return "folder", names
        if path.startswith(SECURITY) and (folder := self._caller.node.conditions.folder(path)):
            return "folder", sorted(folder.names)
        text = self._caller.node.system_text(path)
        if text is None and self._caller.node.files.is_mounted(path):
            return self._mounted(path)
        return ("missing", None) if text is None else ("file", text)

    def _mounted(self, path: str) -> tuple[str, Any]:
        """Return what stands in a repository of software."""
        real = self._caller.node.files.real(path)
        if real.is_dir():
            return "folder", sorted(os.listdir(real))
        if real.is_file():
            return "file", real.read_text(encoding="utf-8", errors="replace")
        return "missing", None

    def disk(self) -> tuple[int, int]:
        """Return the size of the node's disk, and what is left of it, in bytes."""
        return self._caller.node.spec.disk_mb * MB, self._caller.node.free_bytes()
