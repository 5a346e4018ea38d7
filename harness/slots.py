"""Pilots in their batch slots: how the batch system starts a pilot, and what it can do to one.

A pilot gets a node of its own, whose root holds the pilot's code and the credential; it runs
as a guest in the conductor's care, as a process of the node that signals can reach.
"""

from __future__ import annotations

import shutil
import signal as signals
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from typing import Callable
from typing import Mapping

import fakesites
from fakesites import cvmfs
from fakesites.batch import ENDED
from fakesites.batch import BatchQueue
from fakesites.machine import BATCH_PID
from fakesites.machine import MB
from fakesites.node import Node
from fakesites.processes import Process
from harness import guests
from harness import wrapped
from harness.conductor import Conductor
from harness.events import PILOT_EXIT
from harness.events import PILOT_START
from harness.families import Family
from harness.guests import Walls
from harness.harvester import options_of
from harness.harvester import variables_of
from harness.harvester import workflow_of
from harness.manner import PLAIN
from harness.manner import Manner
from harness.pilots import Command
from harness.pilots import Installed
from harness.pilots import PilotFacts
from harness.pilots import command_for
from harness.scenario import Pilot
from harness.world import World

OFFERED = "offered"
PYTHON_PATH = Path(fakesites.__file__ or "").resolve().parent / "pythonpath"


class Slots:
    """Starts the pilots of one flight. *python* is the interpreter that they run in."""

    def __init__(
        self,
        world: World,
        conductor: Conductor,
        installed: Installed,
        *,
        python: str,
        seed: int,
        outputs: Path,
        manner: Manner = PLAIN,
    ) -> None:
        self._world = world
        self._manner = manner
        self._conductor = conductor
        self._installed = installed
        self._python = python
        self._seed = seed
        self._outputs = outputs
        self._node_of: dict[str, str] = {}
        self._families: dict[str, Family] = {}
        self._pids: dict[str, int] = {}
        self._submitted: set[str] = set()
        self.batch: BatchQueue = world.site.batch(
            world.scenario.world.queue, start=self.start, signal=self.signal, lose=self.lose
        )

    def submit(self, pilot: str, *, node: str, walltime_s: float, after_s: float) -> None:
        """Send *pilot* to the batch system *after_s* seconds from now; it will run on *node*."""
        self._node_of[pilot] = node
        self._world.clock.process(self._submit(pilot, walltime_s, after_s))

    def _submit(self, pilot: str, walltime_s: float, after_s: float) -> Any:
        yield self._world.clock.timeout(after_s)
        harvester = self._world.harvester
        if harvester is not None and pilot in harvester.fed:
            yield harvester.fed[pilot]
        self._submitted.add(pilot)
        self.batch.submit(pilot, node=self._node_of[pilot], walltime_s=walltime_s)

    def are_over(self) -> bool:
        """Tell whether every pilot that was sent has ended."""
        return all(
            pilot in self._submitted and self.batch.state(pilot) == ENDED for pilot in self._node_of
        )

    # -- what the batch system does

    def start(self, pilot: str) -> None:
        """Start *pilot* on its node."""
        world = self._world
        node = world.nodes[self._node_of[pilot]]
        walls = furnish(world.roots[node.name], self._installed)
        walltime_s = self._plan(pilot).walltime_s
        world.site.tell_features(node.files, pilot, walltime_s=walltime_s)
        command = command_for(self._installed, self._facts(pilot, node))
        node.processes.users[pilot] = node.spec.user
        world.journal.emit(
            PILOT_START, who=pilot, pilot=pilot, argv=list(command.argv), cwd=command.cwd
        )
        wrapper = self._plan(pilot).wrapper
        if wrapper:
            self._start_wrapper(pilot, wrapper, command, node=node, walls=walls)
            return
        process = node.processes.add(
            ("python3", *command.argv),
            ppid=BATCH_PID,
            owner=pilot,
            user=node.spec.user,
            pgid=0,
            sid=0,
        )
        self._pids[pilot] = process.pid
        ended = partial(self._ended, pilot)
        self._fly(pilot, command, walls=walls, node=node, process=process, ended=ended)

    def lose(self, pilot: str) -> None:
        """Leave nothing of what *pilot* wrote: the batch system did not bring it back."""
        (self._outputs / f"{pilot}.out").write_bytes(b"")

    def _start_wrapper(
        self, pilot: str, name: str, command: Command, *, node: Node, walls: Walls
    ) -> None:
        """Start the wrapper called *name*, which starts the pilot."""

        def launch(
            argv: tuple[str, ...],
            env: Mapping[str, str],
            cwd: str,
            *,
            process: Process,
            ended: Callable[[int, int], None],
        ) -> None:
            flown = Command(argv, env, cwd)
            self._fly(pilot, flown, walls=walls, node=node, process=process, ended=ended)

        def say(text: str) -> None:
            with (self._outputs / f"{pilot}.out").open("a", encoding="utf-8") as output:
                output.write(text)

        draw = self._world.streams[f"wrapper/{pilot}"].randrange(100)
        self._pids[pilot] = wrapped.start(
            wrapped.Slot(pilot, node, launch, say, partial(self._ended, pilot)),
            wrapped.script_of(self._installed, name),
            argv=command.argv,
            env=wrapped.variables(command.argv, command.env, draw=draw),
            cwd=command.cwd,
        )

    def _fly(
        self,
        pilot: str,
        command: Command,
        *,
        walls: Walls,
        node: Node,
        process: Process,
        ended: Callable[[int, int], None],
    ) -> None:
        """Make *process* of the node the guest that runs the pilot."""
        world = self._world
        guest = guests.start(
            program_of(
                command.argv,
                command.env,
                command.cwd,
                root=walls.seen,
                packages=node.spec.packages,
            ),
            walls,
            name=pilot,
            python=self._python,
            seed=self._seed,
            epoch=world.clock.epoch,
            now=world.clock.now,
            facts=machine_facts(
                node,
                pid=process.pid,
                ppid=process.ppid,
                addresses=world.network.addresses(node.name, who=pilot),
            ),
            stdout=self._outputs / f"{pilot}.out",
            instruments=self._manner.instruments(
                pilot, seed=world.streams[f"schedule/{pilot}"].getrandbits(64)
            ),
        )
        family = Family(
            pilot,
            node=node,
            clock=world.clock,
            journal=world.journal,
            network=world.network,
            take=self._conductor.seat,
        )
        self._families[pilot] = family
        family.begin(process, guest, ended=ended)

    def signal(self, pilot: str, number: int, _reason: str) -> None:
        """Signal the processes of *pilot*'s slot, as the batch system does."""
        node = self._world.nodes[self._node_of[pilot]]
        node.processes.signal(self._pids[pilot], number, by="batch")
        if number == signals.SIGKILL:
            self._sweep(node, pilot)

    def _ended(self, pilot: str, code: int, number: int) -> None:
        """The pilot's program is over: the node, the journal and the batch system note it."""
        world = self._world
        node = world.nodes[self._node_of[pilot]]
        world.journal.emit(PILOT_EXIT, who=pilot, pilot=pilot, code=code, signal=number)
        if node.processes.find(self._pids[pilot]) is not None:
            node.processes.exit(self._pids[pilot], code=code, signal=number)
        if pilot in self._families:
            self._families[pilot].adopt()
        node.processes.report_left(pilot)
        self._sweep(node, pilot)
        self.batch.ended(pilot, code, number)

    def _sweep(self, node: Node, pilot: str) -> None:
        """End what is left of the slot, as a batch system does that tracks its processes."""
        left = [each.pid for each in node.processes.entered() if each.owner == pilot and each.alive]
        for pid in left:
            if pid != self._pids[pilot]:
                node.processes.signal(pid, int(signals.SIGKILL), by="batch")

    def _plan(self, pilot: str) -> Pilot:
        return self._world.scenario.pilots[list(self._node_of).index(pilot)]

    def _facts(self, pilot: str, node: Node) -> PilotFacts:
        scenario = self._world.scenario
        plan = self._plan(pilot)
        queue = scenario.world.queue
        has_cvmfs = bool(self._world.site.queue(queue).cvmfs)
        labels = [plan.label, *(job.label for job in scenario.jobs)]
        label = next((each for each in labels if each), "managed")
        return PilotFacts(
            queue=queue,
            label=label,
            experiment=plan.experiment,
            cvmfs=has_cvmfs,
            node=node.name,
            user=node.spec.user,
            walltime_s=plan.walltime_s,
            path=node.spec.path,
            root=node.files.seen,
            workflow=workflow_of(plan.harvester),
            extra=options_of(plan.harvester, node.files.seen),
            variables={
                **placed(self._world.site.environ(queue), node.files.seen),
                **(cvmfs.environ(node.files.seen) if has_cvmfs else {}),
                **placed(variables_of(plan.harvester, self._number(pilot)), node.files.seen),
                **self._world.given("environ"),
                **node.conditions.environ,
            },
        )

    def _number(self, pilot: str) -> int:
        return list(self._node_of).index(pilot) + 1


def placed(variables: Mapping[str, str], root: str) -> dict[str, str]:
    """Return *variables* with what they say of the node's folder, ``{root}``, made true."""
    return {name: value.replace("{root}", root) for name, value in variables.items()}


def furnish(walls: Walls, installed: Installed) -> Walls:
    """Put the pilot's code and the node's Python packages into the root of *walls*.

    Where there are namespaces they are only shown there: to the guest, not to the node's tools.
    """
    folders = (("pilot", installed.root), ("python", PYTHON_PATH))
    if walls.namespaces:
        return replace(walls, shown=folders)
    for name, source in folders:
        target = walls.real / name
        if not any(target.iterdir()):
            shutil.copytree(source, target, dirs_exist_ok=True, copy_function=shutil.copyfile)
    return walls


def program_of(
    argv: tuple[str, ...],
    env: Mapping[str, str],
    cwd: str,
    *,
    root: str,
    packages: tuple[str, ...] = (),
) -> guests.Program:
    """Return what the guest runs: ``-m MODULE`` or a script, then its arguments.

    *packages* are those that the node's Python offers besides what every node's has.
    """
    offered = (f"{root}/python/{OFFERED}/{name}" for name in packages)
    paths = (f"{root}/pilot", f"{root}/python", *offered)
    if argv[0] == "-m":
        return guests.Program(argv[1:], dict(env), cwd, paths, module=argv[1])
    return guests.Program(argv, dict(env), cwd, paths)


def machine_facts(
    node: Node, *, pid: int, addresses: tuple[str, ...], ppid: int = BATCH_PID
) -> dict[str, Any]:
    """Return what the interpreter of a pilot on *node* says about its machine."""
    spec = node.spec
    by_ipv6 = {":" in address: address for address in addresses}
    return {
        "pid": pid,
        "ppid": ppid,
        "uid": spec.uid,
        "gid": spec.gid,
        "user": spec.user,
        "home": f"{node.files.seen}/home",
        "hostname": node.hostname,
        "address": by_ipv6[False],
        "address6": by_ipv6.get(True, ""),
        "cpus": spec.cores,
        "memory": spec.memory_mb * MB,
        "load": [0.1, 0.1, 0.1],
        "release": spec.kernel,
    }
