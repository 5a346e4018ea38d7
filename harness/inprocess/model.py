"""A worker node for many pilots in one host: programs and storage as functions.

A program is a function of the node and the command: it says how long it takes and what it does
at its end. Reading proxies, df and ps takes no time, a copy its size over a rate, a payload what
its ``--seconds`` say. Storage is a table of what this pilot has put there. The server is asked
through *serve*, a round trip later. Not modelled: shells, doors, faults, shared bandwidth; for
these the faithful depth is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from itertools import pairwise
from typing import Any
from typing import Callable

from harness.inprocess.core import OnHub
from harness.inprocess.hub import Flag
from harness.inprocess.hub import Hub
from harness.inprocess.memory import MemPath
from harness.inprocess.memory import Tree
from pilotcore.data.checksum import adler32_of
from pilotcore.platform import Command
from pilotcore.platform import Exit
from pilotcore.platform import Request
from pilotcore.platform import Response

Serve = Callable[[str, Request], Response]
Program = Callable[["ModelNode", Command], tuple[float, Callable[[], Exit]]]

SILENT = Exit(0)
MISSING = Exit(54, 0, "", "Run: [ERROR] no such file or directory\n")
DF = Exit(0, 0, "Filesystem 1M-blocks Used Available Capacity Mounted\n/dev/sda1 1 1 99999 1% /\n")
PROXY = "-----BEGIN CERTIFICATE-----\n"
HOME = "/home/pilot"
PROXY_PATH = f"{HOME}/x509up"
START = f"{HOME}/work"


@dataclass(frozen=True, slots=True)
class Shared:
    """What all nodes of one world share: the server, times in seconds, rates in bytes a second.

    *inputs*: size and first bytes of what is on storage, by turl.
    """

    hub: Hub
    serve: Serve
    round_trip_s: float = 0.04
    rate: float = 100e6
    copy_s: float = 2.0
    proxy_s: int = 345_600
    cores: int = 8
    inputs: dict[str, tuple[int, str]] = field(default_factory=dict)


class ModelChild:
    """A program that runs."""

    __slots__ = ("_exit", "_finish", "_wake", "pid")

    def __init__(self, pid: int, finish: Callable[[], Exit], wake: Flag) -> None:
        self.pid = pid
        self._finish = finish
        self._wake = wake
        self._exit: Exit | None = None

    def exit(self) -> Exit | None:
        """Return how it ended, or None while it runs."""
        return self._exit

    def signal_group(self, number: int) -> bool:
        """End it by a signal; return False if it has ended."""
        if self._exit is not None:
            return False
        self._end(Exit(0, int(number)))
        return True

    def come(self, _moment: Any) -> None:
        """The time that it takes is over."""
        if self._exit is None:
            self._end(self._finish())

    def _end(self, how: Exit) -> None:
        self._exit = how
        self._wake.set()


class ModelNode(OnHub):
    """The Platform of one pilot that is one of many."""

    __slots__ = ("_guids", "_pids", "name", "payload_pid", "shared", "stored", "tree")

    def __init__(self, shared: Shared, name: str) -> None:
        super().__init__(shared.hub)
        self.shared = shared
        self.name = name
        self.tree = Tree(self.now, keeps_records=False)
        self.stored: dict[str, tuple[int, str]] = {}
        self.payload_pid = 0
        self._pids = 100
        self._guids = 0
        self.tree.path(START).mkdir(parents=True)
        self.tree.path(PROXY_PATH).write_text(PROXY)
        self.tree.path(PROXY_PATH).chmod(0o600)

    def path(self, text: str) -> MemPath:
        """Return the path *text* on this node's disk."""
        return MemPath(self.tree, text)

    def cores(self) -> int:
        """Return how many cores the node has."""
        return self.shared.cores

    def new_guid(self) -> str:
        """Return a GUID that no other pilot of the world has."""
        self._guids += 1
        return f"{self.name}-{self._guids}"

    def http(self, request: Request) -> Response:
        """Ask the server; it answers when the round trip is over."""
        shared = self.shared
        answer: Response = self.hub.call(
            shared.round_trip_s, lambda: shared.serve(self.name, request)
        )
        return answer

    def start(self, command: Command, *, wake: Any) -> ModelChild:
        """Start *command*. Raises FileNotFoundError for what the node has not."""
        program = PROGRAMS.get(command.argv[0])
        if program is None:
            raise FileNotFoundError(2, "No such file or directory")
        seconds, finish = program(self, command)
        self._pids += 1
        child = ModelChild(self._pids, finish, wake)
        if program is payload:
            self.payload_pid = child.pid
        if seconds:
            self.hub.at(seconds, child.come)
        else:
            child.come(None)
        return child


def df(_node: ModelNode, _command: Command) -> tuple[float, Callable[[], Exit]]:
    """There is always space."""
    return 0.0, lambda: DF


def arcproxy(node: ModelNode, _command: Command) -> tuple[float, Callable[[], Exit]]:
    """Proxy and attributes end together."""
    left = node.shared.proxy_s - int(node.monotonic() % 86400)
    end = int(node.now()) + left
    return 0.0, lambda: Exit(0, 0, f"{end}\n{left}\n{end}\n{left}\n")


def ps(node: ModelNode, _command: Command) -> tuple[float, Callable[[], Exit]]:
    """The payload is all that there is."""
    pid = node.payload_pid
    return 0.0, lambda: Exit(0, 0, f"{pid} 1 {pid} R 500000 00:10:00 payload\n")


def xrdcp(node: ModelNode, command: Command) -> tuple[float, Callable[[], Exit]]:
    """Copy in or out, as xrdcp does with ``--cksum adler32:print``."""
    source, target = command.argv[-2:]
    if not source.startswith("root:"):
        size = node.tree.node(source).size
        return _seconds(node, size), lambda: _put(node, source, target)
    size, adler32 = node.shared.inputs.get(source, (-1, ""))
    if size < 0:
        return node.shared.copy_s, lambda: MISSING

    def got() -> Exit:
        node.tree.put(target, size)
        return _printed(target, size, adler32)

    return _seconds(node, size), got


def _put(node: ModelNode, source: str, target: str) -> Exit:
    there = node.tree.node(source)
    adler32 = adler32_of(node.path(source))
    node.stored[target] = there.size, adler32
    return _printed(target, there.size, adler32)


def _printed(target: str, size: int, adler32: str) -> Exit:
    return Exit(0, 0, "", f"adler32: {adler32} {target} {size}\n")


def _seconds(node: ModelNode, size: int) -> float:
    return node.shared.copy_s + size / node.shared.rate


def gfal_sum(node: ModelNode, command: Command) -> tuple[float, Callable[[], Exit]]:
    """Tell the checksum at the far end."""
    turl = command.argv[1]
    _size, adler32 = node.stored.get(turl, (0, ""))
    return node.shared.copy_s / 2, lambda: Exit(0, 0, f"{turl} {adler32}\n")


def payload(node: ModelNode, command: Command) -> tuple[float, Callable[[], Exit]]:
    """A transform: ``… --seconds S --output LFN SIZE``."""
    words = command.argv[-1].split()
    given = dict(pairwise(words))
    name = given.get("--output", "")
    folder, told = str(command.cwd), str(command.stdout)
    node.tree.put(told, 0)
    node.tree.put(str(command.stderr), 0)

    def done() -> Exit:
        node.tree.write(told, b"the payload says that all went well\n")
        node.tree.put(f"{folder}/{name}", int(words[words.index(name) + 1]))
        return SILENT

    return float(given.get("--seconds", "60")), done


PROGRAMS: dict[str, Program] = {
    "/bin/bash": payload,
    "arcproxy": arcproxy,
    "df": df,
    "gfal-sum": gfal_sum,
    "ps": ps,
    "xrdcp": xrdcp,
}
