"""Ask a pilot for its --help by flying it: no code of a pilot ever runs outside of a world."""

from __future__ import annotations

import tempfile
from pathlib import Path

from fakesites.machine import NodeSpec
from fakesites.node import Node
from harness import guests
from harness.answers import Answers
from harness.conductor import Conductor
from harness.desks import Caller
from harness.grounds import grounds
from harness.pilots import Installed
from harness.pilots.choice import SCRIPT
from harness.seat import Seat
from harness.slots import furnish
from harness.slots import machine_facts
from harness.slots import program_of
from simkernel import Clock
from simkernel import HarnessError
from simkernel import Journal
from simkernel import Network
from simkernel import Points
from simkernel import Streams

EPOCH = 1_772_352_000.0
HORIZON_S = 3600.0
NODE = "wn001"


def help_text(installed: Installed, *, python: str) -> str:
    """Return what the pilot prints for --help. Raises HarnessError if it does not end."""
    clock = Clock(epoch=EPOCH)
    journal, points = Journal(lambda: clock.now), Points()
    network = Network(clock, journal, points)
    with tempfile.TemporaryDirectory() as folder, grounds(Path(folder) / NODE) as ground:
        walls = furnish(ground, installed)
        script = f"{walls.seen}/pilot/{SCRIPT}"
        env = {"HOME": f"{walls.seen}/home", "COLUMNS": "100"}
        node = Node(
            clock=clock,
            journal=journal,
            points=points,
            network=network,
            root=walls.real,
            streams=Streams(0),
            spec=NodeSpec(),
            name=NODE,
            seen=walls.seen,
        )
        address = network.add_host(NODE)
        process = node.processes.add(("python3", script), ppid=1, owner="pilot-1", pgid=0, sid=0)
        output = Path(folder) / "help.txt"
        guest = guests.start(
            program_of((script, "--help"), env, f"{walls.seen}/work", root=walls.seen),
            walls,
            name="pilot-1",
            python=python,
            seed=0,
            epoch=EPOCH,
            now=0.0,
            facts=machine_facts(node, pid=process.pid, addresses=(address,)),
            stdout=output,
        )
        ended: list[int] = []
        conductor = Conductor(clock, journal, horizon_s=HORIZON_S)
        caller = Caller(
            "pilot-1", node=node, pid=process.pid, clock=clock, journal=journal, guest=guest
        )
        answers = Answers(caller, network)
        conductor.seat(Seat(guest, answers, ended=lambda code, _: ended.append(code)))
        try:
            conductor.run(lambda: bool(ended))
        finally:
            conductor.close()
        text = output.read_text(encoding="utf-8", errors="replace")
    if not ended:
        raise HarnessError("the pilot's --help does not end", remedy=text[-500:])
    return text
