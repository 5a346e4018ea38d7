"""The file system in memory, beside a real one: both do the same."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any
from typing import Callable

import pytest

from harness.inprocess.memory import Tree
from pilotcore import files
from pilotcore.data.checksum import adler32_of
from pilotcore.logs import tail


def places(tmp_path: Path) -> list[Any]:
    """Return an empty folder in either file system."""
    tree = Tree(lambda: 5.0)
    tree.path("/home").mkdir()
    (tmp_path / "home").mkdir()
    return [tmp_path / "home", tree.path("/home")]


def written(home: Any) -> object:
    (home / "a").write_text("text")
    with (home / "a").open("a", encoding="utf-8") as target:
        target.write(" more")
    with (home / "b").open("wb") as target:
        target.write(b"bytes")
    return (home / "a").read_text(), (home / "b").read_bytes(), (home / "a").stat().st_size


def renamed(home: Any) -> object:
    (home / "a.json").write_text("x")
    (home / "a.json").with_suffix(".part").write_text("y")
    (home / "a.json").with_suffix(".part").replace(home / "a.json")
    (home / "a.json").chmod(0o600)
    return (home / "a.json").read_text(), stat.S_IMODE((home / "a.json").stat().st_mode)


def listed(home: Any) -> object:
    for name in ("b/c/d", "a"):
        (home / name).mkdir(parents=True)
    (home / "b/e.log").write_text("")
    (home / "x.log").write_text("")
    walked = [(str(place)[len(str(home)) :], sorted(a), b) for place, a, b in files.walk(home)]
    return (
        sorted(path.name for path in home.glob("*.log")),
        sorted(path.name for path in home.iterdir()),
        sorted(walked),
        sorted(size for size, _ in files.sizes_and_times(home)),
    )


def removed(home: Any) -> object:
    (home / "d/e").mkdir(parents=True)
    (home / "d/e/f").write_text("x")
    files.remove_tree(home / "d")
    (home / "g").write_text("x")
    (home / "g").unlink()
    (home / "g").unlink(missing_ok=True)
    return (home / "d").exists(), (home / "g").exists()


def named(home: Any) -> object:
    path = home / "sub/file.tar.gz"
    return (
        path.name,
        path.stem,
        path.suffix,
        path.with_name("other").name,
        str(path.relative_to(home)),
        path.parent == home / "sub",
        (home / str(path)) == path,
        home in path.parents,
        sorted([home / "b", home / "a/c", home / "a"]) == [home / "a", home / "a/c", home / "b"],
    )


def measured(home: Any) -> object:
    (home / "a").write_bytes(b"some bytes" * 1000)
    return adler32_of(home / "a"), tail(home / "a", 7), [*files.extents(home / "a")]


def moved(home: Any) -> object:
    (home / "a").write_text("x")
    files.move(home / "a", home / "b")
    files.write_private(home / "c", "secret")
    return (home / "b").read_text(), stat.S_IMODE((home / "c").stat().st_mode)


def locked(home: Any) -> object:
    lock = files.hold(home / "lock", make=True)
    assert lock is not None
    again = files.hold(home / "lock", make=True)
    lock.release()
    later = files.hold(home / "lock", make=False)
    assert later is not None
    later.release()
    return again, files.hold(home / "none", make=False)


def recorded(home: Any) -> object:
    files.execute(home / "db", (("CREATE TABLE t (a)", ()), ("INSERT INTO t VALUES (?)", (7,))))
    files.execute(home / "db", (("INSERT INTO t VALUES (?)", (8,)),))
    return files.execute(home / "db", (("SELECT a FROM t", ()),)), (home / "db").is_file()


@pytest.mark.parametrize(
    "act",
    [written, renamed, listed, removed, named, measured, moved, locked, recorded],
)
def test_both_file_systems_do_the_same(tmp_path: Path, act: Callable[[Any], object]) -> None:
    real, memory = map(act, places(tmp_path))
    assert real == memory


def failure(act: Callable[[], object]) -> type[BaseException] | None:
    try:
        act()
    except OSError as error:
        return type(error)
    return None


@pytest.mark.parametrize(
    "act",
    [
        lambda home: (home / "none").read_text(),
        lambda home: (home / "none").stat(),
        lambda home: (home / "none").unlink(),
        lambda home: (home / "none/file").write_text("x"),
        lambda home: (home / "none/folder").mkdir(),
        lambda home: home.mkdir(),
        lambda home: ((home / "a").write_text("x"), home.rmdir()),
        lambda home: files.write_tarball(home / "none/log.tgz", [], now=0.0),
    ],
)
def test_what_fails_in_one_fails_alike_in_the_other(
    tmp_path: Path, act: Callable[[Any], object]
) -> None:
    real, memory = places(tmp_path)
    expected = failure(lambda: act(real))
    assert expected is not None
    assert expected is failure(lambda: act(memory))


def test_a_file_of_zeros_takes_no_memory() -> None:
    tree = Tree(lambda: 5.0)
    tree.path("/home").mkdir()
    tree.put("/home/large", 1 << 42)
    path = tree.path("/home/large")
    with path.open("rb") as source:
        assert (1 << 42) == source.seek(0, os.SEEK_END)
    assert (1 << 42, b"\0" * 9) == (path.stat().st_size, tail(path, 9))  # type: ignore[arg-type]
    assert [] == [*files.extents(path)][1:]


def test_records_may_be_forgotten() -> None:
    tree = Tree(lambda: 5.0, keeps_records=False)
    tree.path("/home").mkdir()
    rows = (("CREATE TABLE t (a)", ()), ("INSERT INTO t VALUES (7)", ()))
    files.execute(tree.path("/home/db"), rows)
    with pytest.raises(OSError, match="no such table"):
        files.execute(tree.path("/home/db"), (("SELECT a FROM t", ()),))
