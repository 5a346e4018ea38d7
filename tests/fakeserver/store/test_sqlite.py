"""The store: what was committed is there, what was not is not."""

from __future__ import annotations

import json
import sqlite3
import stat
from pathlib import Path

import pytest

import fakeserver.store.sqlite
from fakeserver.keeping import Change
from fakeserver.store import open_store
from simkernel import HarnessError
from simkernel import ScenarioError

ROOMS = [Change("jobs", "1", {"state": "sent"}), Change("jobs", "2", ["ü", None, 1.5, True])]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a store may be."""
    return tmp_path / "panda.sqlite3"


def test_what_was_committed_is_there_after_a_restart(path: Path) -> None:
    store = open_store(path)
    store.commit(ROOMS, ['{"n":0}\n', '{"n":1}\n'])
    store.close()
    again = open_store(path)
    assert ROOMS == list(again.records())
    assert [(0, '{"n":0}'), (1, '{"n":1}')] == again.lines()
    assert 2 == again.next_line
    again.close()


def test_what_was_committed_is_there_while_the_first_store_is_still_open(path: Path) -> None:
    store = open_store(path)
    store.commit(ROOMS)
    # Another process sees it, which is what a kill leaves.
    with sqlite3.connect(path) as reader:
        assert [(2,)] == reader.execute("SELECT count(*) FROM records").fetchall()
    reader.close()
    store.close()


def test_the_last_content_of_a_record_stays_and_none_removes_it(path: Path) -> None:
    store = open_store(path)
    store.commit(ROOMS)
    store.commit([Change("jobs", "1", None), Change("jobs", "2", "new"), Change("x", "1", 0)])
    assert [Change("jobs", "2", "new"), Change("x", "1", 0)] == list(store.records())
    assert {"2": "new"} == store.room("jobs")
    store.close()


def test_a_commit_is_all_or_nothing() -> None:
    store = open_store(None)
    store.commit([], ["a"])
    # The second line takes a number that is taken already: the first must not stay either.
    store._next = -1
    with pytest.raises(HarnessError, match="cannot be written"):
        store.commit(ROOMS, ["b", "c"])
    assert ([], [(0, "a")]) == (list(store.records()), store.lines())
    assert -1 == store.next_line


def test_a_full_disk_is_an_error_and_leaves_what_was_there(path: Path) -> None:
    store = open_store(path)
    store.commit(ROOMS)
    store._connection.execute("PRAGMA max_page_count = 5")
    with pytest.raises(HarnessError, match="full"):
        store.commit([Change("jobs", "3", "x" * 100_000)])
    assert ROOMS == list(store.records())
    store.close()


def test_half_of_a_surrogate_pair_is_kept_as_its_escape() -> None:
    store = open_store(None)
    store.commit([Change("a", "\ufffd", {"x": "\ud800"})], ['{"said":"\ud800"}\n'])
    assert {"\ufffd": {"x": "\ud800"}} == store.room("a")
    ((_, line),) = store.lines()
    assert {"said": "\ud800"} == json.loads(line)


def test_lines_come_in_pages() -> None:
    store = open_store(None)
    store.commit([], [f"line {number}" for number in range(10)])
    assert [(4, "line 4"), (5, "line 5")] == store.lines(after=3, count=2)
    assert [] == store.lines(after=9)


def test_lines_about_a_job_are_found_and_only_the_last_of_them() -> None:
    store = open_store(None)
    lines = [f'{{"n":{n},"what":"x","job":{n % 3},"z":1}}' for n in range(12)]
    store.commit([], [*lines, '{"n":12,"what":"x","job":11,"z":1}'])
    assert [4, 7, 10] == [number for number, _ in store.about(1, count=3)]


def test_old_lines_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fakeserver.store.sqlite, "LINES_MAX", 5)
    monkeypatch.setattr(fakeserver.store.sqlite, "PRUNE_EVERY", 4)
    store = open_store(None)
    for number in range(20):
        store.commit([], [f"line {number}"])
    kept = [number for number, _ in store.lines()]
    assert list(range(kept[0], 20)) == kept
    assert 5 <= len(kept) <= 10
    assert 20 == store.next_line


def test_memory_outlives_nothing() -> None:
    store = open_store(None)
    store.commit(ROOMS)
    assert (False, ROOMS) == (store.durable, list(store.records()))
    assert [] == list(open_store(None).records())


def test_nobody_else_may_read_it(path: Path) -> None:
    store = open_store(path)
    store.commit(ROOMS)
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    assert {0o600} == set(modes.values())
    assert len(modes) > 1  # the write-ahead log is one of them
    store.close()


@pytest.mark.parametrize(("fsync", "level"), [(False, 1), (True, 2)])
def test_a_commit_waits_for_the_disk_if_told_to(path: Path, fsync: bool, level: int) -> None:
    store = open_store(path, fsync=fsync)
    assert (level,) == store._connection.execute("PRAGMA synchronous").fetchone()
    assert ("wal",) == store._connection.execute("PRAGMA journal_mode").fetchone()
    store.close()


def test_one_server_at_a_time(path: Path) -> None:
    store = open_store(path)
    with pytest.raises(ScenarioError, match="another server has this store"):
        open_store(path)
    store.close()
    open_store(path).close()


@pytest.mark.parametrize("content", [b"no database at all, but a long text of some kind\n" * 40])
def test_a_file_of_another_kind_is_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(ScenarioError, match="this is no store"):
        open_store(path)
    assert content == path.read_bytes()


def test_a_database_of_another_kind_is_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE mine (x)")
    other.close()
    for _ in range(2):  # the claim was given back the first time
        with pytest.raises(ScenarioError, match="no store of this release"):
            open_store(path)
    with sqlite3.connect(path) as other:
        assert [("mine",)] == other.execute("SELECT name FROM sqlite_master").fetchall()
    other.close()


def test_a_store_of_a_later_release_is_left_alone(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fakeserver.store.sqlite, "FORMAT", 99)
    open_store(path).close()
    monkeypatch.undo()
    with pytest.raises(ScenarioError, match="no store of this release"):
        open_store(path)


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be written"):
        open_store(tmp_path / "missing" / "panda.sqlite3")
