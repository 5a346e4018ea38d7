"""A small world for the tests of the worker node: one node, one pilot's process."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fakesites.machine import BATCH_PID
from fakesites.node import Command
from fakesites.node import Exit
from fakesites.node import Node
from fakesites.node import NodeSpec
from fakesites.node import Running
from fakesites.processes import Process
from simkernel import Clock
from simkernel import Event
from simkernel import Journal
from simkernel import Network
from simkernel import Points
from simkernel import Streams

EPOCH = 1_772_352_000.0  # 2026-03-01T08:00:00Z
WORK = "/srv/work"
PATH = "/usr/local/bin:/usr/bin:/bin"
LIMIT_S = 1e7


@dataclass
class NodeWorld:
    """What a test needs at hand."""

    clock: Clock
    journal: Journal
    points: Points
    network: Network
    node: Node
    pilot: Process

    def spawn(self, line: str | tuple[str, ...], **options: Any) -> Running:
        """Start a line of shell or an argv as a child of the pilot."""
        env = {"PATH": PATH, "HOME": "/srv/home", **options.pop("env", {})}
        return self.node.spawn(Command(line, env, ppid=self.pilot.pid, **options))

    def run(self, line: str | tuple[str, ...], **options: Any) -> Exit:
        """Run a command to its end and collect it, as the pilot would."""
        return self.wait(self.spawn(line, **options))

    def wait(self, running: Running) -> Exit:
        while running.finished is None and self.clock.peek() < LIMIT_S:
            self.clock.step()
        assert running.finished is not None, "the command never ended"
        self.node.processes.collect(running.pid)
        return running.finished

    def out(self, line: str | tuple[str, ...], **options: Any) -> str:
        """Run a command that must succeed without a word of complaint; return what it wrote."""
        end = self.run(line, **options)
        assert (0, 0, "") == (end.code, end.signal, end.stderr)
        return end.stdout

    def forward(self, seconds: float) -> None:
        """Let time go by."""
        if seconds:
            self.clock.run(self.clock.now + seconds)

    def write(self, name: str, text: str = "") -> None:
        """Make a file of the work folder, stamped now."""
        self.node.files.write(f"{WORK}/{name}", text.encode())

    def read(self, name: str) -> str:
        return (self.node.files.real(WORK) / name).read_text()

    def mtime(self, name: str) -> float:
        """Return when a file of the work folder was modified, in seconds since the start."""
        return (self.node.files.real(WORK) / name).stat().st_mtime - EPOCH

    def script(self, name: str, text: str) -> None:
        """Make an executable file of the work folder."""
        self.write(name, text)
        (self.node.files.real(WORK) / name).chmod(0o755)

    def events(self, what: str) -> list[Event]:
        return [event for event in self.journal.events if event.what == what]

    def alive(self) -> list[str]:
        """Return the programs of the pilot's own processes that run, besides the pilot."""
        table = self.node.processes.entered()
        return [
            each.argv[0]
            for each in table
            if each.owner == "pilot-1" and each.alive and each is not self.pilot
        ]


def make_world(root: Path, **spec: Any) -> NodeWorld:
    clock = Clock(epoch=EPOCH)
    journal, points = Journal(lambda: clock.now), Points()
    network = Network(clock, journal, points)
    for folder in ("work", "home", "tmp", "cred"):
        (root / folder).mkdir(parents=True)
    node = Node(
        clock=clock,
        journal=journal,
        points=points,
        network=network,
        root=root,
        streams=Streams(1),
        spec=NodeSpec(**spec),
        name="wn001.bnl.sim",
    )
    node.files.stamp_all()
    pilot = node.processes.add(
        ("python3", "pilot.py"), ppid=BATCH_PID, owner="pilot-1", pgid=0, sid=0
    )
    return NodeWorld(clock, journal, points, network, node, pilot)


def real_shell(line: str, *, stdin: str = "", cwd: Path | None = None) -> tuple[int, str]:
    """Return what this machine's own bash makes of *line*: its status and its output."""
    bash = shutil.which("bash")
    assert bash is not None
    done = subprocess.run(
        [bash, "-c", line],
        input=stdin.encode(),
        capture_output=True,
        check=False,
        cwd=cwd,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )
    return done.returncode, done.stdout.decode()
