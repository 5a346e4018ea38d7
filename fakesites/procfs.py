"""Folders of the machine: what /proc and the mount points list on a simulated node."""

from __future__ import annotations

import re
from typing import Any

from fakesites.machine import PROCESS_FILES
from fakesites.machine import SYSTEM_FILES
from fakesites.node import Node
from fakesites.processes import Process

# What a scan of all processes reads of each; the rest is asked for by itself.
OFTEN_READ = tuple((name, PROCESS_FILES[name]) for name in ("cmdline", "stat"))
OF_EACH = sorted(PROCESS_FILES)
PROCESS_FOLDER = re.compile(r"/proc/(\d+)")


def system_folder(node: Node, path: str) -> list[str] | None:
    """Return the sorted names in the folder *path* of the system, or None if it is none."""
    path = path.rstrip("/")
    found = PROCESS_FOLDER.fullmatch(path)
    if found is not None:
        there = node.processes.find(int(found[1])) is not None
        return sorted(PROCESS_FILES) if there else None
    return None


class ProcessFolder:
    """/proc as a whole, for guests that look at all processes every second.

    What idle processes say of themselves is kept until the process table changes.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._version = -1
        self._kept: dict[int, dict[str, str]] = {}

    def files(self) -> dict[str, Any]:
        """Return the *names* in /proc, and the *files* that scans read of each, by path."""
        processes = self._node.processes
        if processes.version != self._version:
            self._version = processes.version
            self._kept.clear()
            self._names = _names(self._node)
        texts: dict[str, str] = {}
        for process in processes.entered():
            texts.update(self._kept.get(process.pid) or self._of(process))
        return {"names": self._names, "of_each": OF_EACH, "files": texts}

    def _of(self, process: Process) -> dict[str, str]:
        texts = {
            f"/proc/{process.pid}/{name}": make(self._node, process) for name, make in OFTEN_READ
        }
        if not process.cpu_rate and not process.rss_rate:
            self._kept[process.pid] = texts
        return texts


def _names(node: Node) -> list[str]:
    system = [name.removeprefix("/proc/") for name in SYSTEM_FILES if name.startswith("/proc/")]
    return sorted([*(str(each.pid) for each in node.processes.entered()), *system])
