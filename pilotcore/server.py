"""The PanDA server as the pilot sees it: four calls, each made once, each answer judged.

Whether and when to ask again is the caller's business (asking.py, heartbeat.py, final.py). An
HTML page, a truncated body or a record without PandaID is never taken for a job
(pilot3@a090538b:pilot/util/https.py#request2 takes any page with an ``a=b`` for one).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Mapping

from pilotcore.dialects import NO_JOBS
from pilotcore.dialects import ROLE
from pilotcore.dialects import SUCCESS
from pilotcore.dialects import Answer
from pilotcore.dialects import BadAnswer
from pilotcore.dialects import Fields
from pilotcore.dialects import read_answer
from pilotcore.dialects import write_request
from pilotcore.platform import HttpFailure
from pilotcore.platform import Platform
from pilotcore.records import Record
from pilotcore.records import panda_id_of

TIMEOUT_S = 120.0
SETTLED = ("alreadydone", "badattemptnr")


@dataclass(frozen=True)
class Offer:
    """What came of asking for a job: a *record*, or the reason why there is none.

    *lost*: the server may have handed out a job in an answer that never came.
    """

    record: Record | None = None
    empty: bool = False
    refused: bool = False
    lost: bool = False
    why: str = ""


@dataclass(frozen=True)
class Reply:
    """What came of an update: whether the server took it, and what it commands."""

    accepted: bool
    commands: tuple[str, ...] = ()
    why: str = ""


class Server:
    """Speaks one dialect to one server."""

    def __init__(self, platform: Platform, *, url: str, dialect: str, silent: bool = False) -> None:
        self._platform = platform
        self._url = url
        self._dialect = dialect
        self._silent = silent

    @property
    def has_job(self) -> bool:
        """Tell whether a job is known to be there: never, of a server that is not asked."""
        return False

    def ask_job(self, fields: Fields) -> Offer:
        """Ask once for a job."""
        try:
            answer = self._call("acquire_jobs", fields)
        except HttpFailure as failure:
            return Offer(lost=failure.reached, why=str(failure))
        except BadAnswer as bad:
            return Offer(lost=bad.lost, why=str(bad))
        return self._offer(answer)

    def update(self, fields: Fields, *, timeout_s: float = TIMEOUT_S) -> Reply:
        """Send one update of a job."""
        if self._silent:
            return Reply(True, why="updates are switched off")
        try:
            answer = self._call("update_job", fields, timeout_s=timeout_s)
        except (HttpFailure, BadAnswer) as failure:
            return Reply(False, why=str(failure))
        commands = read_commands(answer.fields.get("command"))
        # The server has its final state of the job: to repeat an update changes nothing.
        settled = any(command in SETTLED for command in commands)
        accepted = answer.code == SUCCESS or settled
        return Reply(accepted, commands, f"StatusCode {answer.code} {answer.message}".strip())

    def event_ranges(self, fields: Fields) -> tuple[object, ...]:
        """Ask once for event ranges. Raises HttpFailure, or BadAnswer if the server did not say."""
        answer = self._call("acquire_event_ranges", fields)
        if answer.code != SUCCESS:
            raise BadAnswer(f"StatusCode {answer.code} {answer.message}")
        return read_ranges(answer)

    def update_event_ranges(
        self, fields: Fields, *, timeout_s: float = TIMEOUT_S
    ) -> Mapping[str, tuple[str, ...]]:
        """Say once what became of event ranges; return the commands for jobs by their number.

        Raises HttpFailure, or BadAnswer if the server did not take it.
        """
        answer = self._call("update_event_ranges", fields, timeout_s=timeout_s)
        if answer.code != SUCCESS:
            raise BadAnswer(f"StatusCode {answer.code} {answer.message}")
        told = answer.fields.get("Command", answer.fields.get("Commands"))
        rows = told.items() if isinstance(told, dict) else ()
        return {str(job): read_commands(command) for job, command in rows}

    def proxy(self, fields: Fields) -> str:
        """Ask once for a proxy; return its PEM text. Raises HttpFailure, BadAnswer."""
        answer = self._call("get_proxy", fields)
        text = answer.fields.get("userProxy", answer.fields.get("user_proxy"))
        if answer.code != SUCCESS or not isinstance(text, str) or "-----BEGIN" not in text:
            raise BadAnswer(f"StatusCode {answer.code} {answer.message}, no proxy")
        return text

    def worker_status(self, fields: Fields) -> str:
        """Tell the status of Harvester's worker once; return what went wrong, if anything."""
        try:
            answer = self._call("update_worker_status", fields)
        except (HttpFailure, BadAnswer) as failure:
            return str(failure)
        return "" if answer.code == SUCCESS else f"StatusCode {answer.code} {answer.message}"

    def _call(self, what: str, fields: Fields, *, timeout_s: float = TIMEOUT_S) -> Answer:
        request = write_request(self._dialect, what, fields, server=self._url, timeout_s=timeout_s)
        response = self._platform.http(request)
        return read_answer(self._dialect, response)

    def _offer(self, answer: Answer) -> Offer:
        why = f"StatusCode {answer.code} {answer.message}".strip()
        if answer.code == NO_JOBS:
            return Offer(empty=True, why=why)
        if answer.code != SUCCESS:
            return Offer(refused=answer.code == ROLE, why=why)
        record = first_record(answer.fields)
        if not panda_id_of(record):
            return Offer(lost=True, why="StatusCode 0 without a PandaID")
        return Offer(record=record)


def first_record(fields: Mapping[str, object]) -> Record:
    """Return the job record of an answer: the answer itself (legacy) or the first of its jobs."""
    jobs = fields.get("jobs")
    if jobs is None:
        return fields
    if isinstance(jobs, list) and jobs and isinstance(jobs[0], dict):
        return jobs[0]
    return {}


def read_ranges(answer: Answer) -> tuple[object, ...]:
    """Return the event ranges of an answer. Raises BadAnswer if it has no list of them."""
    ranges = answer.fields.get("eventRanges", answer.fields.get("data"))
    if isinstance(ranges, str):
        ranges = _listed(ranges)
    if not isinstance(ranges, list):
        raise BadAnswer(f"no list of event ranges: {ranges!r:.80}")
    return tuple(ranges)


def _listed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


def read_commands(value: object) -> tuple[str, ...]:
    """Return the commands of an update's answer: a comma-separated text, or nothing at all.

    null, "", "NULL" and anything that is no text mean that there is none: a command that is
    null must not end the thread that reads it (pilot3@a090538b:pilot/control/job.py).
    """
    if not isinstance(value, str):
        return ()
    words = (word.strip() for word in value.split(","))
    return tuple(word for word in words if word and word.upper() != "NULL")
