"""ps in its three styles, and what it costs to ask again."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from fakesites.machine import DECOY_PID
from fakesites.tools.ps import COLUMNS
from fakesites.tools.ps import clock_text
from tests.fakesites.node_world import NodeWorld


def rows(world: NodeWorld, line: str) -> list[list[str]]:
    return [row.split() for row in world.out(tuple(line.split())).splitlines()]


def test_pids_and_parents_of_all_with_a_line_for_each_thread(node_world: NodeWorld) -> None:
    running = node_world.spawn(("ps", "-eo", "pid,ppid", "-m"))
    assert running.finished is not None
    assert (
        "    PID    PPID\n"
        "      1       0\n      -       -\n"
        "    812       1\n      -       -\n"
        "   1201       1\n      -       -\n"
        "   1340    1201\n      -       -\n"
        "   2650     812\n      -       -\n"
        "   2702       1\n      -       -\n"
        "   3391    1340\n      -       -\n"
        "   4001    3391\n      -       -\n"
        "   4002    4001\n      -       -\n"
    ) == running.finished.stdout


def test_what_everybody_runs(node_world: NodeWorld) -> None:
    node_world.pilot.rate(now=0.0, cpu=0.5, rss_kb=163_840)
    node_world.forward(7200)
    found = rows(node_world, "ps aux")
    assert "USER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND" == " ".join(found[0])
    pilot = next(row for row in found if row[1] == "4001")
    assert "pilot 4001 50.0 1.0 266240 163840 ? Rs 08:00 60:00 python3 pilot.py" == " ".join(pilot)


def test_the_full_format(node_world: NodeWorld) -> None:
    found = rows(node_world, "ps -ef")
    assert "UID PID PPID C STIME TTY TIME CMD" == " ".join(found[0])
    assert "pilot 4001 3391 0 08:00 ? 00:00:00 python3 pilot.py" == " ".join(found[-2])


def test_without_options_the_user_s_own(node_world: NodeWorld) -> None:
    found = rows(node_world, "ps")
    assert ["PID", "TTY", "TIME", "CMD"] == found[0]
    assert {"2650", "2702", "4001"} < {row[0] for row in found}
    assert "1" not in {row[0] for row in found}


@pytest.mark.parametrize(
    "option", ["-u pilot", "-U pilot", "--user pilot", "-u 31001", "u -u 31001"]
)
def test_a_user_s_processes(node_world: NodeWorld, option: str) -> None:
    found = node_world.out(tuple(f"ps {option}".split()))
    assert "pilot.py" in found or "python3" in found
    assert "sshd" not in found


def test_the_line_that_finds_orphans_sees_the_decoy(node_world: NodeWorld) -> None:
    found = rows(node_world, "ps -o pid,ppid,args -u pilot")
    assert ["PID", "PPID", "COMMAND"] == found[0]
    assert [str(DECOY_PID), "1", "sleep", "1000000"] in found


@pytest.mark.parametrize(
    "words", ["-p 4001", "-p4001", "--pid 4001", "-q 4001", "4001", "aux -q 4001"]
)
def test_one_process(node_world: NodeWorld, words: str) -> None:
    found = rows(node_world, f"ps {words}")
    assert 2 == len(found)
    assert "4001" in found[1]


def test_children_of_one_process(node_world: NodeWorld) -> None:
    node_world.node.processes.add(("payload",), ppid=4001, owner="pilot-1")
    assert [["4002"], ["4003"]] == rows(node_world, "ps --ppid 4001 -opid --no-headers")


def test_processes_by_name(node_world: NodeWorld) -> None:
    assert [["2702"]] == rows(node_world, "ps -C sleep -o pid=")


def test_nobody_found_is_status_1_and_a_header(node_world: NodeWorld) -> None:
    end = node_world.run(("ps", "-p", "99", "-o", "stat"))
    assert (1, "STAT\n") == (end.code, end.stdout)


def test_headers_can_be_renamed_and_left_out(node_world: NodeWorld) -> None:
    assert "      1 systemd\n" == node_world.out(("ps", "-p", "1", "-o", "pid=,comm="))
    assert [["PARENT", "A,B"], ["0", "/usr/lib/systemd/systemd", "--system"]] == rows(
        node_world, "ps -p 1 -o ppid=PARENT -o args=A,B"
    )


def test_a_zombie_is_defunct(node_world: NodeWorld) -> None:
    child = node_world.node.processes.add(("/bin/payload", "x"), ppid=4001, owner="pilot-1")
    node_world.node.processes.exit(child.pid, code=0)
    assert ["Z", "[payload]", "<defunct>"] == rows(node_world, f"ps -p {child.pid} -o s,args")[1]
    assert ["Z", "payload", "<defunct>"] == rows(node_world, f"ps -p {child.pid} -o stat,comm")[1]


def test_a_session_s_leader_and_a_busy_process_are_marked(node_world: NodeWorld) -> None:
    assert [["Ss"]] == rows(node_world, "ps -p 4001 -o stat=")
    node_world.pilot.rate(now=0.0, cpu=1.0, rss_kb=1)
    assert [["Rs"]] == rows(node_world, "ps -p 4001 -o stat=")


def test_times_are_virtual(node_world: NodeWorld) -> None:
    node_world.pilot.rate(now=0.0, cpu=2.0, rss_kb=1)
    node_world.forward(90_061)
    line = "ps -p 4001 -o etime,etimes,time,lstart"
    expect = "1-01:01:01 90061 2-02:02:02 Sun Mar 1 08:00:00 2026"
    assert expect.split() == rows(node_world, line)[1]
    assert "Mar01" in rows(node_world, "ps u -p 4001")[1]


def test_rows_can_be_sorted(node_world: NodeWorld) -> None:
    pids = [int(row[0]) for row in rows(node_world, "ps -e -o pid= --sort=-pid")]
    assert sorted(pids, reverse=True) == pids


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("-o nope", 'unknown user-defined format specifier "nope"'),
        ("--nope", "unknown gnu long option"),
        ("-p x", "process ID list syntax error"),
        ("-o", "list of values must follow the option"),
    ],
)
def test_what_makes_no_sense_is_told(node_world: NodeWorld, words: str, complaint: str) -> None:
    end = node_world.run(("ps", *words.split()))
    assert (1, f"ps: {complaint}\n") == (end.code, end.stderr)


def test_what_is_not_modelled_is_refused(node_world: NodeWorld) -> None:
    assert 2 == node_world.run(("ps", "-eLf")).code
    assert ["-L"] == [event["why"] for event in node_world.events("shell.refused")]


def test_the_same_question_after_a_change_has_another_answer(node_world: NodeWorld) -> None:
    table = node_world.node.processes
    before = rows(node_world, "ps axo pgid,psr")
    child = table.add(("payload",), ppid=4001, owner="pilot-1", pgid=0)
    assert [str(child.pid), str(child.psr)] in rows(node_world, "ps axo pgid,psr")
    table.setpgid(child.pid, 4001)
    assert [str(child.pid), str(child.psr)] not in rows(node_world, "ps axo pgid,psr")
    table.exit(child.pid, code=0)
    table.collect(child.pid)
    assert before[:-1] == rows(node_world, "ps axo pgid,psr")[:-1]


def test_two_nodes_do_not_share_an_answer(
    node_world: NodeWorld, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from tests.fakesites.node_world import make_world

    other = make_world(tmp_path_factory.mktemp("other") / "srv")
    other.node.processes.exit(DECOY_PID, code=0)
    line = "ps -e -o pid="
    assert [str(DECOY_PID)] in rows(node_world, line)
    assert [str(DECOY_PID)] not in rows(other, line)


# Columns whose text holds no blanks: what a pilot may split.
SPLITTABLE = sorted(set(COLUMNS) - {"args", "comm", "lstart"})


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    names=st.lists(st.sampled_from(SPLITTABLE), min_size=1, max_size=6),
    cpu=st.floats(0, 64),
    rss_kb=st.integers(0, 10**9),
    seconds=st.integers(0, 10**6),
)
def test_every_table_can_be_split_into_its_columns(
    node_world: NodeWorld, names: list[str], cpu: float, rss_kb: int, seconds: int
) -> None:
    node_world.forward(seconds + 1)
    node_world.pilot.rate(now=node_world.clock.now, cpu=cpu, rss_kb=rss_kb)
    found = rows(node_world, f"ps -e -o {','.join(names)}")
    assert {len(names)} == {len(row) for row in found}
    table = node_world.node.processes.entered()
    assert len(table) + 2 == len(found)  # a header, and ps itself
    if "pid" in names:
        column = [row[names.index("pid")] for row in found[1:-1]]
        assert [str(each.pid) for each in table] == column


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "00:00:00"), (3661, "01:01:01"), (90_061.9, "1-01:01:01")]
)
def test_spans_are_written_as_ps_does(seconds: float, text: str) -> None:
    assert text == clock_text(seconds)
