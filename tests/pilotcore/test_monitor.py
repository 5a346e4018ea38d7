"""prmon beside a payload: there while it runs, never after, and nothing of the payload's."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

from pilotcore.logbook import Logbook
from pilotcore.platform import Exit
from pilotcore.watch import View
from pilotcore.watch.monitor import STARTS_MAX
from pilotcore.watch.monitor import SUMMARY
from pilotcore.watch.monitor import Monitor
from pilotcore.watch.monitor import prmon_of
from tests.pilotcore.grid import Grid
from tests.pilotcore.scripted import ScriptedChild

Steps = Callable[[Monitor, Grid], object]


def watched(grid: Grid, tmp_path: Path, steps: Steps, *, lives_s: float) -> object:
    """Take *steps* with the monitor of a payload; each prmon lives for *lives_s*, then fails."""

    def prmon(child: ScriptedChild) -> Exit:
        assert child.command.cwd is not None
        (child.command.cwd / SUMMARY).write_text("{}")
        child.sleep(lives_s)
        return Exit(1)

    grid.run_prmon = prmon  # type: ignore[attr-defined]
    log = Logbook(grid.platform, path=tmp_path / "pilotlog.txt")
    (tmp_path / "job").mkdir()
    monitor = Monitor(
        grid.platform,
        log,
        program=Path("prmon"),
        target=tmp_path / "job",
        folder=tmp_path / "job.monitor",
    )
    done: list[object] = []
    grid.platform.spawn(lambda: done.append(steps(monitor, grid)), name="steps")
    grid.platform.clock.run(lambda: bool(done))
    return done[0]


def look(monitor: Monitor, grid: Grid, times: int) -> None:
    for _ in range(times):
        assert monitor.look(View(Path(), 17, 0.0)) is None
        grid.platform.sleep(60.0)


def test_one_prmon_watches_the_payload(grid: Grid, tmp_path: Path) -> None:
    watched(grid, tmp_path, lambda monitor, _: look(monitor, grid, 10), lives_s=1e6)
    (child,) = grid.platform.ran("prmon")
    assert ("--pid", "17") == child.argv[1:3]


def test_one_that_dies_is_started_again_a_few_times(grid: Grid, tmp_path: Path) -> None:
    watched(grid, tmp_path, lambda monitor, _: look(monitor, grid, 20), lives_s=90.0)
    assert STARTS_MAX == len(grid.platform.ran("prmon"))


def test_at_the_end_it_is_gone_and_its_summary_is_the_jobs(grid: Grid, tmp_path: Path) -> None:
    def steps(monitor: Monitor, grid: Grid) -> int:
        look(monitor, grid, 2)
        return monitor.end()

    assert 128 + 10 == watched(grid, tmp_path, steps, lives_s=1e6)
    assert "{}" == (tmp_path / "job" / SUMMARY).read_text()
    assert not (tmp_path / "job.monitor").exists()


def test_without_a_look_there_is_nothing_to_end(grid: Grid, tmp_path: Path) -> None:
    assert 0 == watched(grid, tmp_path, lambda monitor, _: monitor.end(), lives_s=1.0)


def test_prmon_is_that_of_the_sites_software() -> None:
    place = "atlas.cern.ch/repo/ATLASLocalRootBase/x86_64/prmon/current/bin/prmon"
    assert Path("/cvmfs", place) == prmon_of({})
    assert Path("/srv/cvmfs", place) == prmon_of({"ATLAS_SW_BASE": "/srv/cvmfs"})
