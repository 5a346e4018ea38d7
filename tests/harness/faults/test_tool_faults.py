"""What each fault of a tool does to it."""

from __future__ import annotations

import signal

import pytest

from fakesites.contents import read
from harness.faults._targets import target_of
from harness.triggers import Trigger
from simkernel import ScenarioError
from tests.harness.faults.tiny_world import CONTENT
from tests.harness.faults.tiny_world import TinyWorld
from tests.harness.faults.tiny_world import Work

TURL = "root://se.bnl.sim:1094//pnfs/data/a"


def writing(world: TinyWorld, path: str) -> Work:
    """Copy CONTENT to the node's file *path*, in 10 s."""
    yield world.clock.timeout(10.0)
    world.node.files.write_sparse(path, CONTENT.prefix, CONTENT.size)
    return 0


def storing(world: TinyWorld, path: str) -> Work:
    """Copy CONTENT to *path* of the storage element, in 10 s."""
    yield world.clock.timeout(10.0)
    world.element.place(path, CONTENT, by="pilot-1")
    return 0


def test_a_hanging_tool_neither_works_nor_returns(world: TinyWorld) -> None:
    world.install("hang", on="tool.dccp")
    call = world.call("dccp", "a", "b")
    outcome = world.do(world.tool(call), until=10 * 86_400)
    assert (outcome.ended_at, call.printed) == (None, [])


def test_a_slow_tool_takes_a_multiple_and_works(world: TinyWorld) -> None:
    world.install("slow", on="tool.dccp", options={"factor": 3.0, "delay": "5s"})
    call = world.call("dccp", "a", "b")
    outcome = world.do(world.tool(call))
    assert (outcome.result, outcome.ended_at, call.printed) == (0, 35.0, ["done\n"])


def test_exit_fails_with_code_and_words_and_without_work(world: TinyWorld) -> None:
    options = {"code": 54, "stderr": "Server error: permission denied", "delay": "2s"}
    world.install("exit", on="tool.dccp", options=options)
    call = world.call("dccp", "a", "b")
    outcome = world.do(world.tool(call))
    assert (outcome.result, outcome.ended_at) == (54, 2.0)
    assert (call.printed, call.errors) == ([], ["Server error: permission denied\n"])


def test_a_lie_is_exit_0_without_a_file(world: TinyWorld) -> None:
    world.install("lie", on="tool.dccp", options={"stdout": "1000 bytes in 1 seconds"})
    call = world.call("dccp", "a", "/srv/work/b")
    outcome = world.do(world.tool(call, lambda: writing(world, "/srv/work/b")))
    assert (outcome.result, call.printed) == (0, ["1000 bytes in 1 seconds\n"])
    assert not world.node.files.real("/srv/work/b").exists()


def test_noise_comes_first_and_the_tool_works(world: TinyWorld) -> None:
    world.install("noise", on="tool.dccp", options={"stderr": "deprecated", "stdout": "hello"})
    call = world.call("dccp", "a", "b")
    outcome = world.do(world.tool(call))
    assert (outcome.result, call.printed) == (0, ["hello\n", "done\n"])
    assert call.errors == ["deprecated\n"]


def test_an_unkillable_tool_keeps_its_signals_until_it_wakes(world: TinyWorld) -> None:
    world.install("unkillable", on="tool.dccp", options={"wake": "1h"})
    call = world.call("dccp", "a", "b")
    received: list[tuple[float, int]] = []
    process = world.node.processes[call.pid]
    process.handler = lambda sig: received.append((world.clock.now, sig))
    outcome = world.start(world.tool(call))
    world.clock.run(60.0)
    world.node.processes.signal(call.pid, signal.SIGKILL, by="batch")
    assert (process.state, received) == ("D", [])
    world.clock.run(7200.0)
    assert (received, outcome.ended_at) == ([(3600.0, signal.SIGKILL)], 3610.0)


def test_an_unkillable_tool_may_never_wake(world: TinyWorld) -> None:
    world.install("unkillable", on="tool.dccp")
    outcome = world.do(world.tool(world.call("dccp", "a", "b")), until=10 * 86_400)
    assert outcome.ended_at is None


def test_truncate_cuts_a_file_on_the_node_and_keeps_its_time(world: TinyWorld) -> None:
    world.install("truncate", on="tool.dccp", options={"fraction": 0.25})
    call = world.call("dccp", TURL, "b")
    outcome = world.do(world.tool(call, lambda: writing(world, "/srv/work/b")))
    found = world.node.files.real("/srv/work/b").stat()
    assert (outcome.result, found.st_size) == (0, 250)
    assert world.clock.epoch + 10.0 == found.st_mtime


def test_truncate_cuts_a_file_on_storage_and_the_journal_tells(world: TinyWorld) -> None:
    world.install("truncate", on="tool.dccp", options={"fraction": 0})
    call = world.call("dccp", "/srv/work/a", TURL)
    outcome = world.do(world.tool(call, lambda: storing(world, "/pnfs/data/a")))
    stored = world.element.find("/pnfs/data/a")
    last = [each for each in world.journal.events if each.what == "storage.write"][-1]
    assert stored is not None
    assert (outcome.result, stored.content.size, last["bytes"]) == (0, 0, 0)
    assert last["by"] == "pilot-1"


def test_corrupt_changes_the_checksum_and_not_the_size(world: TinyWorld) -> None:
    world.install("corrupt", on="tool.dccp")
    call = world.call("dccp", TURL, "b")
    outcome = world.do(world.tool(call, lambda: writing(world, "/srv/work/b")))
    found = read(world.node.files.real("/srv/work/b"))
    assert (0, CONTENT.size) == (outcome.result, found.size)
    assert CONTENT.corrupted().adler32 == found.adler32


def test_corrupt_changes_a_file_on_storage(world: TinyWorld) -> None:
    world.install("corrupt", on="tool.dccp")
    call = world.call("dccp", "/srv/work/a", TURL)
    world.do(world.tool(call, lambda: storing(world, "/pnfs/data/a")))
    stored = world.element.find("/pnfs/data/a")
    assert stored is not None
    assert CONTENT.corrupted() == stored.content


def test_partial_leaves_a_part_and_fails(world: TinyWorld) -> None:
    world.install("partial", on="tool.dccp", options={"fraction": 0.1, "code": 3, "stderr": "no"})
    call = world.call("dccp", TURL, "b")
    outcome = world.do(world.tool(call, lambda: writing(world, "/srv/work/b")))
    assert (outcome.result, call.errors) == (3, ["no\n"])
    assert world.node.files.real("/srv/work/b").stat().st_size == 100


def test_a_folder_as_target_means_the_file_in_it(world: TinyWorld) -> None:
    world.node.files.make_folder("/srv/work/in")
    world.install("truncate", on="tool.transfer", options={"fraction": 0.5})
    call = world.call("cp", "/srv/work/b", "/srv/work/in")
    world.do(world.tool(call, lambda: writing(world, "/srv/work/in/b")))
    assert world.node.files.real("/srv/work/in/b").stat().st_size == 500


def test_spoiling_nothing_is_no_error(world: TinyWorld) -> None:
    world.install("truncate", on="tool.dccp")
    outcome = world.do(world.tool(world.call("dccp", TURL, "b")))
    assert (outcome.result, outcome.error) == (0, None)


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ("dccp dcap://se/a b", "b"),
        ("lsm-put --size 5 -t T --guid G /srv/work/a root://se//b", "root://se//b"),
        ("rucio -v download --no-subdir --dir /srv/work --rses R s:lfn", "/srv/work/lfn"),
        ("/usr/bin/rucio download s:lfn", "./lfn"),
        ("rucio upload --rse R --scope s --pfn root://se//b a", "root://se//b"),
    ],
)
def test_the_target_is_found_in_a_command_line(line: str, target: str) -> None:
    assert target == target_of(line.split())


def test_all_tools_of_the_family_share_one_count(world: TinyWorld) -> None:
    world.install("lie", on="tool.transfer", at=Trigger(call=2))
    calls = [world.call(name, "a", "b") for name in ("dccp", "xrdcp", "dccp")]
    for call in calls:
        world.do(world.tool(call), until=world.clock.now + 100)
    assert [call.printed for call in calls] == [["done\n"], [], ["done\n"]]


def test_a_tool_of_another_family_is_left_alone(world: TinyWorld) -> None:
    world.install("lie", on="tool.transfer")
    call = world.call("df")
    world.do(world.tool(call))
    assert (call.printed, world.fired()) == (["done\n"], [])


def test_garbled_output_has_other_words_and_the_tool_works(world: TinyWorld) -> None:
    world.install("garble", on="tool.dccp", options={"pattern": "d(o)ne", "instead": r"\1h"})
    call = world.call("dccp", "a", "b")
    outcome = world.do(world.tool(call))
    assert (outcome.result, call.printed) == (0, ["oh\n"])


def test_a_pattern_that_is_none_is_refused(world: TinyWorld) -> None:
    with pytest.raises(ScenarioError, match="pattern"):
        world.install("garble", on="tool.dccp", options={"pattern": "("})
