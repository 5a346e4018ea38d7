"""Which commands repeat themselves, read off their lines."""

from __future__ import annotations

import pytest

from fakesites.repeats import Repeat
from fakesites.repeats import is_undisturbed
from fakesites.repeats import repeat_of
from tests.fakesites.node_world import NodeWorld

PIPELINE = "ps axo pgid,psr | sort | grep 4711 | uniq | awk '{print $1}'"


def bash(line: str) -> tuple[str, ...]:
    return ("/bin/bash", "-c", line)


def test_a_plain_ps_shows_its_own_pids() -> None:
    assert Repeat(("ps",), shifts=True) == repeat_of(bash("ps -eo pid,ppid -m"), new_session=True)
    assert Repeat(("ps",), shifts=True) == repeat_of(("ps", "-eo", "pid"), new_session=False)


def test_columns_without_fresh_pids_do_not_shift() -> None:
    assert Repeat(("ps",), shifts=False) == repeat_of(bash("ps axo psr,user"), new_session=True)
    assert Repeat(("ps",), shifts=False) == repeat_of(bash("ps axo pgid"), new_session=False)


def test_a_filter_by_a_word_hides_the_lines_of_fresh_pids() -> None:
    names = ("ps", "sort", "grep", "uniq", "awk")
    assert Repeat(names, False, ("4711",)) == repeat_of(bash(PIPELINE), new_session=True)
    assert Repeat(names, False) == repeat_of(bash(PIPELINE), new_session=False)


@pytest.mark.parametrize(
    "line",
    [
        "ps -eo pid,etime",  # changes with time
        "ps -eo pid --sort=pid",
        "ps -eo pid | grep -v 4711",  # fresh pids get past it
        "ps -eo pid | wc -l | grep 4711",  # counted before they are hidden
        "ps -eo pid | grep '47.1'",
        "ps -eo pid > file",
        "ps -eo pid; date",
        "ps -eo pid && date",
        "ps -eo pid &",
        "! ps -eo pid",
        "X=1 ps -eo pid",
        "ps -eo $FORMAT",
        "ps -eo pid | tee file",
        "ps --nonsense",
        "for i in 1; do ps -eo pid; done",
        "date",
        "ps 'unclosed",
    ],
)
def test_what_may_change_does_not_repeat_itself(line: str) -> None:
    assert repeat_of(bash(line), new_session=True) is None


def test_a_script_does_not_repeat_itself() -> None:
    assert repeat_of(("/bin/bash", "script.sh"), new_session=False) is None
    assert repeat_of(("/bin/bash", "-lc", "ps -eo pid"), new_session=False) is None


def test_a_fault_at_a_tool_has_to_see_every_call(node_world: NodeWorld) -> None:
    repeat = Repeat(("ps", "grep"), shifts=False)
    assert is_undisturbed(repeat, node_world.node)
    node_world.node.points.attach("tool.grep", lambda call, proceed: proceed())
    assert not is_undisturbed(repeat, node_world.node)


def test_a_tool_that_is_missing_is_a_disturbance(node_world: NodeWorld) -> None:
    node_world.node.missing.add("ps")
    assert not is_undisturbed(Repeat(("ps",), shifts=True), node_world.node)
