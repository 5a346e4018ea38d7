"""Limits that depend on numbers, and watchdogs that cannot see."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pilotcore.definitions import Queue
from pilotcore.platform import Exit
from pilotcore.watch import View
from pilotcore.watch.disk import WORKDIR_MAX
from pilotcore.watch.disk import Disk
from pilotcore.watch.disk import free_bytes
from pilotcore.watch.disk import size_of
from pilotcore.watch.disk import workdir_limit
from pilotcore.watch.looping import Looping
from pilotcore.watch.looping import newest
from pilotcore.watch.stdout_size import StdoutSize
from tests.pilotcore.grid import Grid
from tests.pilotcore.scripted import EPOCH


@pytest.mark.parametrize(
    ("limit", "queue_cores", "cores", "expected"),
    [
        (8000, 8, 8, 8000),
        (8000, 8, 1, 1000),
        (8000, 1, 1, 8000),
        (8000, 1, 8, 8000),
        (0, 8, 1, WORKDIR_MAX),
    ],
)
def test_a_job_has_its_share_of_the_queues_disk(
    limit: int, queue_cores: int, cores: int, expected: int
) -> None:
    queue = Queue("Q", "Q", cores=queue_cores, workdir_max=limit)
    assert expected == workdir_limit(queue, cores=cores)


def test_the_size_of_a_directory_is_that_of_all_its_files(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "a").write_bytes(b"1" * 10)
    (tmp_path / "sub/b").write_bytes(b"1" * 5)
    (tmp_path / "link").symlink_to("nowhere")
    assert 15 + len("nowhere") == size_of(tmp_path)


def test_the_newest_file_counts(tmp_path: Path) -> None:
    for name, moment in (("a", 5), ("b", 9), ("c", 7)):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (moment, moment))
    assert 9.0 == newest(tmp_path)


def test_an_empty_directory_has_no_newest_file(tmp_path: Path) -> None:
    assert 0.0 == newest(tmp_path / "missing")


@pytest.mark.parametrize(("limit", "killed"), [(0.0, True), (100.0, True), (20000.0, False)])
def test_a_job_may_ask_for_a_longer_looping_limit_only(
    grid: Grid, tmp_path: Path, limit: float, killed: bool
) -> None:
    found: list[object] = []

    def work() -> None:
        grid.platform.sleep(7200.0)
        view = View(tmp_path, 1, EPOCH)
        found.append(Looping(grid.platform, limit_s=limit).look(view))

    grid.platform.spawn(work, name="look")
    grid.platform.clock.run(lambda: bool(found))
    assert killed == (found[0] is not None)


@pytest.mark.parametrize(("size", "bad"), [(100, False), (101, True)])
def test_stdout_may_be_as_large_as_its_limit(tmp_path: Path, size: int, bad: bool) -> None:
    (tmp_path / "payload.stdout").write_bytes(b"x" * size)
    assert bad == (StdoutSize(every_s=1.0, limit=100).look(View(tmp_path, 1, 0.0)) is not None)


@pytest.mark.parametrize(
    ("said", "free"),
    [("h\n/dev/sda 1 1 7 1% /\n", 7 << 20), ("h\n", None), ("", None), ("h\na b c d\n", None)],
)
def test_the_free_space_is_what_df_says(grid: Grid, said: str, free: int | None) -> None:
    grid.run_df = lambda child: Exit(0, 0, said)  # type: ignore[method-assign]
    found: list[int | None] = []
    grid.platform.spawn(lambda: found.append(free_bytes(grid.platform, Path())), name="df")
    grid.platform.clock.run(lambda: bool(found))
    assert [free] == found


def looks(grid: Grid, tmp_path: Path, *pauses_s: float) -> list[bool]:
    """Return what a looping watchdog says after each pause: nothing was ever touched."""
    said: list[bool] = []

    def work() -> None:
        dog, view = Looping(grid.platform), View(tmp_path, 1, grid.platform.now())
        for pause_s in pauses_s:
            grid.platform.sleep(pause_s)
            said.append(dog.look(view) is not None)

    grid.platform.spawn(work, name="look")
    grid.platform.clock.run(lambda: len(said) == len(pauses_s))
    return said


def test_who_did_not_look_for_long_was_stopped_and_counts_from_then_on(
    grid: Grid, tmp_path: Path
) -> None:
    assert [False] * 7 + [True] == looks(grid, tmp_path, *[900.0] * 8)
    assert [False] * 9 + [True] == looks(grid, tmp_path, 900.0, 8400.0, *[900.0] * 8)


def test_a_directory_that_is_too_large_is_listed_for_who_reads_the_log(grid: Grid) -> None:
    grid.start.mkdir()
    (grid.start / "large").write_bytes(b"1" * 100)
    grid.run_ls = lambda _child: Exit(2)
    dog, found = Disk(grid.platform, every_s=60.0, limit=10), []
    grid.platform.spawn(lambda: found.append(dog.look(View(grid.start, 1, 0.0))), name="look")
    grid.platform.clock.run(lambda: bool(found))
    assert 1104 == found[0].code
    (command,) = [each.command for each in grid.platform.children if each.argv[0] == "ls"]
    assert grid.start / "workdir.listing.txt" == command.stdout
