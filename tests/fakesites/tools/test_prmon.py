"""prmon: what it writes of a process, while it runs and when it has gone."""

from __future__ import annotations

import json
import signal
from typing import Any

import pytest

from fakesites.processes import Process
from tests.fakesites.node_world import NodeWorld

LINE = "prmon --pid {pid} --filename m.txt --json-summary m.json --interval 60"


@pytest.fixture
def world(node_world: NodeWorld) -> NodeWorld:
    """Return a world whose node has prmon."""
    node_world.script("prmon", "#!/flightsim/tool prmon\n")
    return node_world


def payload(world: NodeWorld, *, cpu: float = 1.0, rss_kb: float = 100_000) -> Process:
    """Start a process that a pilot would watch."""
    found = world.node.processes.add(("athena.py",), ppid=world.pilot.pid, owner="pilot-1")
    found.rate(now=world.clock.now, cpu=cpu, rss_kb=rss_kb)
    return found


def end(world: NodeWorld, process: Process) -> None:
    world.node.processes.exit(process.pid, code=0)
    world.node.processes.collect(process.pid)


def rows(world: NodeWorld) -> list[dict[str, int]]:
    lines = [line.split("\t") for line in world.read("m.txt").splitlines()]
    return [dict(zip(lines[0], map(int, line), strict=True)) for line in lines[1:]]


def summary(world: NodeWorld, name: str = "m.json") -> Any:
    return json.loads(world.read(name))


def test_it_samples_at_once_and_then_after_each_interval(world: NodeWorld) -> None:
    watched = payload(world)
    world.spawn("./" + LINE.format(pid=watched.pid))
    world.forward(130)
    assert [0, 61, 122] == [row["wtime"] for row in rows(world)]
    assert [1, 1, 1] == [row["nprocs"] for row in rows(world)]


def test_it_adds_up_the_process_and_all_below_it(world: NodeWorld) -> None:
    watched = payload(world, cpu=0.0, rss_kb=1000)
    child = world.node.processes.add(("worker",), ppid=watched.pid, owner="pilot-1")
    child.rate(now=0.0, cpu=0.5, rss_kb=500)
    world.spawn("./" + LINE.format(pid=watched.pid))
    world.forward(70)
    assert (2, 1500) == (rows(world)[1]["nprocs"], rows(world)[1]["rss"])
    assert 30 == rows(world)[1]["utime"] + rows(world)[1]["stime"] + 1  # both cut off


def test_it_ends_with_the_process_and_leaves_a_summary(world: NodeWorld) -> None:
    watched = payload(world)
    running = world.spawn("./" + LINE.format(pid=watched.pid))
    world.forward(100)
    assert 100_000 == summary(world, "m.json_snapshot")["Max"]["rss"]
    end(world, watched)
    assert (0, 100.0) == (world.wait(running).code, world.clock.now)
    assert "m.json_snapshot" not in world.out("ls")
    assert (100_000, "3.1.1") == (
        summary(world)["Avg"]["rss"],
        summary(world)["prmon"]["Version"],
    )


def test_a_zombie_is_still_there(world: NodeWorld) -> None:
    watched = payload(world)
    running = world.spawn("./" + LINE.format(pid=watched.pid))
    world.node.processes.exit(watched.pid, code=0)
    world.forward(10)
    assert running.finished is None
    world.node.processes.collect(watched.pid)
    world.forward(0.1)
    assert running.finished is not None


def test_sigusr1_ends_it_in_good_order(world: NodeWorld) -> None:
    watched = payload(world)
    running = world.spawn("./" + LINE.format(pid=watched.pid))
    world.forward(10)
    world.node.processes.signal(running.pid, signal.SIGUSR1, by="pilot-1")
    assert 0 == world.wait(running).code
    assert "Max" in summary(world)


def test_any_other_signal_leaves_no_summary(world: NodeWorld) -> None:
    running = world.spawn("./" + LINE.format(pid=payload(world).pid))
    world.node.processes.signal(running.pid, signal.SIGTERM, by="pilot-1")
    assert signal.SIGTERM == world.wait(running).signal
    assert "m.json\n" not in world.out("ls -1")


def test_what_waits_uses_the_same_memory_all_the_time_and_what_computes_does_not(
    world: NodeWorld,
) -> None:
    for cpu, kinds in ((0.0, 1), (1.0, 5)):
        watched = payload(world, cpu=cpu)
        running = world.spawn("./" + LINE.format(pid=watched.pid))
        world.forward(4 * 61 + 1)
        assert kinds == len({row["pss"] for row in rows(world)})
        end(world, watched)
        world.wait(running)


def test_a_process_that_has_gone_before_is_no_error(world: NodeWorld) -> None:
    assert 0 == world.run("./" + LINE.format(pid=99999)).code
    assert {"prmon": {"Version": "3.1.1"}} == summary(world)


@pytest.mark.parametrize(
    ("options", "said"),
    [("", "found none"), ("--pid 1", "Bad PID"), ("--pid x", "invalid number: 'x'")],
)
def test_what_makes_no_sense_is_told(world: NodeWorld, options: str, said: str) -> None:
    done = world.run(f"./prmon {options}")
    assert (1, True) == (done.code, said in done.stderr)


def test_it_is_not_installed_on_every_node(node_world: NodeWorld) -> None:
    assert 127 == node_world.run("prmon --help").code
