"""The kernel's killer: what becomes of a slot whose processes need more memory than it may have.

Models a control group with a limit: past it the largest of its processes gets SIGKILL, from nobody
and without notice, and the kernel says so in its log. The kernel acts at the very page; here the
group is looked at every few seconds, and only where a slot has a limit. Not modelled: swap, page
cache, scores that were adjusted.
Read from Documentation/admin-guide/cgroup-v2.rst of Linux (memory.max), mm/oom_kill.c (its words).
"""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING
from typing import Any
from typing import Generator

import simpy

from fakesites import cgroups
from fakesites.events import OOM_KILL
from fakesites.machine import comm
from fakesites.machine import uptime_s
from fakesites.machine import vsz_kb

if TYPE_CHECKING:
    from fakesites.node import Node

LOOK_S = 5.0
KERNEL = "kernel"


def watch(node: Node) -> Generator[simpy.Event, Any, None]:
    """Keep the slot of *node* within its limit, for ever."""
    node.processes.users[KERNEL] = "root"
    while True:
        yield node.clock.timeout(LOOK_S)
        while cgroups.memory(node) > cgroups.limit(node) and kill_one(node):
            pass


def kill_one(node: Node) -> bool:
    """Kill the largest process of the slot; tell whether there was one that died of it."""
    now = node.clock.now
    alive = [each for each in cgroups.members(node) if not each.unkillable]
    if not alive:
        return False
    victim = max(alive, key=lambda each: (each.rss_kb(now), -each.pid))
    rss_kb = victim.rss_kb(now)
    node.kernel_log.append(
        f"[{uptime_s(node):.6f}] Memory cgroup out of memory: Killed process {victim.pid} "
        f"({comm(victim)}) total-vm:{vsz_kb(rss_kb)}kB, anon-rss:{rss_kb}kB, file-rss:0kB, "
        f"shmem-rss:0kB, UID:{node.spec.uid_of(victim.user)} oom_score_adj:0"
    )
    node.journal.emit(
        OOM_KILL, who=node.name, pid=victim.pid, rss_kb=rss_kb, limit=cgroups.limit(node)
    )
    node.processes.signal(victim.pid, int(signal.SIGKILL), by=KERNEL)
    return not victim.alive
