"""Folders of the machine: what /proc and the mount points list on a simulated node."""

from __future__ import annotations

import re
from typing import Any

from fakesites import cgroups
from fakesites.machine import PROCESS_FILES
from fakesites.machine import SYSTEM_FILES
from fakesites.machine import stat_around_cpu
from fakesites.node import Node

PROCESS_FOLDER = re.compile(r"/proc/(\d+)")


def system_folder(node: Node, path: str) -> list[str] | None:
    """Return the sorted names in the folder *path* of the system, or None if it is none."""
    path = path.rstrip("/")
    if path.startswith(cgroups.ROOT):
        return cgroups.folder(node, path)
    found = PROCESS_FOLDER.fullmatch(path)
    if found is not None:
        there = node.processes.find(int(found[1])) is not None
        return of_each(node) if there else None
    return None


def process_table(node: Node) -> dict[str, Any]:
    """Return /proc as a whole, in a form that holds until the stamp of the table changes.

    *names* are those in /proc, *of_each* those in a process's folder, *files* the texts that a
    scan reads, by path. *busy* are the files that change with CPU time: what stands before and
    after the ticks, and CPU seconds, cores used and the instant from which on they are. A process
    whose memory grows is left out: its files are asked for one by one.
    """
    files: dict[str, str] = {}
    busy: dict[str, tuple[str, str, float, float, float]] = {}
    for process in node.processes.entered():
        folder = f"/proc/{process.pid}"
        files[f"{folder}/cmdline"] = PROCESS_FILES["cmdline"](node, process)
        if process.cpu_rate and not process.rss_rate:
            rated = (process.cpu_base_s, process.cpu_rate, process.rated_at)
            busy[f"{folder}/stat"] = (*stat_around_cpu(node, process), *rated)
        elif not process.rss_rate:
            files[f"{folder}/stat"] = PROCESS_FILES["stat"](node, process)
    return {"names": _names(node), "of_each": of_each(node), "files": files, "busy": busy}


def of_each(node: Node) -> list[str]:
    """Return the sorted names in the folder of each process."""
    return sorted([*PROCESS_FILES, *(["cgroup"] if node.spec.cgroups else [])])


def _names(node: Node) -> list[str]:
    system = [name.removeprefix("/proc/") for name in SYSTEM_FILES if name.startswith("/proc/")]
    return sorted([*(str(each.pid) for each in node.processes.entered()), *system])
