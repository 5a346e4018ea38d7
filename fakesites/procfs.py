"""Folders of the machine: what /proc and the mount points list on a simulated node."""

from __future__ import annotations

import re
from typing import Any

from fakesites.machine import PROCESS_FILES
from fakesites.machine import SYSTEM_FILES
from fakesites.node import Node

# What a scan of all processes reads of each; the rest is asked for by itself.
OFTEN_READ = tuple((name, PROCESS_FILES[name]) for name in ("cmdline", "stat"))
PROCESS_FOLDER = re.compile(r"/proc/(\d+)")


def system_folder(node: Node, path: str) -> list[str] | None:
    """Return the sorted names in the folder *path* of the system, or None if it is none."""
    path = path.rstrip("/")
    found = PROCESS_FOLDER.fullmatch(path)
    if found is not None:
        there = node.processes.find(int(found[1])) is not None
        return sorted(PROCESS_FILES) if there else None
    return None


def process_files(node: Node) -> dict[str, Any]:
    """Return the *names* in /proc, and the *files* that scans read of each process, by path."""
    processes = node.processes.entered()
    system = [name.removeprefix("/proc/") for name in SYSTEM_FILES if name.startswith("/proc/")]
    return {
        "names": sorted([*(str(each.pid) for each in processes), *system]),
        "of_each": sorted(PROCESS_FILES),
        "files": {
            f"/proc/{each.pid}/{name}": make(node, each)
            for each in processes
            for name, make in OFTEN_READ
        },
    }
