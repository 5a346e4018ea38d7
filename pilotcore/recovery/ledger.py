"""How far one job has come, on disk: for whoever finds it if this pilot dies.

One file per job in the pilot's own directory, which only grows: a table of facts a line, of which
a later line counts more than an earlier one, and one that is torn not at all. They are the job's
record, how the payload ended, what has been stored and what went wrong: facts, no plans.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import Mapping

from pilotcore.data.stage_out import StoredFile
from pilotcore.errors import Failure
from pilotcore.logbook import Logbook
from pilotcore.records import Record

PREFIX = "job-"
# Fields of a record that are nobody's business on a disk.
SECRET = ("secrets", "token", "pandaSecrets")


@dataclass(frozen=True)
class Standing:
    """What is known of a job. *payload_code* is None until its payload has ended."""

    record: Record
    payload_code: int | None = None
    payload_began: float | None = None
    payload_ended: float | None = None
    failure: Failure | None = None
    stored: tuple[StoredFile, ...] = ()


@dataclass
class Ledger:
    """Keeps the standing of one job in *path*."""

    path: Path
    log: Logbook

    @property
    def directory(self) -> Path:
        """The directory of the pilot whose job it is."""
        return self.path.parent

    def note(self, **facts: Any) -> None:
        """Add *facts*, by the names of Standing. A disk that takes nothing is no failure."""
        text = json.dumps(facts, default=vars)
        try:
            with self.path.open("a", encoding="utf-8") as target:
                # A line that was torn before this one must not take it along.
                target.write(f"\n{text}\n")
        except OSError as error:
            self.log.warning(f"{self.path.name} cannot be kept: {error.strerror}")

    def close(self) -> None:
        """The job is in better hands: the final update has been kept or acknowledged."""
        self.path.unlink(missing_ok=True)


def begin(directory: Path, record: Record, *, key: str, log: Logbook) -> Ledger:
    """Return the ledger of a new job, with its *record* written."""
    ledger = Ledger(directory / f"{PREFIX}{key}.json", log)
    ledger.note(record={name: value for name, value in record.items() if name not in SECRET})
    with suppress(OSError):
        ledger.path.chmod(0o600)
    return ledger


def found(directory: Path, *, log: Logbook) -> list[tuple[Ledger, Standing]]:
    """Return the ledgers in *directory* with what they say, in order of name."""
    there = []
    for path in sorted(directory.glob(f"{PREFIX}*.json")):
        try:
            standing = _standing(_facts_in(path.read_text(encoding="utf-8")))
            there.append((Ledger(path, log), standing))
        except (OSError, ValueError, TypeError, KeyError) as error:
            log.warning(f"{path.name} cannot be read: {error}")
    return there


def _facts_in(text: str) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for line in text.splitlines():
        with suppress(ValueError):
            table = json.loads(line)
            facts.update(table if isinstance(table, dict) else {})
    return facts


def _standing(facts: Mapping[str, Any]) -> Standing:
    failure = facts.get("failure")
    return Standing(
        record=dict(facts["record"]),
        payload_code=facts.get("payload_code"),
        payload_began=facts.get("payload_began"),
        payload_ended=facts.get("payload_ended"),
        failure=Failure(failure["code"], failure["detail"]) if failure else None,
        stored=tuple(StoredFile(**each) for each in facts.get("stored", ())),
    )
