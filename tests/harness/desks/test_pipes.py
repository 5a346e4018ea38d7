"""Pipes between guests: capacity, ends, and who is told when to look again."""

from __future__ import annotations

import errno
from select import POLLERR
from select import POLLHUP
from select import POLLIN
from select import POLLOUT
from typing import Any

import pytest

from harness.desks.caller import Denied
from harness.desks.pipes import CAPACITY
from harness.desks.pipes import READER
from harness.desks.pipes import WRITER
from harness.desks.pipes import Pipes

PARENT, CHILD = 1, 2


class Family:
    """Two processes that have both ends of one pipe, and what each was told."""

    def __init__(self, data: str = "") -> None:
        self.pipes = Pipes()
        self.told: dict[int, list[dict[str, Any]]] = {PARENT: [], CHILD: []}
        row = {"data": data, "reader": True, "writer": True}
        (self.pipe,) = self.pipes.add([row], pid=PARENT, post=self.told[PARENT].append)
        self.pipes.inherit(parent=PARENT, child=CHILD, post=self.told[CHILD].append)

    def close(self, end: str, *pids: int) -> None:
        for pid in pids:
            self.pipes.close(self.pipe, end, pid=pid)


@pytest.fixture
def family() -> Family:
    """Return a family of two."""
    return Family()


def test_what_one_writes_the_other_reads(family: Family) -> None:
    assert family.pipes.read(family.pipe, 10, pid=PARENT) is None
    assert 5 == family.pipes.write(family.pipe, "hello", pid=CHILD)
    assert "hel" == family.pipes.read(family.pipe, 3, pid=PARENT)
    assert "lo" == family.pipes.read(family.pipe, 3, pid=PARENT)


def test_what_was_in_a_pipe_before_the_fork_is_there_after_it() -> None:
    family = Family("\xff\x00")
    assert "\xff\x00" == family.pipes.read(family.pipe, 10, pid=CHILD)


def test_readers_are_told_of_the_first_bytes_only(family: Family) -> None:
    family.close(READER, CHILD)
    for _ in range(2):
        family.pipes.write(family.pipe, "x", pid=CHILD)
    assert ([{"key": "pipe-1"}], []) == (family.told[PARENT], family.told[CHILD])


def test_a_full_pipe_takes_no_more_until_somebody_has_read(family: Family) -> None:
    family.close(WRITER, PARENT)
    assert CAPACITY == family.pipes.write(family.pipe, "x" * 70_000, pid=CHILD)
    assert 0 == family.pipes.write(family.pipe, "x", pid=CHILD)
    family.told[CHILD].clear()
    family.pipes.read(family.pipe, 100, pid=PARENT)
    assert [{"key": "pipe-1"}] == family.told[CHILD]
    assert 100 == family.pipes.write(family.pipe, "x" * 200, pid=CHILD)


def test_the_end_comes_when_the_last_writer_has_gone(family: Family) -> None:
    family.close(WRITER, PARENT)
    assert family.pipes.read(family.pipe, 1, pid=PARENT) is None
    family.pipes.leave(CHILD)
    assert "" == family.pipes.read(family.pipe, 1, pid=PARENT)
    assert [{"key": "pipe-1"}] == family.told[PARENT]


def test_a_writer_without_readers_is_told_so(family: Family) -> None:
    family.close(READER, PARENT, CHILD)
    with pytest.raises(Denied) as refusal:
        family.pipes.write(family.pipe, "x", pid=CHILD)
    assert errno.EPIPE == refusal.value.number


def test_an_end_that_one_has_closed_is_the_others_alone(family: Family) -> None:
    family.close(READER, CHILD)
    with pytest.raises(Denied) as refusal:
        family.pipes.read(family.pipe, 1, pid=CHILD)
    assert errno.EBADF == refusal.value.number


def test_poll_sees_data_room_and_ends(family: Family) -> None:
    assert (False, True, 0, POLLOUT) == family.pipes.state(family.pipe)
    family.pipes.write(family.pipe, "x", pid=CHILD)
    family.close(WRITER, PARENT, CHILD)
    assert (True, True, POLLIN | POLLHUP, POLLOUT) == family.pipes.state(family.pipe)
    family.close(READER, PARENT)
    assert family.pipes.state(family.pipe)[2] == POLLIN | POLLHUP
    other = Family()
    other.close(READER, PARENT, CHILD)
    assert POLLOUT | POLLERR == other.pipes.state(other.pipe)[3]
