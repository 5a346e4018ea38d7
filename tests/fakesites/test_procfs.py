"""/proc of a simulated node, as a whole and folder by folder."""

from __future__ import annotations

from typing import Any

from fakesites.machine import TICKS
from fakesites.procfs import process_table
from fakesites.procfs import system_folder
from tests.fakesites.node_world import NodeWorld


def stat_of(table: dict[str, Any], path: str, *, now: float) -> str:
    """Return a stat file as a guest makes it of the table."""
    if path in table["files"]:
        return str(table["files"][path])
    before, after, seconds, cores, since = table["busy"][path]
    return f"{before}{int((seconds + cores * (now - since)) * TICKS)}{after}"


def test_every_process_has_its_files(node_world: NodeWorld) -> None:
    table = process_table(node_world.node)
    pids = [str(each.pid) for each in node_world.node.processes.entered()]
    assert sorted(pids) == [name for name in table["names"] if name.isdigit()]
    for pid in pids:
        path = f"/proc/{pid}/stat"
        assert node_world.node.system_text(path) == stat_of(table, path, now=0.0)


def test_the_files_of_a_busy_process_hold_while_time_goes_on(node_world: NodeWorld) -> None:
    process = node_world.node.processes.add(("work",), ppid=1, owner="pilot-1")
    process.rate(now=node_world.clock.now, cpu=0.95, rss_kb=1000.0)
    table, path = process_table(node_world.node), f"/proc/{process.pid}/stat"
    before = node_world.node.system_text(path)
    node_world.clock.timeout(1234.567)
    node_world.clock.run()
    after = node_world.node.system_text(path)
    assert before != after
    assert after == stat_of(table, path, now=node_world.clock.now)


def test_a_process_that_grows_is_asked_for_by_itself(node_world: NodeWorld) -> None:
    process = node_world.node.processes.add(("work",), ppid=1, owner="pilot-1")
    process.rate(now=0.0, cpu=1.0, rss_kb=1000.0, rss_rate=10.0)
    table, path = process_table(node_world.node), f"/proc/{process.pid}/stat"
    assert path not in table["files"]
    assert path not in table["busy"]


def test_the_stamp_changes_with_the_table_and_with_rates(node_world: NodeWorld) -> None:
    processes = node_world.node.processes
    stamps = [processes.stamp()]
    process = processes.add(("sleep", "9"), ppid=1, owner="pilot-1")
    stamps.append(processes.stamp())
    process.rate(now=0.0, cpu=1.0, rss_kb=1000.0)
    stamps.append(processes.stamp())
    processes.exit(process.pid, code=0)
    stamps.append(processes.stamp())
    assert 4 == len(set(stamps))


def test_the_folder_of_a_process_lists_its_files(node_world: NodeWorld) -> None:
    assert "stat" in (system_folder(node_world.node, "/proc/1") or [])
    assert system_folder(node_world.node, "/proc/999999") is None
    assert system_folder(node_world.node, "/srv") is None
