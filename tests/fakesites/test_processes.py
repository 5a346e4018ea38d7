"""The process table: families, groups, zombies, signals and who may send them."""

from __future__ import annotations

import signal

import pytest

from fakesites.machine import BATCH_PID
from fakesites.machine import DECOY_PID
from fakesites.processes import DELIVERED
from fakesites.processes import NO_PROCESS
from fakesites.processes import NOT_ALLOWED
from fakesites.processes import Process
from simkernel import HarnessError
from tests.fakesites.node_world import NodeWorld


def child_of(
    world: NodeWorld,
    parent: int,
    name: str = "child",
    pid: int | None = None,
    pgid: int | None = None,
) -> Process:
    table = world.node.processes
    return table.add((name,), ppid=parent, owner="pilot-1", pid=pid, pgid=pgid)


def test_a_child_is_in_its_parent_s_group_and_session(node_world: NodeWorld) -> None:
    child = child_of(node_world, node_world.pilot.pid)
    assert (node_world.pilot.pid, node_world.pilot.pid) == (child.pgid, child.sid)


def test_pids_rise_from_a_fixed_number(node_world: NodeWorld) -> None:
    pids = [node_world.pilot.pid, child_of(node_world, 1).pid, child_of(node_world, 1).pid]
    assert [4001, 4002, 4003] == pids


def test_a_taken_pid_is_not_given_again(node_world: NodeWorld) -> None:
    with pytest.raises(HarnessError, match="process 4001 already"):
        child_of(node_world, 1, pid=4001)


def test_a_start_is_an_event(node_world: NodeWorld) -> None:
    child = child_of(node_world, node_world.pilot.pid, "cat")
    event = node_world.events("process.start")[-1]
    assert {
        "pid": child.pid,
        "ppid": node_world.pilot.pid,
        "pgid": node_world.pilot.pid,
        "owner": "pilot-1",
        "argv": ["cat"],
    } == dict(event.data)
    assert "wn001.bnl.sim" == event.who


def test_the_node_is_inhabited_before_any_pilot(node_world: NodeWorld) -> None:
    table = node_world.node.processes
    decoy = table[DECOY_PID]
    assert (1, "pilot", "decoy", ("sleep", "1000000")) == (
        decoy.ppid,
        decoy.user,
        decoy.owner,
        decoy.argv,
    )
    assert ("root", "batch") == (table[BATCH_PID].user, table[BATCH_PID].owner)
    assert ("root", 0) == (table[1].user, table[1].ppid)


def test_who_died_is_a_zombie_until_its_parent_collects_it(node_world: NodeWorld) -> None:
    table = node_world.node.processes
    child = child_of(node_world, node_world.pilot.pid)
    assert table.collect(child.pid) is None
    table.exit(child.pid, code=3)
    assert "Z" == table[child.pid].state
    assert (3, 0) == table.collect(child.pid)
    assert table.find(child.pid) is None


def test_the_dead_hold_no_memory_and_keep_their_cpu_time(node_world: NodeWorld) -> None:
    child = child_of(node_world, node_world.pilot.pid)
    child.rate(now=0.0, cpu=1.0, rss_kb=1000)
    node_world.forward(10)
    node_world.node.processes.exit(child.pid, code=0)
    assert (0, 10.0) == (child.rss_kb(20.0), child.cpu_s(20.0))


def test_a_death_is_one_event_however_often_it_is_told(node_world: NodeWorld) -> None:
    table = node_world.node.processes
    child = child_of(node_world, node_world.pilot.pid)
    table.exit(child.pid, code=-9, signal=9)
    table.exit(child.pid, code=0)
    events = node_world.events("process.exit")
    assert [{"pid": child.pid, "code": -9, "signal": 9}] == [dict(event.data) for event in events]


def test_orphans_are_adopted_by_pid_1_which_collects_them(node_world: NodeWorld) -> None:
    table = node_world.node.processes
    parent = child_of(node_world, node_world.pilot.pid)
    child, dead = child_of(node_world, parent.pid), child_of(node_world, parent.pid)
    table.exit(dead.pid, code=0)
    table.exit(parent.pid, code=0)
    assert 1 == child.ppid
    assert table.find(dead.pid) is None
    table.exit(child.pid, code=0)
    assert table.find(child.pid) is None


def test_children_are_listed_by_pid(node_world: NodeWorld) -> None:
    pids = [child_of(node_world, node_world.pilot.pid).pid for _ in range(3)]
    assert pids == node_world.node.processes.children(node_world.pilot.pid)


def test_a_process_can_lead_a_session_or_a_group_of_its_own(node_world: NodeWorld) -> None:
    table = node_world.node.processes
    one, two = child_of(node_world, 1), child_of(node_world, node_world.pilot.pid)
    table.setsid(one.pid)
    table.setpgid(two.pid, 0)
    assert (one.pid, one.pid) == (table.getsid(one.pid), table.getpgid(one.pid))
    assert (node_world.pilot.pid, two.pid) == (table.getsid(two.pid), table.getpgid(two.pid))


def test_asking_for_the_group_of_nobody_is_an_error(node_world: NodeWorld) -> None:
    with pytest.raises(ProcessLookupError, match="no process 99"):
        node_world.node.processes.getpgid(99)


def test_a_signal_without_a_handler_ends_the_process(node_world: NodeWorld) -> None:
    table = node_world.node.processes
    child = child_of(node_world, node_world.pilot.pid)
    assert DELIVERED == table.signal(child.pid, signal.SIGTERM, by="pilot-1")
    assert ("Z", -15, 15) == (child.state, child.code, child.signal)


def test_a_handler_decides_what_a_signal_does(node_world: NodeWorld) -> None:
    heard: list[int] = []
    child = child_of(node_world, 1)
    child.handler = heard.append
    node_world.node.processes.signal(child.pid, signal.SIGTERM, by="batch")
    assert ([15], "S") == (heard, child.state)


@pytest.mark.parametrize("harmless", [signal.SIGCHLD, signal.SIGCONT, signal.SIGWINCH])
def test_some_signals_are_ignored_by_default(node_world: NodeWorld, harmless: int) -> None:
    child = child_of(node_world, 1)
    assert DELIVERED == node_world.node.processes.signal(child.pid, harmless, by="batch")
    assert child.alive


def test_nobody_is_there_to_be_signalled(node_world: NodeWorld) -> None:
    assert NO_PROCESS == node_world.node.processes.signal(99, 15, by="pilot-1")
    assert NO_PROCESS == node_world.node.processes.kill_group(99, 15, by="pilot-1")


def test_the_decoy_of_the_same_user_can_be_killed_and_the_journal_says_by_whom(
    node_world: NodeWorld,
) -> None:
    table = node_world.node.processes
    assert DELIVERED == table.signal(DECOY_PID, signal.SIGKILL, by="pilot-1")
    event = node_world.events("process.signal")[-1]
    assert {"pid": DECOY_PID, "signal": 9, "by": "pilot-1", "result": "delivered"} == event.data
    assert table.find(DECOY_PID) is None


@pytest.mark.parametrize("pid", [1, 812, BATCH_PID])
def test_another_user_s_process_is_out_of_reach(node_world: NodeWorld, pid: int) -> None:
    table = node_world.node.processes
    assert NOT_ALLOWED == table.signal(pid, signal.SIGKILL, by="pilot-1")
    assert table[pid].alive


def test_the_batch_system_may_signal_anybody(node_world: NodeWorld) -> None:
    table = node_world.node.processes
    assert DELIVERED == table.signal(node_world.pilot.pid, signal.SIGKILL, by="batch")


def test_init_survives_everything(node_world: NodeWorld) -> None:
    table = node_world.node.processes
    table.signal(1, signal.SIGKILL, by="system")
    assert table[1].alive


def test_signal_0_only_asks_and_leaves_no_event(node_world: NodeWorld) -> None:
    table = node_world.node.processes
    answers = [table.signal(pid, 0, by="pilot-1") for pid in (node_world.pilot.pid, 99, 1)]
    assert [DELIVERED, NO_PROCESS, NOT_ALLOWED] == answers
    assert [] == node_world.events("process.signal")


def test_a_group_is_killed_by_pid_and_nobody_else(node_world: NodeWorld) -> None:
    table = node_world.node.processes
    leader = child_of(node_world, node_world.pilot.pid, pgid=0)
    member = child_of(node_world, leader.pid)
    other = child_of(node_world, node_world.pilot.pid)
    assert DELIVERED == table.kill_group(leader.pid, signal.SIGKILL, by="pilot-1")
    assert [False, False, True] == [each.alive for each in (leader, member, other)]
    told = [event["pid"] for event in node_world.events("process.signal")]
    assert [leader.pid, member.pid] == told


def test_an_unkillable_process_heeds_its_signals_when_it_wakes(node_world: NodeWorld) -> None:
    table = node_world.node.processes
    child = child_of(node_world, node_world.pilot.pid)
    table.freeze(child.pid)
    assert DELIVERED == table.signal(child.pid, signal.SIGKILL, by="pilot-1")
    assert "D" == child.state
    table.wake(child.pid)
    assert ("Z", 9) == (child.state, child.signal)


def test_waking_who_is_gone_is_no_error(node_world: NodeWorld) -> None:
    table = node_world.node.processes
    child = child_of(node_world, 1)
    table.freeze(child.pid)
    table.exit(child.pid, code=0)
    table.wake(child.pid)
    assert table.find(child.pid) is None


def test_a_stopped_process_is_shown_as_such_until_it_continues(node_world: NodeWorld) -> None:
    table = node_world.node.processes
    child = child_of(node_world, 1)
    child.handler = lambda number: None
    table.signal(child.pid, signal.SIGSTOP, by="pilot-1")
    assert "T" == child.state
    table.signal(child.pid, signal.SIGCONT, by="pilot-1")
    assert "S" == child.state


def test_cpu_and_memory_grow_with_time(node_world: NodeWorld) -> None:
    child = child_of(node_world, 1)
    child.rate(now=10.0, cpu=0.5, rss_kb=1000, rss_rate=2.0)
    assert (5.0, 1040) == (child.cpu_s(20.0), child.rss_kb(30.0))
    child.rate(now=20.0, cpu=0.0, rss_kb=0)
    assert (5.0, 0) == (child.cpu_s(1000.0), child.rss_kb(1000.0))


def test_what_is_left_of_a_pilot_is_reported(node_world: NodeWorld) -> None:
    table = node_world.node.processes
    left = child_of(node_world, 1, "daemon")
    gone = child_of(node_world, 1)
    table.exit(gone.pid, code=0)
    table.exit(node_world.pilot.pid, code=0)
    assert [left.pid] == table.report_left("pilot-1")
    event = node_world.events("node.left")[0]
    assert {"pid": left.pid, "argv": ["daemon"], "owner": "pilot-1"} == dict(event.data)


def test_every_change_that_ps_shows_has_a_version(node_world: NodeWorld) -> None:
    table = node_world.node.processes
    seen = [table.version]
    child = child_of(node_world, node_world.pilot.pid)
    seen.append(table.version)
    table.setpgid(child.pid, 0)
    seen.append(table.version)
    table.set_argv(child, ("new",))
    seen.append(table.version)
    table.exit(child.pid, code=0)
    seen.append(table.version)
    table.collect(child.pid)
    seen.append(table.version)
    assert sorted(set(seen)) == seen


def test_somebody_may_wait_until_a_process_has_gone(node_world: NodeWorld) -> None:
    table, gone = node_world.node.processes, []
    child, other = child_of(node_world, node_world.pilot.pid), child_of(node_world, 1)
    for each in (child, other):
        table.when_gone(each.pid, lambda pid=each.pid: gone.append(pid))
    table.exit(child.pid, code=0)
    assert [] == gone
    table.collect(child.pid)
    table.exit(other.pid, code=0)  # pid 1 collects at once
    assert [child.pid, other.pid] == gone
