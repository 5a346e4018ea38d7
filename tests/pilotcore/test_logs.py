"""The log tarball and the log itself."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

import pytest

from pilotcore import logs
from pilotcore.logbook import LINES_MAX
from pilotcore.logbook import Logbook
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import code_of


def create(directory: Path, target: Path) -> None:
    logs.create_log(directory, target=target, prefix="tar", but={"in"}, pilot_log="said", now=7.0)


def names(target: Path) -> list[str]:
    with tarfile.open(target) as tarball:
        return tarball.getnames()


def test_the_tarball_holds_what_is_no_data_in_sorted_order(tmp_path: Path) -> None:
    for name in ("b", "a", "in"):
        (tmp_path / name).write_text(name)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/c").write_text("c")
    (tmp_path / "link").symlink_to("a")
    create(tmp_path, tmp_path / "log.tgz")
    assert ["tar/pilotlog.txt", "tar/a", "tar/b", "tar/sub/c"] == names(tmp_path / "log.tgz")


def test_of_a_large_file_only_the_end_is_kept(tmp_path: Path) -> None:
    with open(tmp_path / "huge", "wb") as target:
        os.truncate(target.fileno(), 1 << 40)
        target.seek((1 << 40) - 3)
        target.write(b"end")
    create(tmp_path, tmp_path / "log.tgz")
    with tarfile.open(tmp_path / "log.tgz") as tarball:
        member = tarball.extractfile("tar/huge.tail")
        assert member is not None
        data = member.read()
    assert (logs.TAIL, b"end") == (len(data), data[-3:])


def test_a_tarball_that_cannot_be_written_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "missing" / "log.tgz"
    assert 1320 == code_of(lambda: create(tmp_path, target))


def test_a_log_that_cannot_be_written_still_goes_to_stdout(grid: Grid, tmp_path: Path) -> None:
    out = io.StringIO()
    log = Logbook(grid.platform, path=tmp_path / "missing" / "log", stream=out)
    log.info("one")
    log.error("two")
    assert ["cannot", "one", "two"] == sorted(
        line.split()[0] if line.startswith("cannot") else line.split()[-1]
        for line in out.getvalue().splitlines()
    )


def test_the_log_remembers_what_was_said_since_a_mark(grid: Grid) -> None:
    log = Logbook(grid.platform, stream=io.StringIO())
    log.info("before")
    mark = log.mark()
    log.info("after")
    assert (False, True) == ("before" in log.since(mark), "after" in log.since(mark))


def test_the_log_does_not_grow_without_end(grid: Grid) -> None:
    log = Logbook(grid.platform, stream=io.StringIO())
    mark = log.mark()
    for number in range(LINES_MAX + 10):
        log.info(str(number))
    kept = log.since(mark).splitlines()
    assert (LINES_MAX, "10") == (len(kept), kept[0].split()[-1])


def test_what_is_redundant_or_secret_stays_out_files_and_folders_alike(tmp_path: Path) -> None:
    for folder in ("geomDB", "sqlite200", "results", "tmpdata"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "file").write_text("x")
    for name in ("panda_token", "x509up-unified", "user.proxy", "a.pyc", "core.12", "kept"):
        (tmp_path / name).write_text("x")
    create(tmp_path, tmp_path / "log.tgz")
    assert ["tar/pilotlog.txt", "tar/kept", "tar/results/file"] == names(tmp_path / "log.tgz")
    assert (tmp_path / "geomDB/file").exists()


@pytest.mark.parametrize("said", ["half a character \udce2 of a tool", "caf\u00e9"])
def test_what_a_stream_cannot_show_stops_no_pilot(grid: Grid, tmp_path: Path, said: str) -> None:
    shown = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    Logbook(grid.platform, path=tmp_path / "log", stream=shown).error(said)
    expected = said.encode("ascii", "backslashreplace").decode()
    shown.seek(0)
    assert shown.read().endswith(f"| {expected}\n")
    assert (tmp_path / "log").read_bytes().endswith(said.encode("utf-8", "replace") + b"\n")
