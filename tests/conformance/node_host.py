"""A host with a whole node: its process table, its shell and its tools, and copies of the guest."""

from __future__ import annotations

from pathlib import Path

from fakesites.machine import BATCH_PID
from fakesites.node import Node
from fakesites.processes import Process
from harness import guests
from harness.conductor import COMPLETE
from harness.conductor import Conductor
from harness.families import Family
from harness.slots import machine_facts
from simkernel import Clock
from simkernel import Journal
from simkernel import Network
from simkernel import Points
from simkernel import Streams

EPOCH = 1_772_352_000.0
HORIZON_S = 7200.0


class NodeHost:
    """Flies one script on a node of its own, as the batch system does with a pilot."""

    def __init__(self, root: Path, *, python: str, namespaces: bool = True) -> None:
        self.root = root
        self.python = python
        self.walls = guests.Walls(root, "/srv", namespaces=True)
        if not namespaces:
            self.walls = guests.Walls(root, str(root), namespaces=False)
        self.clock = Clock(epoch=EPOCH)
        self.journal = Journal(lambda: self.clock.now)
        points = Points()
        self.network = Network(self.clock, self.journal, points)
        self.network.add_host("wn001")
        self.node = Node(
            name="wn001",
            clock=self.clock,
            journal=self.journal,
            points=points,
            network=self.network,
            root=root,
            seen=self.walls.seen,
            streams=Streams(1),
        )
        self.outcome: tuple[int, int] | None = None
        for name in ("work", "home", "tmp"):
            (root / name).mkdir(parents=True, exist_ok=True)

    def fly(self, script: str, *, seed: int = 1) -> str:
        """Run *script* until all of its processes have ended; return what they printed."""
        (self.root / "work" / "program.py").write_text(script)
        work, home = (f"{self.walls.seen}/{name}" for name in ("work", "home"))
        program = guests.Program(
            argv=(f"{work}/program.py",),
            env={"HOME": home, "PATH": "/usr/bin:/bin"},
            cwd=work,
            paths=(work,),
        )
        output = self.root / "output.txt"
        output.write_text("")
        process = self._process(program)
        guest = guests.start(
            program, self.walls, name="pilot-1", python=self.python, seed=seed, epoch=EPOCH,
            now=0.0, facts=self._facts(process.pid), stdout=output,
        )  # fmt: skip
        conductor = Conductor(self.clock, self.journal, horizon_s=HORIZON_S)
        family = Family(
            "pilot-1",
            node=self.node,
            clock=self.clock,
            journal=self.journal,
            network=self.network,
            take=conductor.seat,
        )
        self.seats = conductor.seats

        def ended(code: int, number: int) -> None:
            self.outcome = code, number
            self.node.processes.exit(process.pid, code=code, signal=number)
            family.adopt()

        family.begin(process, guest, ended=ended)
        try:
            self.reason = conductor.run(lambda: all(seat.guest.over for seat in conductor.seats))
        finally:
            conductor.close()
        text = output.read_text()
        if self.reason != COMPLETE:
            raise AssertionError(f"{self.reason}: {self.journal.events[-1].fields}")
        return text

    def _process(self, program: guests.Program) -> Process:
        # Like a program that a shell has started: a member of a group, not its leader.
        processes, user = self.node.processes, self.node.spec.user
        shell = processes.add(("bash",), ppid=BATCH_PID, owner="batch", pgid=0, sid=0)
        processes.users["pilot-1"] = user
        argv = ("python3", *program.argv)
        return processes.add(argv, ppid=shell.pid, owner="pilot-1", user=user)

    def _facts(self, pid: int) -> dict[str, object]:
        addresses = self.network.addresses("wn001", who="pilot-1")
        return machine_facts(self.node, pid=pid, addresses=addresses)
