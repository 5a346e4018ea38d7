"""Journals made up for tests: a story told step by step becomes a Flight.

    flight = story().pilot().dispatch(job=1, at=0).update("running", at=10).flight()

Steps may be told in any order; events are sorted by time, then by the order of telling.
"""

from __future__ import annotations

from typing import Any

from harness.record import Flight
from simkernel import Event

ENDPOINT = "BNL_DATADISK"
FOLDER = "/pnfs/usatlas/rucio"
DOOR = "root://se.bnl.sim:1094/"
SERVER = "pandaserver.sim"
SIZE = 1000
CHECKSUM = "0a0b0c0d"
YES = {"StatusCode": 0, "command": "NULL"}
HEARTBEAT_S = 1800


class Story:
    """A journal in the making; *job* and *pilot* default to those of the last dispatch."""

    def __init__(self) -> None:
        self._events: list[tuple[float, int, str, str, dict[str, Any]]] = []
        self._ids = 0
        self._job: int | str = 1
        self._pilot = "pilot-1"
        self._states: dict[int | str, str] = {}
        self._pilot_of: dict[int | str, str] = {}

    def add(self, what: str, *, who: str = "server", at: float = 0.0, **fields: Any) -> Story:
        """Add one event as it is."""
        self._events.append((float(at), len(self._events), who, what, fields))
        return self

    def flight(self) -> Flight:
        """Return what was told so far."""
        told = sorted(self._events, key=lambda event: event[:2])
        events = [
            Event(t, n, who, what, fields) for n, (t, _, who, what, fields) in enumerate(told)
        ]
        return Flight({"journal": 1, "scenario": "story", "seed": 7}, tuple(events))

    # -- the batch system and the pilot

    def pilot(self, name: str = "pilot-1", *, at: float = 0.0) -> Story:
        """Start a pilot."""
        self._pilot = name
        self.add("batch.submit", who="batch", at=at, pilot=name, queue="Q", node="n1", walltime_s=0)
        self.add("batch.start", who="batch", at=at, pilot=name)
        return self.add("pilot.start", who=name, at=at, pilot=name, argv=["pilot.py"], cwd="/srv")

    def signal(
        self, signal: object, *, at: float, reason: str = "walltime", pilot: str = ""
    ) -> Story:
        """Have the batch system signal a pilot."""
        name = pilot or self._pilot
        return self.add(
            "batch.signal", who="batch", at=at, pilot=name, signal=signal, reason=reason
        )

    def leave(self, *, at: float, code: int | None = 0, signal: int = 0, pilot: str = "") -> Story:
        """End a pilot."""
        name = pilot or self._pilot
        self.add("pilot.exit", who=name, at=at, pilot=name, code=code, signal=signal)
        return self.add("batch.end", who="batch", at=at, pilot=name, code=code, reason="exited")

    def end(self, *, at: float, reason: str = "done") -> Story:
        """End the flight."""
        return self.add("flight.end", who="world", at=at, reason=reason)

    # -- the server

    def define(self, job: int | str = 1, *, kind: str = "production", **fields: Any) -> Story:
        """Define a job with one output and a log, unless *fields* say otherwise."""
        files = {"outFiles": f"out.{job},log.{job}.tgz", "logFile": f"log.{job}.tgz"}
        self._states[job] = "activated"
        return self.add("job.defined", job=job, kind=kind, attempt=1, fields={**files, **fields})

    def dispatch(
        self,
        job: int | str = 1,
        *,
        at: float = 0.0,
        pilot: str = "pilot-1",
        attempt: int = 1,
        reply: str = "yes",
    ) -> Story:
        """Hand a job to a pilot; *reply* is yes, lost or open (the answer never comes)."""
        self._job, self._pilot, self._pilot_of[job] = job, pilot, pilot
        if job not in self._states:
            self.define(job)
        number = self._ask("acquire_jobs", {"siteName": "Q"}, at=at)
        self.add("job.dispatched", at=at, job=job, pilot=pilot, attempt=attempt)
        self.state("sent", at=at, by=pilot, attempt=attempt)
        return self._reply(number, {"StatusCode": 0, "PandaID": job}, at=at, reply=reply)

    def state(
        self,
        new: str,
        *,
        at: float,
        by: str = "",
        job: int | str = "",
        attempt: int = 1,
        **more: Any,
    ) -> Story:
        """Change the state that the server has for a job."""
        job = job or self._job
        old, self._states[job] = self._states.get(job), new
        fields = {"job": job, "old": old, "new": new, "by": by or self._pilot, "attempt": attempt}
        return self.add("job.state", at=at, **{**fields, "reason": "", **more})

    def update(
        self,
        state: str,
        *,
        at: float,
        job: int | str = "",
        pilot: str = "",
        reply: str = "yes",
        took_s: float = 0.1,
        answer: object = None,
        **fields: Any,
    ) -> Story:
        """Send an update of a job.

        *reply* is yes, lost (the answer), gone (the request), open (no answer), hang (nothing),
        or an HTTP status
        that says that nothing was done.
        """
        job, who = job or self._job, pilot or self._pilot
        body = {"jobId": job, "state": state, **fields}
        number = self._ask("update_job", body, at=at, who=who)
        if reply in ("yes", "lost", "open"):
            self.add("job.update", at=at, job=job, pilot=who, state=state, attempt=1, fields=body)
        said = YES if answer is None else answer
        return self._reply(number, said, at=at + took_s, reply=reply, who=who)

    def final(self, state: str, *, at: float, register: bool = True, **fields: Any) -> Story:
        """Send a final update, which the server accepts: files registered, state settled."""
        job = fields.get("job") or self._job
        said = (
            {} if state == "finished" else {"pilotErrorCode": 1305, "pilotErrorDiag": "it failed"}
        )
        self.update(state, at=at, **{**said, **fields})
        self.state("holding", at=at, job=job, by=fields.get("pilot", ""))
        names = [f"out.{job}", f"log.{job}.tgz"] if state == "finished" else [f"log.{job}.tgz"]
        for lfn in names if register else []:
            self.register(lfn, at=at, job=job)
        return self.state(state, at=at, job=job, by="adder")

    def register(self, lfn: str, *, at: float, **fields: Any) -> Story:
        """Register a file."""
        known = {"job": self._job, "lfn": lfn, "guid": "g", "bytes": SIZE, "adler32": CHECKSUM}
        place = {"surl": f"{DOOR}{FOLDER}/{lfn}", "endpoint": ENDPOINT}
        return self.add("file.registered", at=at, **{**known, **place, **fields})

    # -- the node and the storage

    def store(
        self, lfn: str, *, at: float, bytes: int = SIZE, adler32: str = CHECKSUM, **fields: Any
    ) -> Story:
        """Copy a file to storage with success, in one instant."""
        who, target = self._pilot, f"{DOOR}{FOLDER}/{lfn}"
        self._ids += 1
        begin = {"id": self._ids, "tool": "xrdcp", "source": f"/srv/tmp/{lfn}", "target": target}
        self.add("transfer.begin", who=who, at=at, bytes=bytes, **begin)
        write = {"endpoint": ENDPOINT, "path": f"{FOLDER}/{lfn}", "adler32": adler32, "by": who}
        self.add("storage.write", who=ENDPOINT, at=at, bytes=bytes, **{**write, **fields})
        done = {"id": self._ids, "code": 0, "bytes": bytes, "seconds": 0.0, "why": ""}
        return self.add("transfer.end", who=who, at=at, **done)

    def copy(self, lfn: str, *, at: float, until: float | None, code: int = 1) -> Story:
        """Try to copy a file from *at* to *until* (None: for ever), without success."""
        self._ids += 1
        begin = {"id": self._ids, "tool": "dccp", "source": f"/srv/tmp/{lfn}", "target": "x"}
        self.add("transfer.begin", who=self._pilot, at=at, bytes=SIZE, **begin)
        if until is not None:
            end = {"id": self._ids, "code": code, "bytes": 0, "seconds": until - at, "why": "no"}
            self.add("transfer.end", who=self._pilot, at=until, **end)
        return self

    def process(
        self,
        *argv: str,
        pid: int,
        at: float,
        owner: str = "",
        until: float | None = None,
        code: int = 0,
    ) -> Story:
        """Run a process on the node, from *at* to *until* (None: it never ends)."""
        known = {"pid": pid, "ppid": 1, "pgid": pid, "owner": owner or self._pilot}
        self.add("process.start", who="n1", at=at, argv=list(argv), **known)
        if until is not None:
            self.add("process.exit", who="n1", at=until, pid=pid, code=code, signal=0)
        return self

    def payload(
        self, *, at: float, until: float | None, code: int = 0, job: int | str = "", pid: int = 4100
    ) -> Story:
        """Run a payload."""
        job = job or self._job
        owner = self._pilot_of.get(job, self._pilot)
        self.process("flightsim-payload", pid=pid, at=at, until=until, code=code, owner=owner)
        self.add("payload.start", who="n1", at=at, job=job, pid=pid)
        if until is not None:
            self.add("payload.end", who="n1", at=until, job=job, pid=pid, code=code, signal=0)
        return self

    # -- requests

    def _ask(self, endpoint: str, fields: dict[str, Any], *, at: float, who: str = "") -> int:
        self._ids += 1
        known = {"id": self._ids, "host": SERVER, "port": 25443, "method": "POST", "path": "/"}
        more = {"endpoint": endpoint, "fields": fields, "bytes": 1, "tls": True}
        self.add("http.request", who=who or self._pilot, at=at, **known, **more)
        return self._ids

    def _reply(self, number: int, said: object, *, at: float, reply: str, who: str = "") -> Story:
        name = who or self._pilot
        if reply in ("open", "hang"):
            return self
        if reply in ("lost", "gone"):
            return self.add("http.lost", who=name, at=at, id=number, why="reset")
        status, fields = (200, said) if reply == "yes" else (int(reply), "Service Unavailable")
        return self.add(
            "http.answer", who=name, at=at, id=number, status=status, fields=fields, bytes=1
        )


def story() -> Story:
    """Return a story in which nothing has happened yet."""
    return Story()


def healthy(*, hours: int = 2) -> Story:
    """Return the story of one job that does all things well, without its end.

    The payload runs from 60 s for *hours* with a heartbeat every 1800 s; the output and the log
    are stored, then comes 'finished'. Tell ``.leave`` and ``.end`` to complete it.
    """
    told = story().pilot().dispatch(job=1, at=5).update("starting", at=10).state("starting", at=10)
    told.update("running", at=60).state("running", at=60)
    done = 60 + hours * 3600
    told.payload(at=60, until=done)
    for at in range(60 + HEARTBEAT_S, done, HEARTBEAT_S):
        told.update("running", at=at)
    told.store("out.1", at=done + 10).store("log.1.tgz", at=done + 20)
    return told


def done_s(*, hours: int = 2) -> float:
    """Return when the log of the healthy story of *hours* is stored, in seconds."""
    return 60 + hours * 3600 + 20


def complete(*, hours: int = 2) -> Story:
    """Return the healthy story told to its end."""
    last = done_s(hours=hours)
    told = healthy(hours=hours).final("finished", at=last + 5)
    return told.leave(at=last + 60).end(at=last + 61)


def texts(findings: list[Any]) -> list[str]:
    """Return the texts of findings."""
    return [finding.text for finding in findings]
