"""The batch system gives a job less CPU time than the queue promises."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults import Fuse
from harness.faults import fault

PERIOD_US = 100_000
SLOT = "/htcondor/slot1_1"


@fault("cpu_quota", on=("node.cores",), about="limit the CPU time of jobs by a cgroup")
@dataclass(frozen=True, slots=True)
class CpuQuota:
    """Show jobs a cgroup (version 2) that allows them *cores*; none of them is slowed down."""

    cores: float = 0.5

    def install(self, trigger: Fuse) -> None:
        """Put jobs into the cgroup when the trigger says."""
        texts = {
            "/proc/self/cgroup": f"0::{SLOT}\n",
            f"/sys/fs/cgroup{SLOT}/cpu.max": f"{int(self.cores * PERIOD_US)} {PERIOD_US}\n",
        }
        trigger.on_moments(lambda _pilot: trigger.world.node.mounted.update(texts))
