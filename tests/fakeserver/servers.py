"""A small server with a clock that tests turn by hand, and jobs to put into it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from random import Random
from typing import Any

from fakeserver import InputFile
from fakeserver import Job
from fakeserver import JobSpec
from fakeserver import OutputFile
from fakeserver import PandaServer
from fakeserver import Policy
from fakeserver.dispatch import JobRequest
from fakeserver.updates import Reply
from fakeserver.updates import read_update
from simkernel import Event
from simkernel import Journal

EPOCH = 1_772_352_000.0
QUEUE = "BNL_ATLAS_1"


@dataclass
class Dial:
    """A clock: *now* is POSIX seconds."""

    now: float = EPOCH

    def read(self) -> float:
        """Return the time it shows."""
        return self.now


class Bench:
    """A server, its dial and its journal, with shorthand for what a pilot does."""

    def __init__(self, policy: Policy | None = None) -> None:
        self.dial = Dial()
        self.journal = Journal(lambda: self.dial.now - EPOCH)
        self.server = PandaServer(
            self.dial.read, self.journal, rng=Random("1/server"), policy=policy or Policy()
        )

    def of(self, what: str) -> list[Event]:
        """Return the journal's events of a kind."""
        return [event for event in self.journal.events if event.what == what]

    def path(self, panda_id: int) -> list[str]:
        """Return the states that a job went through, in order."""
        return [event["new"] for event in self.of("job.state") if event["job"] == panda_id]

    def refusals(self) -> list[str]:
        """Return why requests were refused."""
        return [event["why"] for event in self.of("job.refused")]

    def job(self, panda_id: int) -> Job:
        """Return a job."""
        return self.server.jobs[panda_id]

    def get(self, *, label: str = "managed", who: str = "pilot-1") -> int | None:
        """Ask for a job as a pilot and return its id, or None."""
        request = JobRequest(queue=QUEUE, label=label, element=QUEUE, node="wn1")
        records = self.server.dispatch(request, who=who, now=self.dial.now)
        return int(records[0]["PandaID"]) if records else None

    def say(self, panda_id: int, state: str, *, who: str = "pilot-1", **fields: Any) -> Reply:
        """Send an update as a pilot; ``attemptNr`` is 1 unless given."""
        values = {"jobId": panda_id, "state": state, "attemptNr": 1, **fields}
        return self.server.update(read_update(values), who=who, now=self.dial.now)

    def run(self, panda_id: int, *, who: str = "pilot-1") -> None:
        """Take a waiting job to running."""
        assert panda_id == self.get(who=who)
        self.say(panda_id, "starting", who=who)
        self.say(panda_id, "running", who=who)


def spec(panda_id: int, **changes: Any) -> JobSpec:
    """Return a production job with one input, one output and a log."""
    values: dict[str, Any] = {
        "queue": QUEUE,
        "task_id": 12345,
        "inputs": (InputFile("in.dat", guid="1-1", size=27019, adler32="f65bfee9"),),
        "outputs": (OutputFile("out.dat", endpoint="BNL_DATADISK"),),
        "log": OutputFile(f"{panda_id}.log.tgz", guid="2-2", endpoint="BNL_DATADISK"),
        "transformation": "http://pandaserver.sim:25085/trf/user/payload",
        "job_pars": "--flightsim-job first-job/1",
    }
    return JobSpec(panda_id, **(values | changes))


def entry(**changes: Any) -> dict[str, Any]:
    """Return one file of a report."""
    values = {
        "guid": "3-3",
        "fsize": 500,
        "adler32": "0a0b0c0d",
        "surl": "root://se.bnl.sim:1094//pnfs/out.dat",
        "endpoint": "BNL_SCRATCHDISK",
    }
    return {name: value for name, value in (values | changes).items() if value is not None}


def report(panda_id: int, *lfns: str) -> str:
    """Return the report of a final update: output and log, or the files named."""
    names = lfns or ("out.dat", f"{panda_id}.log.tgz")
    return json.dumps({lfn: entry() for lfn in names})
