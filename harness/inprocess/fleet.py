"""Many pilots against one server, in one process and one thread.

*concurrent* slots each run one pilot after the other until *lifecycles* pilots have lived. A
pilot is the whole of pilotcore.pilot.Pilot with a node and a log of its own; the first ones
begin one after the other within *spread_s*.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from random import Random
from typing import Any
from typing import Callable

from fakeserver import InputFile
from fakeserver import JobSpec
from fakeserver import OutputFile
from fakeserver import PandaServer
from fakeserver.states import State
from harness.inprocess.hub import Hub
from harness.inprocess.model import PROXY_PATH
from harness.inprocess.model import START
from harness.inprocess.model import ModelNode
from harness.inprocess.model import Serve
from harness.inprocess.model import Shared
from harness.inprocess.routes import Direct
from pilotcore import VERSION
from pilotcore.data.locations import rucio_path
from pilotcore.logbook import Logbook
from pilotcore.options import Options
from pilotcore.options import parse
from pilotcore.pilot import Pilot
from simkernel import Clock
from simkernel import Journal

EPOCH = 1_772_352_000.0
QUEUE = "MODEL"
STORAGE = "MODEL_DATADISK"
DOOR = "root://se.sim:1094"
PLACE = "//pnfs/rucio/"
SERVER = "http://pandaserver.sim:25080"
CACHE = "http://pandaserver.sim:25085"
AGENT = f"pilotcore/{VERSION}"
INPUT_SIZE = 100_000_000
INPUT_ADLER32 = "17100001"


@dataclass(frozen=True, slots=True)
class Plan:
    """How many pilots, and what each job is; times in seconds, sizes in bytes."""

    concurrent: int = 100
    lifecycles: int = 100
    payload_s: float = 3600.0
    spread_s: float = 3600.0
    watch_s: float = 1800.0
    heartbeat_s: float = 1800.0
    output_size: int = 50_000_000
    dialect: str = "legacy"
    seed: int = 1


class Quiet:
    """A stream that nobody reads."""

    def write(self, text: str) -> int:
        """Take *text*."""
        return len(text)

    def flush(self) -> None:
        """Do nothing."""


class Fleet:
    """One world of many pilots. *route* makes the way to the server."""

    def __init__(self, plan: Plan, route: Callable[[PandaServer], Serve] | None = None) -> None:
        self.plan = plan
        self.clock = Clock(epoch=EPOCH)
        self.hub = Hub(self.clock)
        self.journal = Journal(lambda: self.clock.now)
        self.journal.seal()
        self.server = self._server()
        serve = Direct(self.server, agent=AGENT) if route is None else route(self.server)
        self.shared = Shared(self.hub, serve)
        turl = f"{DOOR}{PLACE}{rucio_path('mc', 'in.root')}"
        self.shared.inputs[turl] = INPUT_SIZE, adler32_of_zeros(INPUT_SIZE)
        self.options = self._options()
        self.begun = 0
        self.ended = 0
        self.codes: dict[int, int] = {}
        self._digest = hashlib.sha256()

    def run(self, until: Callable[[], bool] | None = None) -> None:
        """Run until every pilot has lived, or until *until* says so."""
        over = until or self.is_over
        gap_s = self.plan.spread_s / max(1, self.plan.concurrent)
        if not self.begun:
            for number in range(min(self.plan.concurrent, self.plan.lifecycles)):
                self.hub.at(number * gap_s, self._begin)
        step = self.clock.step
        while not over():
            step()

    def is_over(self) -> bool:
        """Tell whether every pilot has lived."""
        return self.ended >= self.plan.lifecycles

    def identity(self) -> str:
        """Return a digest of who ended when and how, and of the server's jobs."""
        digest = self._digest.copy()
        for job in self.server.jobs.values():
            digest.update(f"{job.panda_id} {job.state} {job.updated_at}\n".encode())
        return digest.hexdigest()

    def states(self) -> dict[State, int]:
        """Return how many jobs are in which state."""
        count: dict[State, int] = {}
        for job in self.server.jobs.values():
            count[job.state] = count.get(job.state, 0) + 1
        return count

    def _begin(self, _moment: Any) -> None:
        if self.begun >= self.plan.lifecycles:
            return
        self.begun += 1
        name = f"p{self.begun}"
        self.server.define_job(self.job(self.begun))
        node = ModelNode(self.shared, name)
        log = Logbook(node, shown=False)
        env = {"X509_USER_PROXY": PROXY_PATH, "PATH": "/usr/bin:/bin"}
        pilot = Pilot(
            self.options,
            node,
            log,
            env=env,
            node=name,
            start=node.path(START),
        )
        self.hub.spawn(lambda: self._live(name, pilot))

    def _live(self, name: str, pilot: Pilot) -> None:
        code = pilot.run()
        self.ended += 1
        self.codes[code] = self.codes.get(code, 0) + 1
        self._digest.update(f"{name} {code} {self.clock.now:.6f}\n".encode())
        self._begin(None)

    def job(self, number: int) -> JobSpec:
        """Return the job that the *number*-th pilot gets."""
        plan = self.plan
        output = f"out.{number}.root"
        line = f"--seconds {plan.payload_s:.0f} --output {output} {plan.output_size}"
        return JobSpec(
            number,
            QUEUE,
            task_id=1 + number // 1000,
            inputs=(
                InputFile(
                    "in.root",
                    scope="mc",
                    guid="1-1",
                    size=INPUT_SIZE,
                    adler32=adler32_of_zeros(INPUT_SIZE),
                    endpoint=STORAGE,
                ),
            ),
            outputs=(OutputFile(output, scope="mc", endpoint=STORAGE),),
            log=OutputFile(f"{number}.log.tgz", scope="mc", guid=f"2-{number}", endpoint=STORAGE),
            transformation=f"{CACHE}/trf/user/payload",
            job_pars=line,
            core_count=1,
            user="/DC=sim/CN=User",
        )

    def _server(self) -> PandaServer:
        made = PandaServer(self.clock.wall, self.journal, rng=Random(f"{self.plan.seed}/server"))
        made.queues[QUEUE] = {
            "panda_resource": QUEUE,
            "state": "ACTIVE",
            "status": "online",
            "copytools": {"xrdcp": {"setup": ""}},
            "acopytools": {"read_lan": ["xrdcp"], "write_lan": ["xrdcp"], "pl": ["xrdcp"]},
            "astorages": {name: [STORAGE] for name in ("read_lan", "write_lan", "pl")},
            "maxwdir": 20000,
            "maxrss": 4000,
            "corecount": 1,
            "timefloor": 0,
        }
        rows = [{"endpoint": DOOR, "path": PLACE, "id": 1}]
        made.endpoints = {
            STORAGE: {
                "is_deterministic": True,
                "type": "DATADISK",
                "arprotocols": {"read_lan": rows, "write_lan": rows},
            }
        }
        return made

    def _options(self) -> Options:
        plan = self.plan
        argv = ["-q", QUEUE, "-j", "managed", "-a", START, "--url", SERVER]
        argv += ["--dialect", plan.dialect, "--watch", f"{plan.watch_s}"]
        argv += ["--heartbeat", f"{plan.heartbeat_s}"]
        return parse(argv)


def adler32_of_zeros(size: int) -> str:
    """Return the adler32 of *size* zero bytes."""
    return f"{(size % 65521) << 16 | 1:08x}"
