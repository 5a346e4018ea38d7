"""Whatever happens on a node, its tools and its files say the same of it at the same instant."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from fakesites import cgroups
from fakesites.machine import MB
from fakesites.procfs import system_folder
from tests.fakesites.node_world import NodeWorld
from tests.fakesites.node_world import make_world

CORES, MEMORY_MB, DISK_MB = 6, 20_000, 50_000
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(1, 4000)),
        st.tuples(st.just("write"), st.integers(1, 900)),
        st.tuples(st.just("sleep"), st.integers(1, 6000)),
        st.tuples(st.just("grow"), st.integers(1, 500)),
        st.tuples(st.just("kill"), st.integers(0, 9)),
    ),
    min_size=1,
    max_size=8,
)


def step(world: NodeWorld, number: int, what: str, size: int) -> None:
    """Let one thing happen."""
    node = world.node
    if what == "wait":
        world.forward(size)
    elif what == "write":
        node.files.write_sparse(f"/srv/work/f{number}", b"x", size * MB)
    elif what == "sleep":
        world.spawn(("sleep", str(size)))
    elif what == "grow":
        now = world.clock.now
        held = world.pilot.rss_kb(now) + size * 1024
        world.pilot.rate(now=now, cpu=(size % 10) / 10, rss_kb=0.0)
        world.pilot.rss_base_kb = held
    elif ours := [each for each in cgroups.members(node) if each is not world.pilot]:
        node.processes.signal(ours[size % len(ours)].pid, 9, by="pilot-1")


def fields(text: str) -> dict[str, int]:
    """Return the numbers of a file of lines such as ``MemTotal:  12 kB``."""
    return {name: int(number) for name, number in re.findall(r"(\w+):?\s+(\d+)", text)}


def agree(world: NodeWorld) -> None:
    """Compare all that is said of the machine now."""
    node, out = world.node, world.out
    meminfo = fields(node.read("/proc/meminfo").decode())
    memory = out("free -b").splitlines()[1].split()
    assert int(memory[1]) == meminfo["MemTotal"] * 1024 == MEMORY_MB * MB
    assert int(memory[3]) == meminfo["MemFree"] * 1024
    cpus = node.read("/proc/cpuinfo").decode().count("processor")
    told = re.findall(r"^CPU\(s\): +(\d+)$", out("lscpu"), re.M)
    assert [str(CORES)] * 3 == [str(cpus), out("nproc").strip(), *told]
    disk = out("df -B 1 /srv").splitlines()[1].split()
    assert (int(disk[1]), int(disk[3])) == (DISK_MB * MB, node.free_bytes())
    load = node.read("/proc/loadavg").decode().split()[:3]
    assert load == re.findall(r"load average: (.*)", out("uptime"))[0].split(", ")
    processes(world)
    slot(world)


def processes(world: NodeWorld) -> None:
    """Compare ps with /proc."""
    node = world.node
    rows = [row.split() for row in world.out("ps -eo pid,ppid,stat,rss").splitlines()[1:]]
    there = {int(row[0]): row for row in rows}
    for each in node.processes.entered():
        row = there[each.pid]
        status = fields(node.read(f"/proc/{each.pid}/status").decode())
        assert (status["Pid"], status["PPid"]) == (int(row[0]), int(row[1]))
        assert status["VmRSS"] == int(row[3]) == each.rss_kb(world.clock.now)
        stat = node.read(f"/proc/{each.pid}/stat").decode()
        assert stat.rpartition(")")[2].split()[0] == row[2][0]


def slot(world: NodeWorld) -> None:
    """Compare the control group of the slot with the processes in it."""
    node = world.node
    base = f"{cgroups.ROOT}{cgroups.slot(node)}"
    assert "memory.current" in (system_folder(node, base) or ())
    pids = [int(pid) for pid in node.read(f"{base}/cgroup.procs").split()]
    assert pids == [each.pid for each in cgroups.members(node)]
    used = int(node.read(f"{base}/memory.current"))
    held = [fields(node.read(f"/proc/{pid}/status").decode())["VmRSS"] for pid in pids]
    assert used == sum(held) * 1024
    assert used <= int(node.read(f"{base}/memory.peak"))
    group = node.read(f"/proc/{world.pilot.pid}/cgroup").decode()
    assert group == f"0::{cgroups.slot(node)}\n"


@settings(max_examples=30, deadline=None)
@given(STEPS)
def test_tools_and_files_agree_at_every_instant(steps: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = make_world(
            Path(folder) / "srv",
            cores=CORES,
            memory_mb=MEMORY_MB,
            disk_mb=DISK_MB,
            disk_used_mb=1000,
            cgroups=2,
        )
        agree(world)
        for number, (what, size) in enumerate(steps):
            step(world, number, what, size)
            agree(world)
