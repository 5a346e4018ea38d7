"""How far one job has come, on disk: for whoever finds it if this pilot dies.

One file per job in the pilot's own directory, replaced as a whole each time. It holds the job's
record, how the payload ended, what has been stored and what went wrong: facts, no plans.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from dataclasses import field
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
    facts: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def directory(self) -> Path:
        """The directory of the pilot whose job it is."""
        return self.path.parent

    def note(self, **facts: Any) -> None:
        """Add *facts*, by the names of Standing. A disk that takes nothing is no failure."""
        self.facts.update(facts)
        # The record is large and stays the same: only what is new is written out anew.
        self.texts.update({name: json.dumps(each, default=vars) for name, each in facts.items()})
        draft = self.path.with_suffix(".part")
        try:
            draft.write_text(self._text(), encoding="utf-8")
            draft.chmod(0o600)
            draft.replace(self.path)
        except OSError as error:
            self.log.warning(f"{self.path.name} cannot be kept: {error.strerror}")

    def _text(self) -> str:
        rows = (f'"{name}": {text}' for name, text in self.texts.items())
        return "{" + ", ".join(rows) + "}"

    def close(self) -> None:
        """The job is in better hands: the final update has been kept or acknowledged."""
        self.path.unlink(missing_ok=True)


def begin(directory: Path, record: Record, *, key: str, log: Logbook) -> Ledger:
    """Return the ledger of a new job, with its *record* written."""
    ledger = Ledger(directory / f"{PREFIX}{key}.json", log)
    ledger.note(record={name: value for name, value in record.items() if name not in SECRET})
    return ledger


def found(directory: Path, *, log: Logbook) -> list[tuple[Ledger, Standing]]:
    """Return the ledgers in *directory* with what they say, in order of name."""
    there = []
    for path in sorted(directory.glob(f"{PREFIX}*.json")):
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
            standing = _standing(facts)
            there.append((_again(path, facts, log), standing))
        except (OSError, ValueError, TypeError, KeyError) as error:
            log.warning(f"{path.name} cannot be read: {error}")
    return there


def _again(path: Path, facts: Mapping[str, Any], log: Logbook) -> Ledger:
    texts = {name: json.dumps(each) for name, each in facts.items()}
    return Ledger(path, log, dict(facts), texts)


def _standing(facts: Mapping[str, Any]) -> Standing:
    if not isinstance(facts, dict):
        raise TypeError("no table")
    failure = facts.get("failure")
    return Standing(
        record=dict(facts["record"]),
        payload_code=facts.get("payload_code"),
        payload_began=facts.get("payload_began"),
        payload_ended=facts.get("payload_ended"),
        failure=Failure(failure["code"], failure["detail"]) if failure else None,
        stored=tuple(StoredFile(**each) for each in facts.get("stored", ())),
    )
