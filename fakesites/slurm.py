"""A Slurm controller: one partition, its nodes and jobs, asked over the network.

Models a queue in order of submission, jobs that begin when cores are free, end by themselves, at
their time limit or by scancel, are held, or wait for a reason; records stay five minutes after
the end (MinJobAge). Jobs are scripts of a node, run where they were submitted from. Not modelled:
fair shares, several partitions, arrays, steps, accounting storage (sacct says so). The controller
listens at port 6817; programs find its host in /etc/slurm/slurm.conf or $SLURM_CONF.
Read from slurm.conf(5), squeue(1), and held against slurm-wlm 22.05 (docs/reference/fidelity.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Callable
from typing import Generator
from typing import Mapping

from fakesites.machine import NodeSpec
from simkernel import Clock
from simkernel import Network
from simkernel import Request
from simkernel import Response
from simkernel.network import Service

Work = Generator[Any, Any, Response]
Begin = Callable[["Job"], Callable[[int], object]]

CONFIG_PATH = "/etc/slurm/slurm.conf"
PORT = 6817
QUESTION, ANSWER = "slurm", "slurm.answer"
DAY_S = 86400.0
START_S = 1.0
MIN_JOB_AGE_S = 300.0
TOP_PRIORITY = 4294901759
PENDING, RUNNING, COMPLETED = "PENDING", "RUNNING", "COMPLETED"
FAILED, CANCELLED, TIMEOUT = "FAILED", "CANCELLED", "TIMEOUT"
SHORT = {
    PENDING: "PD",
    RUNNING: "R",
    COMPLETED: "CD",
    FAILED: "F",
    CANCELLED: "CA",
    TIMEOUT: "TO",
}
NO_SUCH_JOB = "Invalid job id specified"
NO_SUCH_PARTITION = "Invalid partition name specified"
NO_SUCH_NODE = "Requested node configuration is not available"


class SlurmError(Exception):
    """The controller says no; *text* is what slurm_strerror(3) makes of it."""

    def __init__(self, text: str, *, hint: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.hint = hint


@dataclass(frozen=True, slots=True)
class SlurmSpec:
    """One cluster: nodes of *cores* and *memory_mb* each, and the partition that has them all."""

    name: str = "sim"
    partition: str = "grid"
    nodes: tuple[str, ...] = ("localhost",)
    cores: int = 2
    memory_mb: int = 1000
    limit_s: float = DAY_S
    host: str = "slurmctld.sim"
    port: int = PORT


@dataclass(slots=True, eq=False)
class Job:
    """One job; instants in virtual seconds, -1 before they come. *begin* runs its script."""

    number: int
    name: str
    user: str
    uid: int
    group: str
    gid: int
    command: str
    folder: str
    begin: Begin
    nodes: int = 1
    tasks: int = 1
    memory_mb: int = 0
    limit_s: float = DAY_S
    account: str = "(null)"
    partition: str = "grid"
    submitted: float = 0.0
    started: float = -1.0
    ended: float = -1.0
    state: str = PENDING
    reason: str = "None"
    code: int = 0
    signal: int = 0
    host: str = ""
    stop: Callable[[int], object] | None = None

    @property
    def cpus(self) -> int:
        """Return how many cores it takes."""
        return max(self.tasks, self.nodes)

    @property
    def priority(self) -> int:
        """Return its priority: the later, the lower; 0 for one that is held."""
        return 0 if self.reason.startswith("JobHeld") else TOP_PRIORITY + 1 - self.number

    @property
    def is_over(self) -> bool:
        """Tell whether it has ended."""
        return self.ended >= 0.0

    def ran_s(self, now: float) -> float:
        """Return how long it has run."""
        if self.started < 0.0:
            return 0.0
        return (self.ended if self.is_over else now) - self.started


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to the controller: what is wanted, and its arguments."""

    what: str
    given: Mapping[str, Any] = field(default_factory=dict)


class Controller:
    """The slurmctld of one cluster."""

    def __init__(self, spec: SlurmSpec, *, clock: Clock) -> None:
        self.spec = spec
        self._clock = clock
        self._jobs: dict[int, Job] = {}
        self._next = 1
        self.drained: dict[str, str] = {}

    def listen(self, network: Network) -> None:
        """Answer at the cluster's host, which is added if there is none."""
        if not network.knows(self.spec.host):
            network.add_host(self.spec.host)
        network.listen(self.spec.host, self.spec.port, Service(self._handle))

    def _handle(self, request: Request) -> Work:
        ask = request.notes[QUESTION]
        assert isinstance(ask, Ask)
        yield self._clock.timeout(0.0)
        try:
            request.notes[ANSWER] = getattr(self, f"_{ask.what}")(**ask.given)
        except SlurmError as error:
            request.notes[ANSWER] = error
        return Response(200)

    # -- what it is asked

    def _jobs_known(self, number: int = 0) -> list[Job]:
        now = self._clock.now
        for job in list(self._jobs.values()):
            if job.is_over and now >= job.ended + MIN_JOB_AGE_S:
                del self._jobs[job.number]
        if number and number not in self._jobs:
            raise SlurmError(NO_SUCH_JOB)
        return [job for job in self._jobs.values() if number in (0, job.number)]

    def _submit(self, job: Job, partition: str, held: bool) -> int:
        if partition not in ("", self.spec.partition):
            raise SlurmError(NO_SUCH_PARTITION, hint=f"invalid partition specified: {partition}")
        if job.memory_mb > self.spec.memory_mb:
            raise SlurmError(NO_SUCH_NODE, hint="Memory specification can not be satisfied")
        job.number, self._next = self._next, self._next + 1
        job.partition, job.submitted = self.spec.partition, self._clock.now
        job.reason = "JobHeldUser" if held else self._obstacle(job)
        self._jobs[job.number] = job
        self._later()
        return job.number

    def _cancel(self, number: int) -> bool:
        job = self._jobs.get(number)
        if job is None or job.is_over:
            return False
        if job.state == PENDING:
            job.state, job.ended, job.signal = CANCELLED, self._clock.now, 0
        elif job.stop is not None:
            job.state, job.signal = CANCELLED, 15
            job.stop(15)
        return True

    def _hold(self, number: int, release: bool) -> None:
        job = self._jobs_known(number)[0]
        if job.state == PENDING:
            job.reason = self._obstacle(job) if release else "JobHeldUser"
            self._later()

    def _drain(self, node: str, reason: str) -> None:
        if node not in self.spec.nodes:
            raise SlurmError("Invalid node name specified")
        self.drained.pop(node, None)
        if reason:
            self.drained[node] = reason
        self._later()

    def _cluster(self) -> Controller:
        return self

    # -- what it does

    def free_cores(self, node: str) -> int:
        """Return how many cores of *node* no job has."""
        held = sum(
            job.cpus for job in self._jobs.values() if job.started >= 0.0 and not job.is_over
        )
        return self.spec.cores - held if node == self.spec.nodes[0] else self.spec.cores

    def state_of(self, node: str) -> str:
        """Return the state of *node* as scontrol has it."""
        free = self.free_cores(node)
        if node in self.drained:
            return "DRAINED" if free == self.spec.cores else "DRAINING"
        return "IDLE" if free == self.spec.cores else "MIXED" if free > 0 else "ALLOCATED"

    def _obstacle(self, job: Job) -> str:
        """Return why *job* can never begin, "None" if it can."""
        if job.limit_s > self.spec.limit_s:
            return "PartitionTimeLimit"
        if job.nodes > len(self.spec.nodes) or job.cpus > self.spec.cores * len(self.spec.nodes):
            return "PartitionConfig"
        return "None"

    def _later(self) -> None:
        def work() -> Generator[Any, Any, None]:
            yield self._clock.timeout(START_S)
            self._schedule()

        self._clock.process(work())

    def _schedule(self) -> None:
        node = self.spec.nodes[0]
        waits = False
        for job in self._jobs.values():
            if job.state != PENDING or job.reason not in (
                "None",
                "Priority",
                "Resources",
            ):
                continue
            if waits or node in self.drained or job.cpus > self.free_cores(node):
                job.reason = "Priority" if waits else "Resources"
                waits = True
                continue
            self._begin(job, node)

    def _begin(self, job: Job, node: str) -> None:
        job.state, job.reason, job.started, job.host = (
            RUNNING,
            "None",
            self._clock.now,
            node,
        )
        job.stop = job.begin(job)

        def limit() -> Generator[Any, Any, None]:
            yield self._clock.timeout(job.limit_s)
            if not job.is_over and job.stop is not None:
                job.state, job.reason = TIMEOUT, "TimeLimit"
                job.stop(15)

        self._clock.process(limit())

    def ended(self, job: Job, code: int, signal: int) -> None:
        """Note that the script of *job* is over."""
        job.ended = self._clock.now
        job.code, job.signal = 0 if signal else code, signal or job.signal
        if job.state == RUNNING:
            job.state = COMPLETED if not code and not signal else FAILED
            job.reason = "None" if job.state == COMPLETED else "NonZeroExitCode"
        self._later()


def of_site(domain: str, node: NodeSpec) -> SlurmSpec:
    """Return the cluster of a site at *domain*, as far as one of its nodes can see it."""
    return SlurmSpec(
        name=domain.partition(".")[0],
        nodes=(node.name,),
        cores=node.cores,
        memory_mb=node.memory_mb,
        host=f"slurmctld.{domain}",
    )


def configuration(spec: SlurmSpec) -> str:
    """Return the slurm.conf of a cluster's nodes."""
    return (
        f"ClusterName={spec.name}\nSlurmctldHost={spec.host}\nSlurmctldPort={spec.port}\n"
        f"NodeName={','.join(spec.nodes)} CPUs={spec.cores} RealMemory={spec.memory_mb}\n"
        f"PartitionName={spec.partition} Nodes=ALL Default=YES\n"
    )
