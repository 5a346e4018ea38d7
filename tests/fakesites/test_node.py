"""Spawning on a node: programs and where they are, time, signals, orphans, the journal."""

from __future__ import annotations

import errno
import signal
from pathlib import Path
from typing import Any
from typing import Callable
from typing import Generator

import pytest
import simpy

from fakesites.node import ARG_STRLEN_MAX
from fakesites.node import ProgramError
from fakesites.tools import TOOLS
from fakesites.tools import ToolCall
from fakesites.tools import tool
from tests.fakesites.node_world import WORK
from tests.fakesites.node_world import NodeWorld
from tests.fakesites.node_world import make_world

Work = Generator[simpy.Event, Any, int]


# -- programs


def test_a_tool_without_time_is_over_when_spawn_returns(node_world: NodeWorld) -> None:
    running = node_world.spawn(("echo", "hello"))
    assert running.finished is not None
    assert (0, "hello\n") == (running.finished.code, running.finished.stdout)
    assert 0.0 == node_world.clock.now


@pytest.mark.parametrize("name", ["uname", "/usr/bin/uname", "/bin/uname", "/usr/sbin/uname"])
def test_a_tool_is_found_by_name_and_in_the_system_s_folders(
    node_world: NodeWorld, name: str
) -> None:
    assert "Linux\n" == node_world.out((name,))


@pytest.mark.parametrize("name", ["no-such-tool", "/opt/x/uname", "./uname", "/usr/bin/nope"])
def test_an_argv_that_names_no_program_raises_what_popen_would(
    node_world: NodeWorld, name: str
) -> None:
    with pytest.raises(ProgramError) as caught:
        node_world.spawn((name,))
    assert (2, 127) == (caught.value.errno, caught.value.code)


def test_a_file_that_is_not_executable_is_refused(node_world: NodeWorld) -> None:
    node_world.write("job", "echo hi\n")
    with pytest.raises(ProgramError) as caught:
        node_world.spawn(("./job",))
    assert (13, 126) == (caught.value.errno, caught.value.code)


def test_an_empty_path_finds_nothing(node_world: NodeWorld) -> None:
    with pytest.raises(ProgramError):
        node_world.spawn(("uname",), env={"PATH": "/nowhere"})


def test_a_folder_of_the_node_in_path_goes_before_the_system(node_world: NodeWorld) -> None:
    node_world.node.files.make_folder(f"{WORK}/bin")
    node_world.script("bin/uname", "echo mine\n")
    assert "mine\n" == node_world.out(("uname",), env={"PATH": f"{WORK}/bin:/usr/bin"})
    node_world.node.files.remove(f"{WORK}/bin/uname")
    assert "Linux\n" == node_world.out(("uname",), env={"PATH": f"{WORK}/bin:/usr/bin"})


def test_a_missing_tool_is_not_installed_even_if_it_was_used_before(node_world: NodeWorld) -> None:
    node_world.out(("uname",))
    node_world.node.missing.add("uname")
    with pytest.raises(ProgramError):
        node_world.spawn(("uname",))
    assert 127 == node_world.run("uname").code


# -- time, and the journal


def test_a_command_that_takes_time_is_entered_and_leaves(node_world: NodeWorld) -> None:
    running = node_world.spawn(("sleep", "5"))
    assert running.finished is None
    table = node_world.node.processes
    assert (node_world.pilot.pid, "pilot-1") == (table[running.pid].ppid, table[running.pid].owner)
    node_world.clock.run(running.done)
    assert 5.0 == node_world.clock.now
    assert "Z" == table[running.pid].state
    assert (0, 0) == table.collect(running.pid)


def test_a_quick_tool_leaves_one_event_and_no_process(node_world: NodeWorld) -> None:
    count = node_world.journal.count
    pid = node_world.spawn(("ps", "-p", "99")).pid
    assert count + 1 == node_world.journal.count
    event = node_world.events("tool.run")[0]
    assert {
        "pid": pid,
        "argv": ["ps", "-p", "99"],
        "cwd": WORK,
        "code": 1,
        "seconds": 0.0,
        "stderr": "",
    } == dict(event.data)
    assert node_world.node.processes.find(pid) is None


def test_a_slow_tool_leaves_start_run_and_exit(node_world: NodeWorld) -> None:
    count = node_world.journal.count
    node_world.run(("sleep", "2.5"))
    events = [(event.what, event.t) for event in node_world.journal.events[count:]]
    assert [("process.start", 0.0), ("tool.run", 2.5), ("process.exit", 2.5)] == events
    assert 2.5 == node_world.events("tool.run")[0]["seconds"]


def test_a_filter_is_silent_unless_something_is_wrong(node_world: NodeWorld) -> None:
    node_world.run(("grep", "x"), stdin="y\n")
    assert [] == node_world.events("tool.run")
    node_world.run(("grep", "x", "missing"))
    assert ["grep: missing: No such file or directory\n"] == [
        event["stderr"] for event in node_world.events("tool.run")
    ]


def test_the_journal_keeps_the_beginning_of_a_long_complaint(node_world: NodeWorld) -> None:
    node_world.run(("cat", "x" * 300))
    assert 200 == len(node_world.events("tool.run")[0]["stderr"])


def test_no_real_path_is_told_to_the_guest_or_the_journal(node_world: NodeWorld) -> None:
    end = node_world.run(("tee", "no/such/folder"), stdin="x")
    root = str(node_world.node.files.root)
    assert f"tee: {WORK}/no/such/folder: No such file or directory\n" == end.stderr
    assert root not in str(node_world.journal.events)


# -- signals


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_killed_command_ends_by_its_signal(node_world: NodeWorld, number: int) -> None:
    running = node_world.spawn(("sleep", "100"))
    node_world.forward(3)
    node_world.node.processes.signal(running.pid, number, by="pilot-1")
    assert running.finished is not None
    assert (-number, number) == (running.finished.code, running.finished.signal)
    run = node_world.events("tool.run")[0]
    assert (-number, 3.0) == (run["code"], run["seconds"])


def test_a_killed_shell_leaves_its_command_behind_as_an_orphan(node_world: NodeWorld) -> None:
    running = node_world.spawn("sleep 100; echo done", new_session=True)
    node_world.forward(1)
    table = node_world.node.processes
    table.signal(running.pid, signal.SIGKILL, by="pilot-1")
    assert running.finished is not None
    assert ["sleep"] == node_world.alive()
    orphan = next(each for each in table.entered() if each.argv == ("sleep", "100"))
    assert (1, running.pid) == (orphan.ppid, orphan.pgid)


def test_an_orphan_keeps_the_output_open(node_world: NodeWorld) -> None:
    running = node_world.spawn("sleep 100; echo done")
    node_world.node.processes.signal(running.pid, signal.SIGKILL, by="pilot-1")
    drained = running.drained
    assert not drained.triggered
    node_world.forward(101)
    assert drained.triggered


def test_killing_the_group_leaves_nothing(node_world: NodeWorld) -> None:
    running = node_world.spawn("sleep 100; echo done", new_session=True)
    node_world.node.processes.kill_group(running.pid, signal.SIGKILL, by="pilot-1")
    assert [] == node_world.alive()
    assert running.finished is not None
    assert (9, "") == (running.finished.signal, running.finished.stdout)


def test_a_shell_goes_on_after_its_command_was_killed(node_world: NodeWorld) -> None:
    running = node_world.spawn("sleep 100; echo $?")
    child = node_world.node.processes.children(running.pid)[0]
    node_world.node.processes.signal(child, signal.SIGTERM, by="pilot-1")
    assert "143\n" == node_world.wait(running).stdout


def test_a_new_session_and_a_new_group_are_the_command_s_own(node_world: NodeWorld) -> None:
    table = node_world.node.processes
    session = node_world.spawn(("sleep", "9"), new_session=True).pid
    group = node_world.spawn(("sleep", "9"), new_group=True).pid
    assert (session, session) == (table.getsid(session), table.getpgid(session))
    assert (node_world.pilot.pid, group) == (table.getsid(group), table.getpgid(group))


# -- points


def attach(world: NodeWorld, point: str, wrapper: Callable[[ToolCall, Any], Work]) -> None:
    world.points.attach(point, wrapper)


def test_a_fault_may_answer_instead_of_a_tool(node_world: NodeWorld) -> None:
    def broken(call: ToolCall, proceed: Any) -> Work:
        call.err("broken pipe\n")
        return 5
        yield

    attach(node_world, "tool.uname", broken)
    end = node_world.run("uname; uname -r || echo failed")
    assert ("failed\n", "broken pipe\n" * 2) == (end.stdout, end.stderr)


def test_a_fault_may_hang_a_tool_for_ever(node_world: NodeWorld) -> None:
    def hanging(call: ToolCall, proceed: Any) -> Work:
        yield call.node.clock.event()
        return 0

    attach(node_world, "tool.*", hanging)
    running = node_world.spawn(("uname",))
    node_world.forward(1e6)
    assert running.finished is None
    node_world.node.processes.signal(running.pid, signal.SIGKILL, by="pilot-1")
    assert running.finished is not None


def test_a_fault_may_slow_a_tool_down(node_world: NodeWorld) -> None:
    def slow(call: ToolCall, proceed: Any) -> Work:
        yield call.node.clock.timeout(30)
        code: int = yield from proceed()
        return code

    attach(node_world, "tool.uname", slow)
    assert "Linux\n" == node_world.out("uname | sort")
    assert 30.0 == node_world.clock.now


def test_a_frozen_command_does_not_die_before_it_wakes(node_world: NodeWorld) -> None:
    running = node_world.spawn(("sleep", "100"))
    table = node_world.node.processes
    table.freeze(running.pid)
    table.signal(running.pid, signal.SIGKILL, by="pilot-1")
    assert running.finished is None
    table.wake(running.pid)
    assert running.finished is not None


# -- the machine


def test_room_on_the_disk_goes_by_nominal_sizes(node_world: NodeWorld) -> None:
    before = node_world.node.free_bytes()
    node_world.node.files.write_sparse(f"{WORK}/big", b"", 5_000_000_000)
    assert before - 5_000_000_000 == node_world.node.free_bytes()


def test_texts_can_be_mounted_outside_of_srv(node_world: NodeWorld) -> None:
    node_world.node.mounted["/cvmfs/atlas/setup.sh"] = "export FROM=cvmfs\n"
    assert "cvmfs\n" == node_world.out("source /cvmfs/atlas/setup.sh; echo $FROM")


def test_every_tool_is_registered_once_with_a_word_about_it() -> None:
    silent = [name for name, function in TOOLS.items() if not (function.__doc__ or "").strip()]
    assert [] == silent
    with pytest.raises(Exception, match="two tools are called 'ps'"):
        tool("ps")(lambda call: 0)


def test_a_file_may_stand_for_a_tool(node_world: NodeWorld) -> None:
    node_world.script("mine", "#!/flightsim/tool echo -n hello\n")
    assert "hello you" == node_world.out("./mine you")
    assert "hello" == node_world.out("export PATH=/srv/work; mine")


def test_an_optional_tool_is_there_if_the_node_is_said_to_have_it(tmp_path: Path) -> None:
    with_it = make_world(tmp_path / "a", programs=("apptainer",))
    assert "/usr/bin/apptainer\n" == with_it.out("which apptainer")
    assert 1 == make_world(tmp_path / "b").run("which apptainer").code


@pytest.mark.parametrize(
    "argv",
    [("echo", "x" * ARG_STRLEN_MAX), ("echo", *["x" * 1000] * 2200)],
    ids=["one word", "many words"],
)
def test_a_command_that_is_too_long_for_the_kernel_is_refused(
    node_world: NodeWorld, argv: tuple[str, ...]
) -> None:
    with pytest.raises(ProgramError) as refused:
        node_world.spawn(argv)
    assert errno.E2BIG == refused.value.errno


def test_a_long_command_that_is_not_too_long_is_run(node_world: NodeWorld) -> None:
    assert 131_072 == len(node_world.out(("echo", "x" * (ARG_STRLEN_MAX - 1))))
