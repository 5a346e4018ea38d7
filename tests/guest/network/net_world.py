"""A world of one node, one guest and a few services, for tests of the guest's network.

The host is the real one: conductor, desks and network; only the pilot and the server are small.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any
from typing import Generator

from fakesites import issuers
from fakesites.machine import NodeSpec
from fakesites.node import Node
from fakesites.tls_front import peer_of
from harness import guests
from harness.answers import Answers
from harness.conductor import Conductor
from harness.desks import Caller
from harness.faults import install_faults
from harness.scenario import FaultPlan
from harness.seat import Seat
from harness.slots import machine_facts
from harness.triggers import Trigger
from simkernel import Clock
from simkernel import Event
from simkernel import Journal
from simkernel import NetError
from simkernel import Network
from simkernel import Points
from simkernel import Request
from simkernel import Response
from simkernel import Streams
from simkernel.network import Service
from simkernel.tls import Greeting
from simkernel.tls import Hello

EPOCH = 1_772_352_000.0
SERVER = "server.sim"
PROGRAM = "/srv/work/program.py"
PYTHON = os.environ.get("FLIGHTSIM_TEST_PYTHON", sys.executable)
"""The interpreter of the guests of these tests."""


class NetWorld:
    """One world; *asked* are the requests that its server has seen."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.clock = Clock(epoch=EPOCH)
        self.journal = Journal(lambda: self.clock.now)
        self.points = Points()
        self.streams = Streams(1)
        self.network = Network(self.clock, self.journal, self.points)
        self.asked: list[Request] = []
        self.hellos: list[Hello] = []
        self.greeting: Greeting | NetError = Greeting(
            peer=peer_of(issuers.host(SERVER).certificate), der=b"DER"
        )
        self.delay_s = 0.0
        self.answer = Response(200, (("Content-Type", "text/plain"),), b"hello")
        self.messages: dict[str, int] = {}
        self.kinds: list[str] = []
        self.outcome: tuple[int, int] | None = None
        for name in ("work", "home", "tmp"):
            (root / name).mkdir(parents=True, exist_ok=True)
        self.node = Node(
            clock=self.clock,
            journal=self.journal,
            points=self.points,
            network=self.network,
            root=root,
            streams=self.streams,
            spec=NodeSpec(),
            name="wn001",
            seen="/srv",
        )
        self.network.add_host("wn001")
        self.network.add_host(SERVER)
        self.open_server()

    def open_server(self) -> None:
        """Have the server listen, by HTTP and by HTTPS."""
        self.network.listen(SERVER, 80, Service(self.serve))
        self.network.listen(SERVER, 443, Service(self.serve, self.greet))

    def install(self, do: str, *, on: str = f"net.{SERVER}", **options: Any) -> None:
        """Install one fault, for every call."""
        install_faults(self, [FaultPlan(on, do, Trigger(), options)])  # type: ignore[arg-type]

    def serve(self, request: Request) -> Generator[Any, Any, Response]:
        """Answer what the test says, after the delay that it says; "/echo" echoes."""
        self.asked.append(request)
        yield self.clock.timeout(self.delay_s)
        if request.path == "/echo":
            return Response(200, (), request.body)
        return self.answer

    def greet(self, hello: Hello) -> Greeting:
        """Let everybody in; remember what they showed."""
        self.hellos.append(hello)
        if isinstance(self.greeting, NetError):
            raise self.greeting
        return self.greeting

    def addresses(self) -> tuple[str, ...]:
        """Return the addresses of the guest's node."""
        return self.network.addresses("wn001", who="pilot-1")

    def events(self, what: str) -> list[Event]:
        return [event for event in self.journal.events if event.what == what]

    def fly(self, script: str, *, paths: tuple[Path, ...] = ()) -> str:
        """Run *script* as a guest to its end and return what it printed."""
        (self.root / "work" / "program.py").write_text(script)
        walls = guests.Walls(self.root, "/srv", namespaces=True)
        program = guests.Program(
            argv=(PROGRAM,),
            env={"HOME": "/srv/home", "PATH": "/usr/bin:/bin"},
            cwd="/srv/work",
            paths=("/srv/work", *map(str, paths)),
        )
        process = self.node.processes.add(
            ("python3", PROGRAM), ppid=1, owner="pilot-1", pgid=0, sid=0
        )
        output = self.root / "output.txt"
        output.write_text("")
        guest = guests.start(
            program,
            walls,
            name="pilot-1",
            python=PYTHON,
            seed=1,
            epoch=EPOCH,
            now=self.clock.now,
            facts=machine_facts(self.node, pid=process.pid, addresses=self.addresses()),
            stdout=output,
        )
        self._count_messages(guest)
        self._conduct(guest, process.pid)
        text = output.read_text()
        assert self.outcome is not None, text
        return text

    def _conduct(self, guest: guests.GuestProcess, pid: int) -> None:
        conductor = Conductor(self.clock, self.journal, horizon_s=1e6)
        caller = Caller(
            "pilot-1",
            node=self.node,
            pid=pid,
            clock=self.clock,
            journal=self.journal,
            guest=guest,
        )
        answers = Answers(caller, self.network)
        conductor.seat(Seat(guest, answers, ended=self._ended))
        try:
            conductor.run(lambda: self.outcome is not None)
        finally:
            conductor.close()

    def _ended(self, code: int, signal: int) -> None:
        self.outcome = (code, signal)

    def _count_messages(self, guest: guests.GuestProcess) -> None:
        """Count every message on the wire, by what it is."""
        taken, sent = guests.GuestProcess.receive, guests.GuestProcess.send
        world = self

        def receive(self: guests.GuestProcess) -> dict[str, Any]:
            message = taken(self)
            kind = message["m"]
            world.messages[kind] = world.messages.get(kind, 0) + 1
            world.kinds.append(f"{kind} {message.get('kind') or message.get('what') or ''}".strip())
            return message

        def send(self: guests.GuestProcess, message: dict[str, Any]) -> None:
            world.messages[message["m"]] = world.messages.get(message["m"], 0) + 1
            sent(self, message)

        cls = type(guest.__class__.__name__, (guest.__class__,), {"__slots__": ()})
        cls.receive, cls.send = receive, send  # type: ignore[attr-defined]
        guest.__class__ = cls
