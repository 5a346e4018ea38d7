"""Final updates that nobody acknowledged, kept on disk for whoever comes next.

One file per job attempt in the directory in which pilots start. It holds the fields of the
update, no credential, and whose it is: while its pilot lives, it speaks for itself. Whoever else
finds it sends it with a credential of its own; the server takes a final update twice without
harm, so that two finders do none either.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pilotcore.dialects import Fields
from pilotcore.job import Job
from pilotcore.logbook import Logbook
from pilotcore.server import Server
from pilotcore.workplace import is_held

PREFIX = "pilotcore-final-"
FILES_MAX = 20
HOME = "workplace"
"""Beside the fields of the update: the name of the directory of the pilot that wrote it."""


@dataclass(frozen=True)
class Letter:
    """A final update on disk; *home* is the name of its pilot's directory, if that is known."""

    path: Path
    fields: Fields
    home: str


def save(directory: Path, job: Job, fields: Fields, *, home: str, log: Logbook) -> Path | None:
    """Write the final update of *job* by the pilot whose directory is called *home*.

    Returns its path, or None if the disk does not take it.
    """
    path = directory / f"{PREFIX}{job.key}.json"
    draft = path.with_suffix(".part")
    try:
        draft.write_text(json.dumps({**fields, HOME: home}), encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        log.warning(f"the final update cannot be kept on disk: {error}")
        return None
    return path


def found(directory: Path, *, log: Logbook) -> list[Letter]:
    """Return the updates that lie in *directory*, in order of name, at most FILES_MAX."""
    letters = []
    for path in sorted(directory.glob(f"{PREFIX}*.json"))[:FILES_MAX]:
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            log.warning(f"{path.name} cannot be read: {error}")
            continue
        if isinstance(fields, dict) and fields.get("jobId"):
            home = str(fields.pop(HOME, ""))
            letters.append(Letter(path, fields, home))
    return letters


def send_all(directory: Path, server: Server, *, log: Logbook) -> frozenset[str]:
    """Send once every update that a pilot left that is gone; remove those that are acknowledged.

    Returns the keys of all jobs that have one, for which nothing else is to be said.
    """
    there = found(directory, log=log)
    for letter in there:
        if letter.home and is_held(directory / letter.home):
            log.info(f"{letter.path.name} is of a pilot that lives")
            continue
        reply = server.update(letter.fields)
        log.info(f"{letter.path.name}: {'taken' if reply.accepted else reply.why}")
        if reply.accepted:
            discard(letter.path)
    return frozenset(letter.path.stem[len(PREFIX) :] for letter in there)


def discard(path: Path | None) -> None:
    """Remove an update that has been acknowledged."""
    if path is not None:
        path.unlink(missing_ok=True)
