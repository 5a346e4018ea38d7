"""Pilots in their batch slots, inside the host: the core itself in the place of a guest."""

from __future__ import annotations

import signal as signals
from contextlib import suppress
from functools import partial
from typing import Any
from typing import Callable
from typing import Sequence
from typing import TextIO

from fakesites.node import Node
from fakesites.processes import Process
from harness.guests import Walls
from harness.inprocess.faithful import NodePlatform
from harness.inprocess.hub import Hub
from harness.pilots import Command
from harness.slots import Slots
from pilotcore.__main__ import BROKEN_PLUG_IN
from pilotcore.__main__ import LOG_NAME
from pilotcore.__main__ import WRONG_COMMAND_LINE
from pilotcore.experiments import BrokenPlugIn
from pilotcore.experiments import UnknownExperiment
from pilotcore.experiments import load
from pilotcore.logbook import Logbook
from pilotcore.options import parse
from pilotcore.pilot import Pilot
from pilotcore.signals import WATCHED

SUSPENDING = (signals.SIGSTOP, signals.SIGTSTP)
UNHEARD = (signals.SIGCHLD, signals.SIGCONT, signals.SIGPIPE, signals.SIGURG, signals.SIGWINCH)
Ended = Callable[[int, int], None]


class HostSlots(Slots):
    """Starts the pilots of one flight as strands of the host."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.lives: list[Life] = []

    def _fly(
        self,
        pilot: str,
        command: Command,
        *,
        walls: Walls,  # noqa: ARG002
        node: Node,
        process: Process,
        ended: Ended,
    ) -> None:
        """Make *process* of the node the pilot."""
        # A wrapper's candidate has the same code by another name: -m pilotcore.__main__.
        argv = command.argv[2:] if command.argv[:1] == ("-m",) else command.argv
        output = (self._outputs / f"{pilot}.out").open("a", encoding="utf-8")
        life = Life(
            Hub(self._world.clock, order=len(self.lives), exact=True), output, process, ended
        )
        self.lives.append(life)
        platform = NodePlatform(
            life.hub,
            node,
            self._world.network,
            who=pilot,
            pid=process.pid,
            cwd=command.cwd,
            env=command.env,
            options=parse(argv),
            seed=self._seed,
        )
        life.begin(platform, argv)


class Life:
    """One pilot of the core from its start to its end; *ended* is told how that was."""

    def __init__(self, hub: Hub, output: TextIO, process: Process, ended: Ended) -> None:
        self.hub = hub
        self._output = output
        self._process = process
        self._ended = ended
        self._over = False
        self._fresh = True
        self._platform: NodePlatform | None = None
        self._pilot: Pilot | None = None

    def begin(self, platform: NodePlatform, argv: Sequence[str]) -> None:
        """Start the pilot on *platform*, at this instant."""
        self._platform = platform
        self._process.handler = self.heed
        self._process.heeds_stops = True
        self.hub.spawn(partial(self._live, platform, argv))

    def _live(self, platform: NodePlatform, argv: Sequence[str]) -> None:
        self._fresh = False
        options = parse(argv)
        start = platform.path(options.workdir or platform.cwd)
        with suppress(OSError):
            start.mkdir(parents=True, exist_ok=True)
        log = Logbook(platform, path=start / LOG_NAME, stream=self._output)
        try:
            load(options.experiment)
        except (BrokenPlugIn, UnknownExperiment) as error:
            log.error(str(error))
            unknown = isinstance(error, UnknownExperiment)
            self._end_soon(WRONG_COMMAND_LINE if unknown else BROKEN_PLUG_IN)
            return
        self._pilot = Pilot(
            options, platform, log, env=platform.env, node=platform.node.hostname, start=start
        )
        self._end_soon(self._pilot.run())

    def _end_soon(self, code: int) -> None:
        """End at this instant, on the stack of the host: others may be started by it."""
        self.hub.at(0.0, lambda _moment: self._end(code, 0))

    def heed(self, number: int) -> None:
        """The process gets signal *number*, from whomever."""
        if number == signals.SIGKILL:
            self._end(0, number)
        elif number in SUSPENDING:
            self.hub.suspend()
        elif number == signals.SIGCONT:
            self.hub.go_on()
        elif number in WATCHED:
            self._tell(partial(self._interrupt, number))
        elif number not in UNHEARD:
            self._end(0, number)

    def _tell(self, act: Callable[[], None]) -> None:
        """Have *act* done beside what is due now; before anything is, the pilot begins first."""
        if self._fresh:
            self.hub.at(0.0, lambda _moment: act())
        else:
            self.hub.spawn(act)

    def _interrupt(self, number: int) -> None:
        if self._pilot is not None:
            self._pilot.interrupt(number)

    def _end(self, code: int, number: int) -> None:
        if self._over:
            return
        self._over = True
        self.hub.end()
        if self._platform is not None:
            self._platform.leave()
        self._output.close()
        self._ended(code, int(number))
