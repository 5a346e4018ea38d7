"""A simulated worker node as a vantage of the site checks, in virtual time.

A question is put to the node as a program there would put it, and the clock runs until it is
answered or its time limit has passed: no question takes real time, however long it hangs.
"""

from __future__ import annotations

import signal
from typing import Mapping
from typing import Sequence

from fakesites import machine
from fakesites.conditions import healthy_environ
from fakesites.conditions import is_in
from fakesites.files import GUEST_ROOT
from fakesites.node import NOT_FOUND
from fakesites.node import Command
from fakesites.node import ProgramError
from fakesites.node import Running
from harness.pilots.launch import PilotFacts
from harness.pilots.launch import environment
from harness.siteverify_bridge.disk import NodeDisk
from harness.siteverify_bridge.net import NodeNet
from harness.world import World
from siteverify.vantage import PATIENCE_S
from siteverify.vantage import Answer
from siteverify.vantage import Cpus
from siteverify.vantage import ForbiddenError
from siteverify.vantage import Limit
from siteverify.vantage import MissingError
from siteverify.vantage import Ran
from siteverify.vantage import Space
from siteverify.vantage import Stat

WHO = "siteverify"
WORK = "/srv/work"


class NodeVantage:
    """The first node of *world*, as a job in the queue of its scenario sees it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._node = world.node
        self._clock = world.clock
        self._disk = NodeDisk(world.node)
        self._net = NodeNet(world.node, who=WHO)

    @property
    def where(self) -> str:
        """Name the kind of place."""
        return "WN"

    def hostname(self) -> str:
        """Return what the host calls itself."""
        return self._node.hostname

    def now(self) -> float:
        """Return what the node's clock shows."""
        return self._node.wall()

    def env(self) -> Mapping[str, str]:
        """Return the variables that a pilot would find, and those that OSG promises to jobs."""
        node, site = self._node, self._world.site
        queue = self._world.scenario.world.queue
        variables = {
            **healthy_environ(site.spec),
            **site.environ(queue),
            **self._world.given("environ"),
            **node.conditions.environ,
        }
        facts = PilotFacts(
            queue, node=node.name, user=node.spec.user, path=node.spec.path, variables=variables
        )
        return environment(facts)

    def cwd(self) -> str:
        """Return where pilots start."""
        return WORK

    def uid(self) -> int:
        """Return the user's number."""
        return self._node.spec.uid

    def account(self) -> str | None:
        """Return the user's name, if the number has one."""
        return self._node.spec.user if self._node.conditions.has_account else None

    def cpus(self) -> Cpus:
        """Count the processors; a node gives all of them to its one job."""
        return Cpus(self._node.spec.cores, self._node.spec.cores)

    def load(self) -> float:
        """Return the load average."""
        return machine.loads(self._node)[0]

    def limits(self) -> Mapping[str, Limit]:
        """Return the resource limits of jobs."""
        return {name: Limit(*bounds) for name, bounds in self._node.conditions.limits.items()}

    def stat(self, path: str, *, timeout_s: float = PATIENCE_S) -> Stat:
        """Describe *path*."""
        return self._disk.stat(path, timeout_s=timeout_s)

    def list_dir(self, path: str, *, timeout_s: float = PATIENCE_S) -> tuple[str, ...]:
        """List *path*."""
        return self._disk.list_dir(path, timeout_s=timeout_s)

    def read_text(self, path: str, *, timeout_s: float = PATIENCE_S) -> str:
        """Read the beginning of *path*."""
        return self._disk.read_text(path, timeout_s=timeout_s)

    def space(self, path: str, *, timeout_s: float = PATIENCE_S) -> Space:
        """Measure the file system of *path*."""
        return self._disk.space(path, timeout_s=timeout_s)

    def write_probe(
        self, directory: str, *, size_bytes: int, timeout_s: float = PATIENCE_S
    ) -> bool:
        """Write, read back and delete a file."""
        return self._disk.write_probe(directory, size_bytes=size_bytes, timeout_s=timeout_s)

    def exec_probe(self, directory: str, *, timeout_s: float = PATIENCE_S) -> bool:
        """Run a script in *directory*."""
        if not is_in(directory, [GUEST_ROOT]):
            return self._disk.lets_run(directory, timeout_s=timeout_s)
        with self._disk.script(directory, timeout_s=timeout_s) as path:
            try:
                return self.run((path,), timeout_s=timeout_s).code == 0
            except ForbiddenError:
                return False

    def run(self, argv: Sequence[str], *, timeout_s: float) -> Ran:
        """Run a command on the node, as a job's, and kill it at the limit with all its group."""
        began = self._clock.now
        running = self._spawn(tuple(argv))
        if running.finished is None:
            self._clock.run(until=running.done | self._clock.timeout(timeout_s))
        timed_out = running.finished is None
        processes = self._node.processes
        processes.kill_group(running.process.pgid, int(signal.SIGKILL), by=WHO)
        processes.collect(running.pid)
        return Ran(
            code=running.finished.code if running.finished else None,
            stdout=running.stdout,
            stderr=running.stderr,
            timed_out=timed_out,
            seconds=round(self._clock.now - began, 3),
        )

    def resolve(self, host: str, *, timeout_s: float = PATIENCE_S) -> tuple[str, ...]:
        """Resolve *host*."""
        return self._net.resolve(host, timeout_s=timeout_s)

    def connect(self, host: str, port: int, *, timeout_s: float = PATIENCE_S) -> None:
        """Connect to *host* and *port*."""
        self._net.connect(host, port, timeout_s=timeout_s)

    def fetch(self, url: str, *, timeout_s: float = PATIENCE_S) -> Answer:
        """GET *url*."""
        return self._net.fetch(url, timeout_s=timeout_s, env=self.env())

    def _spawn(self, argv: tuple[str, ...]) -> Running:
        node = self._node
        node.processes.users[WHO] = node.spec.user
        command = Command(
            argv,
            {**self.env(), "LC_ALL": "C"},
            cwd=self.cwd(),
            ppid=machine.BATCH_PID,
            owner=WHO,
            new_session=True,
        )
        try:
            return node.spawn(command)
        except ProgramError as error:
            if error.code == NOT_FOUND:
                raise MissingError(f"no program {argv[0]}") from error
            raise ForbiddenError(f"may not run {argv[0]}") from error
