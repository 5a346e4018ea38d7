"""Control groups of both versions, and of none."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakesites import cgroups
from fakesites.procfs import system_folder
from tests.fakesites.node_world import NodeWorld
from tests.fakesites.node_world import make_world

GB = 1024**3


def world_with(tmp_path: Path, version: int, **more: int) -> NodeWorld:
    return make_world(tmp_path / "srv", cgroups=version, **more)


def hold(world: NodeWorld, kb: int) -> None:
    world.pilot.rate(now=world.clock.now, cpu=0.5, rss_kb=0.0)
    world.pilot.rss_base_kb = kb


def test_version_1_has_a_hierarchy_for_each_controller(tmp_path: Path) -> None:
    world = world_with(tmp_path, 1, slot_memory_mb=2048)
    hold(world, 1024**2)
    line = f"grep memory /proc/{world.pilot.pid}/cgroup"
    path = world.out(line).strip().partition("memory:")[2]
    # The commands of pilot3@a090538b:pilot/util/processes.py, get_max_memory_usage_from_cgroups.
    base = world.out("grep '^cgroup' /proc/mounts|grep memory| awk '{print $2}'").strip()
    assert int(world.node.read(f"{base}{path}/memory.usage_in_bytes")) == GB
    assert int(world.node.read(f"{base}{path}/memory.limit_in_bytes")) == 2 * GB
    assert "cpuacct.usage" in (system_folder(world.node, f"/sys/fs/cgroup/cpu,cpuacct{path}") or ())


def test_version_2_has_one(tmp_path: Path) -> None:
    world = world_with(tmp_path, 2)
    group = world.node.read(f"/proc/{world.pilot.pid}/cgroup").decode().strip()
    assert group == f"0::{cgroups.slot(world.node)}"
    assert world.node.read(f"{cgroups.ROOT}{group[3:]}/memory.max") == b"max\n"


@pytest.mark.parametrize("version", [1, 2])
def test_a_peak_is_kept_when_its_process_has_ended(tmp_path: Path, version: int) -> None:
    world = world_with(tmp_path, version)
    running = world.spawn(("sleep", "100"))
    process = world.node.processes[running.pid]
    process.rss_base_kb = 3 * 1024**2
    world.wait(running)
    assert cgroups.memory(world.node) < GB
    assert cgroups.peak(world.node) >= 3 * GB


def test_others_are_in_another_group(tmp_path: Path) -> None:
    world = world_with(tmp_path, 2)
    assert b"system.slice" in world.node.read("/proc/1201/cgroup")
    assert 1201 not in [each.pid for each in cgroups.members(world.node)]


def test_a_node_without_groups_shows_none(tmp_path: Path) -> None:
    world = world_with(tmp_path, 0)
    with pytest.raises(FileNotFoundError):
        world.node.read(f"/proc/{world.pilot.pid}/cgroup")
    assert "cgroup" not in (system_folder(world.node, f"/proc/{world.pilot.pid}") or ())
    assert system_folder(world.node, cgroups.ROOT) is None
