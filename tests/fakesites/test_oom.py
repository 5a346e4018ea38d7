"""What the kernel does when a slot needs too much memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakesites.node_world import NodeWorld
from tests.fakesites.node_world import make_world

MB_KB = 1024


def grown(tmp_path: Path, *, limit_mb: int, rate_kb: float) -> tuple[NodeWorld, list[int]]:
    """Run two sleeps of which the second grows; return the world and how they ended."""
    world = make_world(tmp_path / "srv", cgroups=2, slot_memory_mb=limit_mb)
    small, large = (world.spawn(("sleep", "1000")) for _ in range(2))
    process = world.node.processes[large.pid]
    process.rate(now=0.0, cpu=1.0, rss_kb=10 * MB_KB, rss_rate=rate_kb)
    return world, [world.wait(each).signal for each in (small, large)]


def test_the_largest_process_is_killed_and_the_log_says_so(tmp_path: Path) -> None:
    world, signals = grown(tmp_path, limit_mb=1000, rate_kb=10 * MB_KB)
    assert signals == [0, 9]
    (told,) = world.events("node.oom_kill")
    assert 98 < told.t < 106
    assert "Memory cgroup out of memory: Killed process" in world.out("dmesg")


@pytest.mark.parametrize(("limit_mb", "rate_kb"), [(0, 10 * MB_KB), (1000, 0.5 * MB_KB)])
def test_without_a_limit_or_below_it_nobody_dies(
    tmp_path: Path, limit_mb: int, rate_kb: float
) -> None:
    world, signals = grown(tmp_path, limit_mb=limit_mb, rate_kb=rate_kb)
    assert (signals, world.events("node.oom_kill")) == ([0, 0], [])
