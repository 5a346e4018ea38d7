"""The journal: written, read back, hashed."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from simkernel import HarnessError
from simkernel import Journal
from simkernel import declare
from simkernel import read_journal

PING = declare("test.ping", "number", about="for these tests")


def write(path: Path, *, count: int) -> Journal:
    with path.open("w") as stream:
        journal = Journal(lambda: 1.0000004, stream=stream)
        journal.open({"seed": 1})
        for number in range(count):
            journal.emit(PING, who="me", number=number)
    return journal


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    journal = write(tmp_path / "events.jsonl", count=3)
    header, events = read_journal(tmp_path / "events.jsonl")
    assert {"journal": 1, "seed": 1} == header
    assert journal.events == events
    assert [0, 1, 2] == [event["number"] for event in events]


def test_the_identity_is_that_of_the_bytes(tmp_path: Path) -> None:
    import hashlib

    journal = write(tmp_path / "events.jsonl", count=3)
    assert (
        hashlib.sha256((tmp_path / "events.jsonl").read_bytes()).hexdigest() == journal.identity()
    )


def test_a_torn_last_line_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    write(path, count=3)
    path.write_text(path.read_text()[:-10])
    assert 2 == len(read_journal(path)[1])


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    write(path, count=3)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines[:2], "rubbish\n", *lines[3:]]))
    with pytest.raises(HarnessError, match=r"events.jsonl:3: this line is damaged"):
        read_journal(path)


def test_an_undeclared_kind_or_field_is_our_error() -> None:
    journal = Journal(lambda: 0.0, stream=io.StringIO())
    with pytest.raises(HarnessError, match="not declared"):
        journal.emit("test.pong", who="me")
    with pytest.raises(HarnessError, match="no field nmber"):
        journal.emit(PING, who="me", nmber=1)


def test_a_kind_is_declared_once() -> None:
    with pytest.raises(HarnessError, match="declared twice"):
        declare("test.ping", "other", about="not the same")


def test_listeners_hear_each_event() -> None:
    journal, heard = Journal(lambda: 0.0), list[int]()
    journal.listen(lambda event: heard.append(event["number"]))
    journal.emit(PING, who="me", number=5)
    assert [5] == heard


def test_a_sealed_journal_takes_nothing_more() -> None:
    journal = Journal(lambda: 0.0)
    journal.emit(PING, who="me", number=1)
    identity = journal.identity()
    journal.seal()
    assert -1 == journal.emit(PING, who="me", number=2)
    assert (1, identity) == (len(journal.events), journal.identity())
