"""The launcher of a supercomputer: starts programs on nodes whose processes may start none.

Reads requests from a folder of the node and answers in it, as pilotcore/run/launcher.py says:
``n.run`` to start a program, ``n.signal.m`` for its group; ``n.pid`` and ``n.end`` are its answers.
Stands for aprun, runjob or srun on a front-end, with a file system that both see. Not modelled:
placing on several nodes, affinity, time limits of its own.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING
from typing import Any
from typing import Generator

from fakesites.machine import BATCH_PID
from fakesites.running import Command

if TYPE_CHECKING:
    from fakesites.node import Node
    from fakesites.running import Running

Work = Generator[Any, Any, None]

FOLDER = "work/launcher"
LOOK_S = 5.0


class Launcher:
    """Serves the requests in FOLDER of one *node*."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._folder = f"{node.files.seen}/{FOLDER}"
        self._groups: dict[str, int] = {}

    def run(self) -> Work:
        """Look for requests, for ever."""
        node = self._node
        node.at_work += 1  # what it does depends on files
        node.files.make_folder(self._folder)
        while True:
            yield node.clock.timeout(LOOK_S)
            for name in sorted(os.listdir(node.files.real(self._folder))):
                stem, _, kind = name.partition(".")
                if kind == "run" and stem not in self._groups:
                    self._start(stem)
                elif kind.startswith("signal.") and not kind.endswith(".part"):
                    self._signal(stem, name)

    def _start(self, stem: str) -> None:
        said = self._read(f"{stem}.run")
        outputs = {"stdout": str(said["stdout"]), "stderr": str(said["stderr"])}
        for path in filter(None, outputs.values()):
            self._node.files.write(path, b"")

        def write(stream: str, text: str) -> None:
            if outputs[stream]:
                self._node.files.write(outputs[stream], text.encode(), append=True)

        command = Command(
            tuple(said["argv"]),
            said["env"],
            said["cwd"],
            ppid=BATCH_PID,
            owner=next(reversed(self._node.processes.users), "launcher"),
            new_session=True,
            on_output=write,
        )
        self._groups[stem] = 0
        try:
            running = self._node.spawn(command)
        except OSError as error:
            self._write(f"{stem}.pid", {"error": error.errno or 2})
            return
        self._groups[stem] = running.pid
        self._write(f"{stem}.pid", {"pid": running.pid})
        self._node.clock.process(self._await(stem, running))

    def _await(self, stem: str, running: Running) -> Work:
        end = running.finished or (yield running.done)
        self._node.processes.collect(running.pid)
        self._write(f"{stem}.end", {"code": max(end.code, 0), "signal": end.signal})

    def _signal(self, stem: str, name: str) -> None:
        number = int(self._read(name)["signal"])
        self._node.files.remove(f"{self._folder}/{name}")
        if self._groups.get(stem):
            self._node.processes.kill_group(self._groups[stem], number, by="launcher")

    def _read(self, name: str) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self._node.files.read(f"{self._folder}/{name}"))
        return said

    def _write(self, name: str, content: dict[str, int]) -> None:
        self._node.files.write(f"{self._folder}/{name}", json.dumps(content).encode())
