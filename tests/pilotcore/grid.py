"""A very small grid for one pilot: a server, one storage, the tools, a payload.

Everything is a plain attribute or a plain method, so that a test changes one thing and flies.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import zlib
from itertools import pairwise
from pathlib import Path
from typing import Any
from typing import Callable
from typing import Mapping
from typing import Sequence
from urllib.parse import urlsplit

from pilotcore.data.copytools.mv import path_of
from pilotcore.data.locations import rucio_path
from pilotcore.errors import PilotError
from pilotcore.logbook import Logbook
from pilotcore.options import parse
from pilotcore.pilot import Pilot
from pilotcore.platform import Command
from pilotcore.platform import Exit
from pilotcore.platform import HttpFailure
from pilotcore.platform import Request
from pilotcore.platform import Response
from tests.pilotcore.scripted import EPOCH
from tests.pilotcore.scripted import Program
from tests.pilotcore.scripted import ScriptedChild
from tests.pilotcore.scripted import ScriptedPlatform

DOOR = "root://se.sim:1094"
ROOT = "//pnfs/rucio/"
INPUT = b"input " * 1000
HOUR = 3600.0


def adler32(data: bytes) -> str:
    return f"{zlib.adler32(data):08x}"


def turl(scope: str, lfn: str) -> str:
    return f"{DOOR}{ROOT}{rucio_path(scope, lfn)}"


def record(**changes: object) -> dict[str, object]:
    """Return a job record of one input, one output and a log."""
    return {
        "PandaID": 6001,
        "attemptNr": 3,
        "taskID": 11,
        "jobsetID": 22,
        "transformation": "http://pandaserver.sim:25085/trf/user/payload",
        "jobPars": "--events 10",
        "coreCount": 1,
        "inFiles": "in.root",
        "scopeIn": "mc",
        "GUID": "G-IN",
        "fsize": str(len(INPUT)),
        "checksum": f"ad:{adler32(INPUT)}",
        "ddmEndPointIn": "DISK",
        "outFiles": "out.root,job.log.tgz",
        "scopeOut": "mc",
        "scopeLog": "mc",
        "ddmEndPointOut": "DISK,DISK",
        "logFile": "job.log.tgz",
        "logGUID": "G-LOG",
        "realDatasets": "mc.out,mc.log",
        "cloneJob": "NULL",
        **changes,
    }


class Grid:
    """The surroundings of one pilot."""

    def __init__(self, home: Path, *, dialect: str = "legacy") -> None:
        self.home = home
        self.dialect = dialect
        self.start = home / "work"
        self.proxy = home / "x509up"
        self.proxy.write_text("-----BEGIN CERTIFICATE-----\n")
        self.proxy.chmod(0o600)
        self.env = {"X509_USER_PROXY": str(self.proxy), "PATH": "/usr/bin"}
        self.jobs: list[object] = [record()]
        self.commands: list[object] = []
        self.ranges: list[object] = []
        self.proxies: list[str] = []
        self.updates: list[dict[str, Any]] = []
        self.accepted: list[dict[str, Any]] = []
        self.storage = {turl("mc", "in.root"): INPUT}
        self.lifetimes = [96 * HOUR, 96 * HOUR]
        self.free_mb = 100_000
        self.payload_s = 2 * HOUR
        self.copy_s = 10.0
        self.touches = True
        self.platform = ScriptedPlatform(http=self.http, program=self.program)
        self.pilot: Pilot | None = None
        self.at: list[tuple[float, Callable[[], None]]] = []

    # -- flying

    def fly(self, *argv: str) -> int:
        """Let a pilot live; return its exit code."""
        options = ["-q", "QUEUE", "-a", str(self.start), "--url", "https://pandaserver.sim"]
        options += ["-g", "http://pandaserver.sim:25085/trf/user", "--dialect", self.dialect]
        options += ["--cleanup", "False", *argv]
        out = io.StringIO()
        log = Logbook(self.platform, path=self.start / "pilotlog.txt", stream=out)
        self.pilot = Pilot(
            parse(options), self.platform, log, env=self.env, node="wn1", start=self.start
        )
        codes: list[int] = []
        pilot = self.pilot
        self.platform.spawn(lambda: codes.append(pilot.run()), name="pilot")
        for delay, act in self.at:
            self.platform.spawn(lambda delay=delay, act=act: self._later(delay, act), name="at")
        self.platform.clock.run(lambda: bool(codes))
        self.log = out.getvalue()
        return codes[0]

    def _later(self, delay: float, act: Callable[[], None]) -> None:
        self.platform.sleep(delay)
        act()

    def signal_at(self, seconds: float, number: int = 15) -> None:
        """Send the pilot signal *number* after *seconds*."""
        self.at.append((seconds, lambda: self.pilot.interrupt(number)))  # type: ignore[union-attr]

    @property
    def states(self) -> list[str]:
        """Return the states of all updates that reached the server, in order."""
        return [update["state"] for update in self.updates]

    @property
    def final(self) -> dict[str, Any]:
        """Return the one final update that the server took."""
        finals = [update for update in self.accepted if update["state"] in ("finished", "failed")]
        assert finals, self.log
        assert all(final == finals[0] for final in finals)
        return finals[0]

    @property
    def xml(self) -> dict[str, dict[str, object]]:
        """Return what the final update registers."""
        return dict(json.loads(self.final.get("xml") or "{}"))

    def log_members(self) -> dict[str, str]:
        """Return name -> text of what is in the log tarball on storage."""
        with tarfile.open(fileobj=io.BytesIO(self.storage[turl("mc", "job.log.tgz")])) as tarball:
            return {
                member.name.partition("/")[2]: tarball.extractfile(member).read().decode()  # type: ignore[union-attr]
                for member in tarball.getmembers()
            }

    # -- the server

    def http(self, request: Request) -> Response:
        path = urlsplit(request.url).path
        if path.endswith(".all.json"):
            return reply(self.queue())
        if path.endswith("ddmendpoints.json"):
            return reply(self.endpoints())
        if path.startswith("/trf/"):
            return Response(200, b"#!/bin/sh\nexec payload\n")
        method = {
            "acquire_jobs": "getJob",
            "update_job": "updateJob",
            "acquire_event_ranges": "getEventRanges",
            "update_worker_status": "updateWorkerPilotStatus",
            "get_proxy": "getProxy",
        }.get(path.rpartition("/")[2], path.rpartition("/")[2])
        fields = json.loads(gzip.decompress(request.body)) if request.body else {}
        answer: Response = getattr(self, method)(fields)
        return answer

    def answer(self, code: int, **fields: object) -> Response:
        """Answer in the dialect of this grid."""
        if self.dialect == "legacy":
            return reply({"StatusCode": code, **fields})
        if code == 20:
            return reply({"success": False, "message": "No jobs in PanDA", "data": None})
        data: object = {"StatusCode": code, **fields}
        return reply({"success": True, "message": "", "data": data})

    def getJob(self, fields: Mapping[str, Any]) -> Response:
        offer = self.jobs.pop(0) if self.jobs else None
        if isinstance(offer, Response):
            return offer
        if isinstance(offer, Exception):
            raise offer
        if not isinstance(offer, dict):
            return self.answer(20)
        if self.dialect == "api":
            return self.answer(0, jobs=[{"StatusCode": 0, **offer}])
        return self.answer(0, **offer)

    def updateJob(self, fields: Mapping[str, Any]) -> Response:
        update = dict(fields)
        if self.dialect == "api":
            update["state"], update["xml"] = update["job_status"], update.get("job_output_report")
        self.updates.append(update)
        return self.take(update)

    def take(self, update: dict[str, Any]) -> Response:
        """Take an update and answer with the next command."""
        self.accepted.append(update)
        command = self.commands.pop(0) if self.commands else "NULL"
        return self.answer(0, command=command)

    def getEventRanges(self, fields: Mapping[str, Any]) -> Response:
        answer = self.ranges.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if self.dialect == "api":
            return reply({"success": True, "message": "", "data": answer})
        return self.answer(0, eventRanges=answer)

    def updateWorkerPilotStatus(self, fields: Mapping[str, Any]) -> Response:
        return self.answer(0)

    def getProxy(self, fields: Mapping[str, Any]) -> Response:
        if not self.proxies:
            return self.answer(90, errorDialog="proxy not found")
        name = "userProxy" if self.dialect == "legacy" else "user_proxy"
        return self.answer(0, **{name: self.proxies.pop(0)})

    # -- definitions

    def queue(self) -> object:
        return {
            "panda_resource": "RESOURCE",
            "state": "ACTIVE",
            "status": "online",
            "copytools": {"xrdcp": {"setup": ""}},
            "acopytools": {"read_lan": ["xrdcp"], "write_lan": ["xrdcp"], "pl": ["xrdcp"]},
            "astorages": {"write_lan": ["DISK"], "pl": ["DISK"]},
            "maxwdir": 20000,
            "corecount": 1,
            "timefloor": 0,
        }

    def endpoints(self) -> object:
        rows = [{"endpoint": DOOR, "path": ROOT, "id": 1}]
        activities = {"read_lan": rows, "write_lan": rows}
        return {"DISK": {"is_deterministic": True, "arprotocols": activities}}

    # -- programs

    def program(self, command: Command) -> Program | None:
        name = command.argv[0].replace("-", "_")
        name = "payload" if command.argv[:2] == ("/bin/bash", "-c") else name
        found: Program | None = getattr(self, f"run_{name}", None)
        return found

    def run_df(self, child: ScriptedChild) -> Exit:
        return Exit(0, 0, f"Filesystem blocks Used Available\n/dev/sda 1 1 {self.free_mb} 1% /\n")

    def run_arcproxy(self, child: ScriptedChild) -> Exit:
        now = self.platform.clock.now
        left = [max(0, int(each - now)) for each in self.lifetimes]
        ends = [int(EPOCH + each) for each in self.lifetimes]
        return Exit(0, 0, f"{ends[0]}\n{left[0]}\n{ends[1]}\n{left[1]}\n")

    def run_xrdcp(self, child: ScriptedChild) -> Exit:
        source, target = child.argv[-2:]
        child.sleep(self.copy_s)
        data = self.storage.get(source)
        if not source.startswith("root:"):
            data = Path(source).read_bytes()
        if data is None:
            return Exit(54, 0, "", "Run: [ERROR] no such file or directory\n")
        self.write(target, data)
        return Exit(0, 0, "", f"adler32: {adler32(data)} {target} {len(data)}\n")

    def run_cp(self, child: ScriptedChild) -> Exit:
        Path(path_of(child.argv[2])).write_bytes(Path(path_of(child.argv[1])).read_bytes())
        return Exit(0)

    def write(self, target: str, data: bytes) -> None:
        if target.startswith("root:"):
            self.storage[target] = data
        else:
            Path(target).write_bytes(data)

    def run_payload(self, child: ScriptedChild) -> Exit:
        assert child.command.cwd is not None
        assert child.command.stdout is not None
        child.command.stdout.write_text("payload says hello\n")
        ends = self.platform.clock.now + self.payload_s
        while self.platform.clock.now < ends:
            if self.touches:
                os.utime(child.command.stdout, (self.platform.now(),) * 2)
            child.sleep(min(1000.0, ends - self.platform.clock.now))
        (child.command.cwd / "out.root").write_bytes(b"output " * 500)
        return Exit(0)


def reply(value: object) -> Response:
    return Response(200, json.dumps(value).encode())


def lost() -> HttpFailure:
    return HttpFailure("TimeoutError: timed out", reached=True)


def refused() -> HttpFailure:
    return HttpFailure("URLError: connection refused", reached=False)


def code_of(work: Callable[[], object]) -> int:
    """Return the code of the PilotError that *work* raises; 0 if it raises none."""
    try:
        work()
    except PilotError as error:
        return error.failure.code
    return 0


def on_clock(grid: Grid, work: Callable[[], Any]) -> Any:
    """Let *work*, which may wait, run on a strand of the grid's clock; return what it returns."""
    done: list[Any] = []
    grid.platform.clock.spawn(lambda: done.append(work()))
    grid.platform.clock.run(lambda: bool(done))
    return done[0]


def gaps(moments: Sequence[float]) -> list[float]:
    return [after - before for before, after in pairwise(moments)]
