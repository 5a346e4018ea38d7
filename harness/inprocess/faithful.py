"""The Platform of a pilot inside the host, on a node of a whole world.

Programs run on the simulated node, requests go over the simulated network, files lie where the
node's tools find them: as for a guest, with nothing but the guest's own process left out.
"""

from __future__ import annotations

import os
import uuid
from functools import partial
from importlib import import_module
from typing import IO
from typing import Any
from typing import Generator
from typing import Mapping

from fakesites.node import Command as NodeCommand
from fakesites.node import Node
from fakesites.processes import DELIVERED
from fakesites.running import Running
from harness.inprocess.core import OnHub
from harness.inprocess.hub import Flag
from harness.inprocess.hub import Hub
from harness.inprocess.places import NodePath
from harness.inprocess.places import Stamps
from harness.inprocess.places import node_paths
from harness.inprocess.sockets import Context
from harness.inprocess.sockets import Net
from pilotcore.live import OUTPUT_MAX
from pilotcore.live_connect import Answered
from pilotcore.live_connect import connect
from pilotcore.live_http import Browser
from pilotcore.live_http import Ways
from pilotcore.options import Options
from pilotcore.platform import Command
from pilotcore.platform import Exit
from pilotcore.platform import Request
from pilotcore.platform import Response
from simkernel import Network

# The guest is written without types.
ENTROPY: Any = import_module("guest.machine.entropy").Entropy
RANDOMS_SEED = 16
"""Bytes that the module random takes in a guest, before the pilot takes any."""


class NodePlatform(OnHub):
    """Implements pilotcore's Platform for the pilot *who*, whose process is *pid* of *node*."""

    def __init__(
        self,
        hub: Hub,
        node: Node,
        network: Network,
        *,
        who: str,
        pid: int,
        cwd: str,
        env: Mapping[str, str],
        options: Options,
        seed: int,
    ) -> None:
        super().__init__(hub)
        self.node = node
        self.who = who
        self.pid = pid
        self.env = dict(env)
        self.cwd = cwd
        self.stamps = Stamps(hub.clock.wall)
        self.paths = node_paths(node.files, self.stamps)
        node.ready.append(self.stamps.put)
        self._entropy: Any = ENTROPY(seed)
        self._entropy.urandom(RANDOMS_SEED)
        self._options = options
        answered: Answered = {}
        self._net = Net(hub, network, node=node.name, who=who)
        self._browser = Browser(options, env, self._ways(answered))

    def _ways(self, answered: Answered) -> Ways:
        return Ways(
            connect=partial(connect, net=self._net, answered=answered),
            secure=self._secure,  # type: ignore[arg-type]
            monotonic=self.monotonic,
            path=self.path,
        )

    def _secure(self, *, cafile: str | None, capath: str | None) -> Context:
        return Context(self.path, cafile=cafile, capath=capath)

    def path(self, text: str) -> NodePath:
        """Return the path *text* of the node."""
        return self.paths(text)

    def cores(self) -> int:
        """Return how many cores the node has."""
        return self.node.spec.cores

    def new_guid(self) -> str:
        """Return a GUID, from the same bytes as in a guest."""
        return str(uuid.UUID(bytes=self._entropy.urandom(16), version=4)).upper()

    def http(self, request: Request) -> Response:
        """Perform *request*."""
        return self._browser.fetch(request)

    def start(self, command: Command, *, wake: Any) -> NodeChild:
        """Start *command* on the node."""
        self.stamps.put()
        child = NodeChild(self, command, wake)
        child.begin()
        return child

    def leave(self) -> None:
        """The pilot is over: its locks are free, and nobody stamps for it."""
        self.stamps.put()
        self.node.ready.remove(self.stamps.put)
        for lock in self.paths.locks:
            lock.release()


class NodeChild:
    """A process that the pilot has started on the node."""

    def __init__(self, platform: NodePlatform, command: Command, wake: Flag) -> None:
        self._platform = platform
        self._command = command
        self._wake = wake
        self._exit: Exit | None = None
        self._running: Running | None = None
        self._said: dict[str, list[str]] = {"stdout": [], "stderr": []}
        self._sinks: dict[str, IO[bytes]] = {}

    def begin(self) -> None:
        """Start it; what takes no time is over then. Raises OSError."""
        command, platform = self._command, self._platform
        for name, path in (("stdout", command.stdout), ("stderr", command.stderr)):
            if path is not None:
                self._sinks[name] = path.open("wb")
        try:
            self._running = running = platform.node.spawn(self._order())
        except OSError:
            self._close()
            raise
        if running.finished is None:
            platform.hub.clock.process(self._follow(running))
        # On a real node a thread is started that waits for it: whoever is ready goes first.
        platform.hub.spawn(self._watch)

    def _watch(self) -> None:
        end = self._running.finished if self._running is not None else None
        if end is not None and self._exit is None:
            self._ended(end.code, end.signal)

    def _order(self) -> NodeCommand:
        command, platform = self._command, self._platform
        return NodeCommand(
            argv=command.argv,
            env=dict(platform.env if command.env is None else command.env),
            cwd=platform.cwd if command.cwd is None else str(command.cwd),
            ppid=platform.pid,
            owner=platform.who,
            new_session=True,
            on_output=self._take,
        )

    def _take(self, stream: str, text: str) -> None:
        sink = self._sinks.get(stream)
        if not text:
            return
        if sink is None:
            self._said[stream].append(text)
            return
        path = self._command.stdout if stream == "stdout" else self._command.stderr
        sink.write(text.encode("utf-8", "surrogateescape"))
        sink.flush()
        self._platform.stamps.note(os.fspath(path))  # type: ignore[arg-type]

    def _follow(self, running: Running) -> Generator[Any, Any, None]:
        end = yield running.done
        self._platform.node.processes.collect(running.pid)
        # A strand hears of it first, as the thread does that waits for a child: whatever else
        # comes at this instant is known by then.
        self._platform.hub.spawn(lambda: self._ended(end.code, end.signal))

    def _ended(self, code: int, signal: int) -> None:
        self._close()
        said = (_as_read("".join(self._said[name])) for name in ("stdout", "stderr"))
        self._exit = Exit(0 if signal else max(code, 0), signal, *said)
        self._wake.set()

    def _close(self) -> None:
        for sink in self._sinks.values():
            sink.close()

    @property
    def pid(self) -> int:
        """Return its pid, which is also the id of its group."""
        assert self._running is not None
        return self._running.pid

    def exit(self) -> Exit | None:
        """Return how it ended, or None while it runs."""
        return self._exit

    def signal_group(self, number: int) -> bool:
        """Send signal *number* to its group; return False if nobody is left in it."""
        processes = self._platform.node.processes
        return processes.kill_group(self.pid, number, by=self._platform.who) == DELIVERED


def _as_read(text: str) -> str:
    """Return the end of *text* as pilotcore.live reads it: bytes that are no UTF-8 replaced."""
    octets = text[-OUTPUT_MAX:].encode("utf-8", "surrogateescape")
    return octets.decode("utf-8", "replace")
