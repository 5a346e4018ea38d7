"""The pilot's database: its status, the workflow of its jobs and their metrics, in one file.

One sqlite3 file in the pilot's own directory, in the place of a dump file for each thing that
somebody may want to know. Each entry is a transaction of its own: whoever kills the pilot leaves a
database that can be read, and the pilot that finds the job later reports what was used. What the
disk does not take is missing from it and from nothing else. It goes when its pilot does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Mapping

from pilotcore.files import Row
from pilotcore.files import Statement
from pilotcore.files import execute
from pilotcore.job import Job
from pilotcore.logbook import Logbook
from pilotcore.platform import Platform

NAME = "pilot.db"
TABLES: tuple[Statement, ...] = (
    ("CREATE TABLE IF NOT EXISTS pilot (at REAL, status TEXT)", ()),
    ("CREATE TABLE IF NOT EXISTS workflow (at REAL, job INTEGER, attempt INTEGER, phase TEXT)", ()),
    (
        "CREATE TABLE IF NOT EXISTS metric (job INTEGER, attempt INTEGER, name TEXT, value,"
        " at REAL, PRIMARY KEY (job, attempt, name))",
        (),
    ),
)
ADD_STATUS = "INSERT INTO pilot VALUES (?, ?)"
ADD_PHASE = "INSERT INTO workflow VALUES (?, ?, ?, ?)"
ADD_METRIC = "INSERT OR REPLACE INTO metric VALUES (?, ?, ?, ?, ?)"
METRICS = "SELECT name, value FROM metric WHERE job = ? AND attempt = ? ORDER BY name"
WORKFLOW = "SELECT phase, at FROM workflow WHERE job = ? AND attempt = ? ORDER BY rowid"


class Database:
    """Keeps one pilot's records in *directory*; *kept* False: keeps nothing."""

    def __init__(
        self, platform: Platform, log: Logbook, *, directory: Path, kept: bool = True
    ) -> None:
        self._platform = platform
        self._log = log
        self._path = directory / NAME
        self._kept = kept

    def status(self, text: str) -> None:
        """Note what the pilot does now; the first note makes the database."""
        self._run(*TABLES, (ADD_STATUS, (self._platform.now(), text)))

    def phase(self, job: Job, phase: str) -> None:
        """Note that *job* has entered *phase*."""
        row = (self._platform.now(), job.panda_id, job.attempt, phase)
        self._run((ADD_PHASE, row))

    def metrics(self, job: Job, values: Mapping[str, object]) -> None:
        """Note the newest values of metrics of *job*."""
        now = self._platform.now()
        rows = ((job.panda_id, job.attempt, name, value, now) for name, value in values.items())
        self._run(*((ADD_METRIC, row) for row in rows))

    def remove(self) -> None:
        """Take the file away."""
        self._path.unlink(missing_ok=True)

    def _run(self, *statements: Statement) -> None:
        if not self._kept or not statements:
            return
        try:
            execute(self._path, statements)
        except OSError as error:
            self._kept = False
            self._log.warning(f"no more records are kept: {error}")


def metrics_in(directory: Path, job: Job, *, log: Logbook) -> dict[str, object]:
    """Return the metrics of *job* that the pilot of *directory* has noted, if it has any."""
    rows = _read(directory, METRICS, job, log)
    return {str(name): value for name, value in rows}


def workflow_in(directory: Path, job: Job, *, log: Logbook) -> list[str]:
    """Return the phases of *job* that the pilot of *directory* has noted, in their order."""
    return [str(phase) for phase, _ in _read(directory, WORKFLOW, job, log)]


def _read(directory: Path, question: str, job: Job, log: Logbook) -> list[Row]:
    path = directory / NAME
    if not path.is_file():
        return []
    try:
        return execute(path, ((question, (job.panda_id, job.attempt)),))
    except OSError as error:
        log.warning(f"the records of a pilot that is gone: {error}")
        return []
