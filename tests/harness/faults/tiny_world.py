"""A world just big enough for faults: real ground and real node parts, the rest in miniature."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from signal import SIGCONT
from signal import SIGSTOP
from typing import Any
from typing import Callable
from typing import Generator
from typing import Mapping

import simpy

from fakesites.contents import content_of
from fakesites.credentials import Credential
from fakesites.node import Node
from fakesites.recipes import fqans_of
from fakesites.recipes import make_proxy
from fakesites.storage import Door
from fakesites.storage import DoorCall
from fakesites.storage import StorageElement
from fakesites.storage import Storages
from fakesites.storage import Volume
from harness.events import PILOT_EXIT
from harness.events import PILOT_START
from harness.faults import Fuse
from harness.faults import install_faults
from harness.proxy_file import ProxyFile
from harness.scenario import FaultPlan
from harness.triggers import Trigger
from simkernel import Clock
from simkernel import Journal
from simkernel import Network
from simkernel import Points
from simkernel import Request
from simkernel import Response
from simkernel import Streams
from simkernel.network import Service

EPOCH = 1_772_000_000.0
SERVER = "pandaserver.sim"
Work = Generator[Any, Any, Any]


@dataclass
class TinyCall:
    """A call of a tool."""

    argv: tuple[str, ...]
    node: Node
    pid: int = 0
    cwd: str = "/srv/work"
    owner: str = "pilot-1"
    printed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def out(self, text: str) -> None:
        self.printed.append(text)

    def err(self, text: str) -> None:
        self.errors.append(text)


@dataclass
class TinySite:
    storages: Storages


@dataclass
class TinyServer:
    """A server that counts what takes effect."""

    queues: dict[str, dict[str, Any]]
    effects: int = 0
    body: bytes = b'{"StatusCode": 0, "command": "NULL", "PandaID": 7}'


@dataclass
class TinyBatch:
    """A batch system that remembers what was done to pilots."""

    clock: Clock
    deeds: list[tuple[float, str, int, float]] = field(default_factory=list)

    def preempt(self, pilot: str, *, notice_s: float, signal: int) -> None:
        self.deeds.append((self.clock.now, pilot, signal, notice_s))

    def rerun(self, pilot: str) -> None:
        self.deeds.append((self.clock.now, pilot, 0, 0.0))

    def suspend(self, pilot: str) -> None:
        self.deeds.append((self.clock.now, pilot, SIGSTOP, 0.0))

    def resume(self, pilot: str) -> None:
        self.deeds.append((self.clock.now, pilot, SIGCONT, 0.0))


@dataclass
class Outcome:
    """What a call came to: its *result*, or the *error* that it raised, or nothing yet."""

    result: Any = None
    error: BaseException | None = None
    ended_at: float | None = None


class Text:
    """What the journal wrote; unlike a file it may be written to while it is collected."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, line: str) -> None:
        self.lines.append(line)

    def getvalue(self) -> str:
        return "".join(self.lines)


class TinyWorld:
    """What ``harness.faults.World`` asks for."""

    def __init__(self, root: Path, *, seed: int = 1) -> None:
        self.text = Text()
        self.clock = Clock(epoch=EPOCH)
        self.streams = Streams(seed)
        self.journal = Journal(lambda: self.clock.now, stream=self.text)  # type: ignore[arg-type]
        self.points = Points()
        self.network = Network(self.clock, self.journal, self.points)
        self.server = TinyServer({"Q1": {"status": "online"}, "Q2": {"status": "test"}})
        self.batch = TinyBatch(self.clock)
        self.node = self._make_node(root)
        self.site = TinySite(Storages())
        self.site.storages.add(self._make_element())
        self.credentials = ProxyFile([root])
        self.credentials.write(self.make_credential())
        self.network.add_host("wn001")
        self.network.add_host(SERVER)
        self.network.listen(SERVER, 25443, Service(self.serve))

    def install(
        self,
        do: str,
        *,
        on: str,
        at: Trigger | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> tuple[Fuse, ...]:
        """Install one fault."""
        return install_faults(self, [FaultPlan(on, do, at or Trigger(), dict(options or {}))])

    def start(self, work: Work) -> Outcome:
        """Start *work* as a process of its own; it may never end."""
        outcome = Outcome()
        self.clock.process(self._watch(work, outcome))
        return outcome

    def do(self, work: Work, *, until: float = 1e6) -> Outcome:
        """Run *work*, and whatever else there is, up to *until* seconds."""
        outcome = self.start(work)
        self.clock.run(until)
        return outcome

    def tool(self, call: TinyCall, work: Callable[[], Work] | None = None) -> Work:
        """Return the work of one tool, past its point; by default it takes 10 s and prints."""
        return self.points.around(f"tool.{call.argv[0]}", call, work or (lambda: self._run(call)))

    def call(self, *argv: str) -> TinyCall:
        """Return a call of a tool, as a process of its own."""
        process = self.node.processes.add(argv, ppid=1, owner="pilot-1")
        return TinyCall(argv, self.node, process.pid)

    def ask(self, endpoint: str = "update_job", *, path: str = "", accept: str = "") -> Work:
        """Return the work of one request to the server, past its point."""
        headers = (("Accept", accept),) if accept else ()
        place = path or f"/server/panda/{endpoint}"
        request = Request("POST", SERVER, 25443, place, headers, source="wn001", who="pilot-1")
        return self.points.around(f"server.{endpoint}", request, lambda: self.serve(request))

    def fetch(self) -> Work:
        """Return the work of one connection and request over the network."""
        return self.network.fetch(Request("GET", SERVER, 25443, "/", source="wn001", who="pilot-1"))

    def door(self, action: str, path: str, *, content: Any = None) -> Work:
        """Return the work of one call at the storage element's door."""
        call = DoorCall(action, "BNL_DATADISK", path, by="pilot-1", content=content)
        return self.element.serve(call)

    @property
    def element(self) -> StorageElement:
        return self.site.storages["BNL_DATADISK"]

    def fired(self) -> list[tuple[float, int]]:
        """Return the time and the number of the call of each fault.fired."""
        events = [each for each in self.journal.events if each.what == "fault.fired"]
        return [(each.t, each["call"]) for each in events]

    def launch(self, pilot: str) -> None:
        """Let *pilot* start: its phase is get-job from now on."""
        self.journal.emit(PILOT_START, who=pilot, pilot=pilot, argv=[], cwd="/srv/work")

    def end(self, pilot: str) -> None:
        """Let *pilot* end."""
        self.journal.emit(PILOT_EXIT, who=pilot, pilot=pilot, code=0, signal=0)

    def _make_node(self, root: Path) -> Node:
        for name in ("work", "cred"):
            (root / name).mkdir(parents=True)
        return Node(
            clock=self.clock,
            journal=self.journal,
            points=self.points,
            network=self.network,
            root=root,
            streams=self.streams,
            name="wn001",
        )

    def _make_element(self) -> StorageElement:
        return StorageElement(
            "BNL_DATADISK",
            host="se.bnl.sim",
            doors=(Door("root", 1094),),
            root="/pnfs",
            volume=Volume(10**12),
            clock=self.clock,
            journal=self.journal,
            points=self.points,
        )

    def make_credential(self) -> Credential:
        """Return a proxy of 96 hours with attributes of 96 hours."""
        return make_proxy(
            self.streams["credential"],
            dn="/CN=Robot",
            now=EPOCH,
            lifetime_s=345_600,
            vo="atlas",
            fqans=fqans_of("atlas", "pilot"),
        )

    def _run(self, call: TinyCall) -> Work:
        yield self.clock.timeout(10.0)
        call.out("done\n")
        return 0

    def serve(self, _request: Request) -> Work:
        yield self.clock.timeout(1.0)
        self.server.effects += 1
        length = str(len(self.server.body))
        headers = (("Content-Type", "application/json"), ("Content-Length", length))
        return Response(200, headers, self.server.body)

    def _watch(self, work: Work, outcome: Outcome) -> Work:
        try:
            outcome.result = yield from work
        except (Exception, simpy.Interrupt) as error:  # noqa: BLE001 - the test looks at it
            outcome.error = error
        outcome.ended_at = self.clock.now


CONTENT = content_of(b"some words of a file", size=1000)
