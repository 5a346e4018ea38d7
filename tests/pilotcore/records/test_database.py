"""The pilot's database, and what a later pilot makes of it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from pilotcore.files import execute
from pilotcore.job import parse_job
from pilotcore.logbook import Logbook
from pilotcore.records.database import NAME
from pilotcore.records.database import Database
from pilotcore.records.database import metrics_in
from pilotcore.records.database import workflow_in
from pilotcore.recovery import ledger
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import record

JOB = parse_job(record())
PHASES = ["stage-in", "payload", "stage-out", "log", "final"]


@pytest.fixture
def log(grid: Grid) -> Logbook:
    """Return a log that is kept in memory."""
    return Logbook(grid.platform)


def database(grid: Grid, log: Logbook) -> Database:
    made = Database(grid.platform, log, directory=grid.home)
    made.status("started")
    return made


def test_a_life_is_written_down_phase_by_phase(grid: Grid, log: Logbook) -> None:
    grid.fly()
    directory = grid.start / "pilotcore_1"
    assert PHASES == workflow_in(directory, JOB, log=log)
    with sqlite3.connect(directory / NAME) as there:
        said = [row[0] for row in there.execute("SELECT status FROM pilot ORDER BY rowid")]
    assert ["started", "recovering", "working"] == said


def test_the_newest_value_of_a_metric_counts(grid: Grid, log: Logbook) -> None:
    made = database(grid, log)
    made.metrics(JOB, {"maxRSS": 5, "unit": "s"})
    made.metrics(JOB, {"maxRSS": 7})
    assert {"maxRSS": 7, "unit": "s"} == metrics_in(grid.home, JOB, log=log)


def test_a_pilot_that_cleans_up_leaves_no_database(grid: Grid) -> None:
    grid.fly("--cleanup", "True")
    assert [] == list(grid.start.rglob("*.db*"))


def test_where_none_is_wanted_there_is_none(grid: Grid) -> None:
    grid.fly("--no-database")
    assert ("finished", []) == (grid.final["state"], list(grid.start.rglob("*.db*")))


def test_a_disk_that_takes_no_database_is_said_once_and_harms_nobody(grid: Grid) -> None:
    (grid.start / "pilotcore_1").mkdir(parents=True)
    (grid.start / "pilotcore_2" / NAME).mkdir(parents=True)
    grid.start.joinpath("pilotcore_2").rename(grid.start / "kept")

    def make(directory: Path, *args: Any, **kwargs: Any) -> None:
        usual(directory, *args, **kwargs)
        if directory.name == "pilotcore_2":
            (directory / NAME).mkdir()

    usual = Path.mkdir
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "mkdir", make)
        patch.setattr(Path, "unlink", lambda *_args, **_kwargs: None)
        assert (0, "finished") == (grid.fly(), grid.final["state"])
    assert 1 == grid.log.count("no more records are kept")


def test_a_transaction_is_whole_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / NAME
    execute(path, (("CREATE TABLE t (a)", ()),))
    with pytest.raises(OSError, match="no such table"):
        execute(path, (("INSERT INTO t VALUES (1)", ()), ("INSERT INTO u VALUES (1)", ())))
    assert [(0,)] == execute(path, (("SELECT count(*) FROM t", ()),))


def left_behind(grid: Grid, log: Logbook) -> Path:
    """Leave what a pilot leaves that was killed after its payload had ended."""
    directory = grid.start / "pilotcore_1"
    work = directory / "PanDA_Pilot-6001"
    work.mkdir(parents=True)
    (work / "out.root").write_bytes(b"output")
    (directory / "pilot.lock").write_text("")
    book = ledger.begin(directory, record(), key="6001-3", log=log)
    book.note(payload_code=0, payload_began=1.0, payload_ended=2.0)
    kept = Database(grid.platform, log, directory=directory)
    kept.status("working")
    kept.phase(JOB, "payload")
    kept.metrics(JOB, {"cpuConsumptionTime": 6000, "maxRSS": 800_000, "meanCoreCount": 4})
    grid.jobs = []
    return directory


def test_what_a_dead_pilot_measured_is_reported_by_the_next(grid: Grid, log: Logbook) -> None:
    left_behind(grid, log)
    grid.fly()
    told = [grid.final[name] for name in ("cpuConsumptionTime", "maxRSS", "meanCoreCount")]
    assert ("finished", [6000, 800_000, 4]) == (grid.final["state"], told)
    assert "it came through payload" in grid.log


def test_a_database_that_is_garbage_costs_nothing_but_its_contents(
    grid: Grid, log: Logbook
) -> None:
    (left_behind(grid, log) / NAME).write_bytes(b"no database at all, really none" * 40)
    grid.fly()
    assert ("finished", False) == (grid.final["state"], "maxRSS" in grid.final)
    assert "the records of a pilot that is gone: pilot.db:" in grid.log
