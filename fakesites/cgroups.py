"""Control groups of a worker node: one for the batch slot, version 1 or 2, with what its jobs use.

Models /proc/PID/cgroup, the files of the slot's group below /sys/fs/cgroup from which pilots read
memory, CPU time and limits, and the mounts. The group holds every process that the slot started,
orphans included; its memory is the sum of theirs at this instant, its peak what that sum was at
most whenever somebody looked or a process ended. They cannot be written. Not modelled: groups below
the slot's, input and output, pressure.
Read from cgroups(7), Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst of Linux.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Callable
from typing import Mapping

if TYPE_CHECKING:
    from fakesites.node import Node
    from fakesites.processes import Process

ROOT = "/sys/fs/cgroup"
SLOT = "/htcondor/condor_var_lib_condor_execute_slot1_1@{host}"
V1 = ("blkio", "cpu,cpuacct", "memory", "pids")
NOT_THE_SLOTS = ("batch", "decoy", "system")
MB = 1024 * 1024
PERIOD_US = 100_000
UNLIMITED = 9_223_372_036_854_771_712  # what version 1 says for no limit


def slot(node: Node) -> str:
    """Return the path of the slot's group below each hierarchy."""
    return SLOT.format(host=node.name)


def members(node: Node) -> list[Process]:
    """Return the processes in the slot's group, by pid."""
    table = node.processes.entered()
    return [each for each in table if each.owner not in NOT_THE_SLOTS and each.alive]


def memory(node: Node) -> int:
    """Return the bytes that the group has in memory now."""
    return sum(each.rss_kb(node.clock.now) for each in members(node)) * 1024


def peak(node: Node) -> int:
    """Return the most bytes that the group was seen to have."""
    node.slot_peak = max(node.slot_peak, memory(node))
    return node.slot_peak


def cpu_us(node: Node) -> int:
    """Return the microseconds of CPU time that the group's processes have used."""
    return int(sum(each.cpu_s(node.clock.now) for each in members(node)) * 1e6)


def limit(node: Node) -> int:
    """Return the bytes that the group may have, 0 for no limit."""
    return node.spec.slot_memory_mb * MB


def of_process(node: Node, process: Process) -> str | None:
    """Return what /proc/PID/cgroup says, None where the kernel has no groups."""
    if not node.spec.cgroups:
        return None
    inside = process.owner not in NOT_THE_SLOTS
    path = slot(node) if inside else "/system.slice/condor.service"
    if node.spec.cgroups == 1:
        rows = [f"{number}:{name}:{path}\n" for number, name in enumerate(V1, 2)]
        return "".join(reversed(rows))
    return f"0::{path}\n"


def mounts(node: Node) -> str:
    """Return the lines of /proc/mounts."""
    if node.spec.cgroups != 1:
        return "cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nodev,noexec,relatime 0 0\n"
    options = "rw,nosuid,nodev,noexec,relatime"
    return "".join(f"cgroup {ROOT}/{name} cgroup {options},{name} 0 0\n" for name in V1)


def text(node: Node, path: str) -> str | None:
    """Return what the file *path* below /sys/fs/cgroup says, None if there is none."""
    name = files(node).get(path)
    return None if name is None else FILES[name](node)


def files(node: Node) -> Mapping[str, str]:
    """Return the files of the slot's group, by path: the key of each in FILES."""
    if not node.spec.cgroups:
        return {}
    if node.spec.cgroups == 2:
        return {f"{ROOT}{slot(node)}/{name}": name for name in V2_FILES}
    return {
        f"{ROOT}/{hierarchy}{slot(node)}/{name}": name
        for hierarchy, names in V1_FILES.items()
        for name in names
    }


def folder(node: Node, path: str) -> list[str] | None:
    """Return the sorted names in the folder *path* below /sys/fs/cgroup, None if it is none."""
    known = files(node)
    inside = {each.removeprefix(f"{path}/").partition("/")[0] for each in known
              if each.startswith(f"{path}/")}  # fmt: skip
    return sorted(inside) or None


def _procs(node: Node) -> str:
    return "".join(f"{each.pid}\n" for each in members(node))


def _quota(node: Node) -> str:
    return f"{node.spec.cores * PERIOD_US}"


FILES: Mapping[str, Callable[[Node], str]] = {
    "cgroup.procs": _procs,
    "cpu.max": lambda node: f"{_quota(node)} {PERIOD_US}\n",
    "cpu.stat": lambda node: (
        f"usage_usec {cpu_us(node)}\nuser_usec {cpu_us(node)}\nsystem_usec 0\n"
    ),
    "memory.current": lambda node: f"{memory(node)}\n",
    "memory.max": lambda node: f"{limit(node) or 'max'}\n",
    "memory.peak": lambda node: f"{peak(node)}\n",
    "memory.stat": lambda node: f"anon {memory(node)}\nfile 0\n",
    "pids.current": lambda node: f"{len(members(node))}\n",
    "cpu.cfs_period_us": lambda _: f"{PERIOD_US}\n",
    "cpu.cfs_quota_us": lambda node: f"{_quota(node)}\n",
    "cpuacct.usage": lambda node: f"{cpu_us(node) * 1000}\n",
    "memory.limit_in_bytes": lambda node: f"{limit(node) or UNLIMITED}\n",
    "memory.max_usage_in_bytes": lambda node: f"{peak(node)}\n",
    "memory.usage_in_bytes": lambda node: f"{memory(node)}\n",
}
V2_FILES = (
    "cgroup.procs",
    "cpu.max",
    "cpu.stat",
    "memory.current",
    "memory.max",
    "memory.peak",
    "memory.stat",
    "pids.current",
)
V1_FILES: Mapping[str, tuple[str, ...]] = {
    "cpu,cpuacct": ("cgroup.procs", "cpu.cfs_period_us", "cpu.cfs_quota_us", "cpuacct.usage"),
    "memory": (
        "cgroup.procs",
        "memory.limit_in_bytes",
        "memory.max_usage_in_bytes",
        "memory.usage_in_bytes",
    ),
    "pids": ("cgroup.procs", "pids.current"),
}
