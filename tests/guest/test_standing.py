"""Answers that stand are what the host would have said, as long as they may."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guest.processes.fresh import cut
from guest.processes.standing import USES_MAX
from guest.processes.standing import Standing

ASKED = ("ps", "-eo", "pid")


def an_answer(first: int = 4005, *, pids: int = 1, avoid: tuple[str, ...] = ()) -> dict[str, Any]:
    stands = {"number": 3, "pids": pids, "avoid": list(avoid)}
    return {"pid": first, "out": f"   PID\n  4001\n  {first}\n", "code": 0, "stands": stands}


def a_host(next_pid: int = 4006) -> Any:
    return SimpleNamespace(table=[1, 0], next_pid=next_pid, stood={})


@pytest.fixture
def host() -> Any:
    return a_host()


def test_a_fresh_pid_takes_the_place_of_the_old_one(host: Any) -> None:
    standing = Standing(host)
    standing.learn(ASKED, an_answer())
    recalled = standing.recall(ASKED)
    assert (4006, "   PID\n  4001\n  4006\n", 0) == (
        recalled["pid"], recalled["out"], recalled["code"],
    )  # fmt: skip
    assert (4007, {3: 1}) == (host.next_pid, host.stood)


def test_nothing_stands_that_the_host_did_not_say(host: Any) -> None:
    standing = Standing(host)
    standing.learn(ASKED, {"pid": 4005, "out": "", "code": 0})
    assert standing.recall(ASKED) is None
    assert standing.recall(("ps",)) is None


def test_a_change_of_the_table_ends_it(host: Any) -> None:
    standing = Standing(host)
    standing.learn(ASKED, an_answer())
    host.table = [2, 0]
    assert standing.recall(ASKED) is None
    host.table = [1, 0]
    assert standing.recall(ASKED) is None


def test_the_host_is_asked_again_now_and_then(host: Any) -> None:
    standing = Standing(host)
    standing.learn(ASKED, an_answer())
    answers = [standing.recall(ASKED) for _ in range(USES_MAX + 1)]
    assert [True] * USES_MAX + [False] == [each is not None for each in answers]


def test_columns_hold_for_as_many_digits() -> None:
    standing = Standing(a_host(next_pid=10_000))
    standing.learn(ASKED, an_answer(9_999))
    assert standing.recall(ASKED) is None


def test_a_pid_that_a_filter_would_see_is_asked_for() -> None:
    host = a_host(next_pid=14_711)
    standing = Standing(host)
    standing.learn(ASKED, an_answer(14_005, avoid=("4711",)))
    assert standing.recall(ASKED) is None
    host.next_pid = 14_712
    assert standing.recall(ASKED) is not None


@given(
    words=st.lists(st.one_of(st.text(alphabet="ab \n-.", max_size=5), st.integers(0, 3))),
    first=st.integers(1000, 9000),
    later=st.integers(1000, 9000),
)
def test_cutting_and_joining_moves_the_pids_and_nothing_else(
    words: list[str | int], first: int, later: int
) -> None:
    def text(begin: int) -> str:
        return " ".join(each if isinstance(each, str) else str(begin + each) for each in words)

    pieces = cut(text(first), first, 4)
    joined = [each if isinstance(each, str) else str(later + each) for each in pieces]
    assert text(later) == "".join(joined)
