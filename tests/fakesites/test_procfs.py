"""/proc of a simulated node, as a whole and folder by folder."""

from __future__ import annotations

from fakesites.procfs import ProcessFolder
from fakesites.procfs import system_folder
from tests.fakesites.node_world import NodeWorld


def test_every_process_has_its_files(node_world: NodeWorld) -> None:
    found = ProcessFolder(node_world.node).files()
    pids = [str(each.pid) for each in node_world.node.processes.entered()]
    assert sorted(pids) == [name for name in found["names"] if name.isdigit()]
    assert {f"/proc/{pid}/{name}" for pid in pids for name in ("cmdline", "stat")} == set(
        found["files"]
    )


def test_what_is_kept_is_dropped_when_the_table_changes(node_world: NodeWorld) -> None:
    folder = ProcessFolder(node_world.node)
    before = folder.files()
    process = node_world.node.processes.add(("sleep", "9"), ppid=1, owner="pilot-1")
    after = folder.files()
    assert str(process.pid) not in before["names"]
    assert str(process.pid) in after["names"]
    assert "sleep\x009\x00" == after["files"][f"/proc/{process.pid}/cmdline"]


def test_cpu_time_that_grows_is_never_kept(node_world: NodeWorld) -> None:
    process = node_world.node.processes.add(("work",), ppid=1, owner="pilot-1")
    process.rate(now=node_world.clock.now, cpu=1.0, rss_kb=1000.0)
    folder = ProcessFolder(node_world.node)
    before = folder.files()["files"][f"/proc/{process.pid}/stat"]
    node_world.clock.timeout(100)
    node_world.clock.run()
    assert before != folder.files()["files"][f"/proc/{process.pid}/stat"]


def test_the_folder_of_a_process_lists_its_files(node_world: NodeWorld) -> None:
    assert "stat" in (system_folder(node_world.node, "/proc/1") or [])
    assert system_folder(node_world.node, "/proc/999999") is None
    assert system_folder(node_world.node, "/srv") is None
