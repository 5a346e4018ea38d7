"""env, timeout, which and nice; kill and pstree."""

from __future__ import annotations

import pytest

from fakesites.machine import DECOY_PID
from fakesites.tools.env import signal_number
from tests.fakesites.node_world import NodeWorld


def test_env_shows_and_changes_the_environment(node_world: NodeWorld) -> None:
    assert "A=1\n" == node_world.out("env -i A=1")
    assert "2\n" == node_world.out("env A=2 sh -c 'echo $A'", env={"A": "1"})
    assert "[]\n" == node_world.out("env -u A sh -c 'echo [$A]'", env={"A": "1"})


def test_env_becomes_the_program_that_it_starts(node_world: NodeWorld) -> None:
    running = node_world.spawn(("/usr/bin/env", "sleep", "5"))
    assert ("sleep", "5") == node_world.node.processes[running.pid].argv
    assert 2 == len(node_world.node.processes.children(3391)) + 1


def test_env_of_an_unknown_program_is_127(node_world: NodeWorld) -> None:
    end = node_world.run(("env", "nope"))
    assert (127, "env: ‘nope’: No such file or directory\n") == (end.code, end.stderr)


@pytest.mark.parametrize("name", ["nice -n 5", "nice", "nohup"])
def test_a_command_can_be_wrapped(node_world: NodeWorld, name: str) -> None:
    assert "a\n" == node_world.out(f"{name} echo a")


def test_setsid_leads_a_session(node_world: NodeWorld) -> None:
    running = node_world.spawn(("setsid", "sleep", "5"))
    table = node_world.node.processes
    assert (running.pid, running.pid) == (table.getsid(running.pid), table.getpgid(running.pid))


def test_which_finds_programs(node_world: NodeWorld) -> None:
    end = node_world.run("which nope ps")
    assert (1, "/usr/bin/ps\n") == (end.code, end.stdout)
    assert "/usr/bin/which: no nope in (/usr/local/bin:/usr/bin:/bin)\n" == end.stderr


# -- timeout


def test_a_command_in_time_keeps_its_code_and_output(node_world: NodeWorld) -> None:
    end = node_world.run("timeout 10 sh -c 'sleep 3; echo a; exit 4'")
    assert (4, "a\n", 3.0) == (end.code, end.stdout, node_world.clock.now)


def test_a_late_command_is_terminated(node_world: NodeWorld) -> None:
    assert 124 == node_world.run("timeout 10 sleep 100").code
    assert 10.0 == node_world.clock.now
    assert [] == node_world.alive()


def test_another_signal_may_be_sent(node_world: NodeWorld) -> None:
    assert 137 == node_world.run(("timeout", "-s", "KILL", "10", "sleep", "100")).code
    line = ("timeout", "--preserve-status", "--signal=INT", "1", "sleep", "100")
    assert 130 == node_world.run(line).code


def test_a_stubborn_command_is_killed_later(node_world: NodeWorld) -> None:
    running = node_world.spawn(("timeout", "-k", "5", "10", "sleep", "100"))
    child = node_world.node.processes.children(running.pid)[0]
    handler = node_world.node.processes[child].handler
    assert handler is not None

    def deaf(number: int) -> None:
        if number == 9:
            handler(number)

    node_world.node.processes[child].handler = deaf
    assert (137, 15.0) == (node_world.wait(running).code, node_world.clock.now)


def test_a_signal_to_timeout_reaches_its_command(node_world: NodeWorld) -> None:
    running = node_world.spawn(("timeout", "10", "sleep", "100"))
    node_world.node.processes.signal(running.pid, 15, by="pilot-1")
    assert [] == node_world.alive()
    assert 15 == node_world.wait(running).signal


def test_timeout_of_an_unknown_program_is_127(node_world: NodeWorld) -> None:
    end = node_world.run(("timeout", "5", "nope"))
    assert 127 == end.code
    assert "failed to run command ‘nope’" in end.stderr
    assert 125 == node_world.run(("timeout", "5")).code


# -- kill, pstree


def test_kill_sends_term_or_what_it_is_told(node_world: NodeWorld) -> None:
    for option, number in (("", 15), ("-9 ", 9), ("-s INT ", 2), ("-KILL ", 9), ("-SIGHUP ", 1)):
        running = node_world.spawn(("sleep", "100"))
        node_world.out(f"kill {option}{running.pid}")
        assert number == node_world.wait(running).signal


def test_kill_reaches_a_group(node_world: NodeWorld) -> None:
    running = node_world.spawn("sleep 100; true", new_session=True)
    node_world.out(f"kill -9 -{running.pid}")
    assert [] == node_world.alive()


def test_kill_only_asks_with_0(node_world: NodeWorld) -> None:
    assert 0 == node_world.run(f"kill -0 {DECOY_PID}").code
    assert 1 == node_world.run("kill -0 99").code


def test_kill_of_another_user_s_process_is_not_permitted(node_world: NodeWorld) -> None:
    end = node_world.run("/bin/kill 1")
    assert (1, "/bin/kill: (1) - Operation not permitted\n") == (end.code, end.stderr)
    assert ["EPERM"] == [event["result"] for event in node_world.events("process.signal")]


@pytest.mark.parametrize(("words", "code"), [("", 2), ("x", 1), ("-NOPE 1", 1)])
def test_kill_that_makes_no_sense_fails(node_world: NodeWorld, words: str, code: int) -> None:
    assert code == node_world.run(tuple(f"/bin/kill {words}".split())).code


@pytest.mark.parametrize(("text", "number"), [("9", 9), ("KILL", 9), ("SIGTERM", 15), ("int", 2)])
def test_signals_have_names_and_numbers(text: str, number: int) -> None:
    assert number == signal_number(text)


def test_pstree_draws_the_family(node_world: NodeWorld) -> None:
    table = node_world.node.processes
    payload = table.add(("./payload",), ppid=4001, owner="pilot-1")
    for _ in range(2):
        table.add(("worker",), ppid=payload.pid, owner="pilot-1")
    assert ("payload(4002)-+-worker(4003)\n              `-worker(4004)\n") == node_world.out(
        "pstree -p 4002; true"
    )
    assert "payload-+-worker" in node_world.out("pstree 4002")
    assert 1 == node_world.run("pstree -p 99").code
