"""What a job has otherwise than its queue: values in its parameters that go before the definitions.

A job that tests something before it is production says so itself: ``--overwriteQueueData {…}`` and
``--overwriteStorageData {…}`` with a table as Python or JSON writes one, or, as pilot 1 had it,
``--overwriteQueuedata={name=value,name=value}``. They hold for this job alone, and its payload does
not see them. One that cannot be read fails the job: it was not meant to run as production.
Read from pilot3@a090538b:pilot/info/jobdata.py#clean__jobparams, jobinfo.py (which throws away the
form of pilot 1).
"""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Mapping

from pilotcore.definitions import clean
from pilotcore.definitions import parse_queue
from pilotcore.definitions import parse_storages
from pilotcore.errors import PilotError
from pilotcore.job import Job
from pilotcore.kit import Kit

UNREADABLE = 1302
OPTION = re.compile(r"(?:^|\s)--(overwriteQueue[Dd]ata|overwriteStorage[Dd]ata)(?:=|\s+)")

Table = Mapping[str, object]


@dataclass(frozen=True)
class Overrides:
    """What is left of the *parameters*, and the values for the queue and for storages."""

    parameters: str
    queue: Table = field(default_factory=dict)
    storages: Table = field(default_factory=dict)


def taken_out(parameters: str) -> Overrides:
    """Return *parameters* without their overrides, and these. Raises PilotError (1302)."""
    found: dict[str, dict[str, object]] = {"queue": {}, "storage": {}}
    while (option := OPTION.search(parameters)) is not None:
        end = _end_of(parameters, option.end())
        which = "queue" if option[1].lower().startswith("overwritequeue") else "storage"
        found[which].update(_table(parameters[option.end() : end]))
        parameters = parameters[: option.start()] + parameters[end:]
    return Overrides(parameters.strip(), found["queue"], found["storage"])


def _end_of(text: str, begin: int) -> int:
    """Return where the table that begins at *begin* ends, with the quotes around it if any."""
    quote = text[begin : begin + 1] if text[begin : begin + 1] in ("'", '"') else ""
    depth = 0
    for at in range(begin, len(text)):
        depth += (text[at] == "{") - (text[at] == "}")
        if depth == 0 and text[at] == "}":
            return at + 1 + len(quote)
    raise PilotError(UNREADABLE, f"an override without an end: {text[begin:]:.60}")


def _table(text: str) -> dict[str, object]:
    inside = text if text[:1] == "{" else text[1:-1]
    for read in (ast.literal_eval, json.loads, _pairs):
        try:
            value = read(inside)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        if isinstance(value, dict) and all(isinstance(key, str) for key in value):
            return value
    raise PilotError(UNREADABLE, f"an override that cannot be read: {text:.60}")


def _pairs(text: str) -> dict[str, object]:
    """Return the values of ``{name=value,name=value}``, all of them texts. Raises ValueError."""
    words = [word.partition("=") for word in text.strip()[1:-1].split(",") if word.strip()]
    if not all(mark and clean(name) for name, mark, _ in words):
        raise ValueError(text)
    return {clean(name): clean(value) for name, _, value in words}


def kit_for(kit: Kit, job: Job) -> Kit:
    """Return *kit* as it is for *job*. Raises PilotError (1302, 1117) if it cannot be so."""
    said = taken_out(job.parameters)
    if said.storages:
        kit = replace(kit, storages={**kit.storages, **parse_storages(said.storages)})
    if not said.queue:
        return kit
    kit.log.info(f"the job has otherwise than its queue: {', '.join(said.queue)}")
    queue = parse_queue({**kit.queue.raw, **said.queue}, kit.queue.name)
    queue = kit.experiment.queue_of(queue, kit.site)
    return replace(kit, queue=queue, site=replace(kit.site, queue=queue))


def job_without(job: Job) -> Job:
    """Return *job* as its payload sees it: without its overrides."""
    return replace(job, parameters=taken_out(job.parameters).parameters)
