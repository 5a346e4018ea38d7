"""What runs on a node: a command, the life of its process, and what came of it.

A process of the node is a generator that yields events of the clock. It is run up to its first
wait at once, in the caller's own call; most commands end there and never trouble the clock.
What is left is followed by a Life, which is to a process what simpy.Process would be, except
that a signal takes effect at once and not at the next step of the clock: after ``kill -9``
returned, ps must not show the victim running. Not modelled: scheduling between processes.
"""

from __future__ import annotations

import signal as signals
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from typing import Callable
from typing import Generator
from typing import Mapping

import simpy

from fakesites.processes import IGNORED
from fakesites.processes import Process
from simkernel.clock import Clock
from simkernel.errors import HarnessError

if TYPE_CHECKING:
    from fakesites.feeds import Feed

Work = Generator[simpy.Event, Any, int]
Ended = Callable[[int, int], None]
OnOutput = Callable[[str, str], None]
Writer = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Exit:
    """How a process ended: its *code*, or -signal and the *signal*; and all that it wrote."""

    code: int
    signal: int = 0
    stdout: str = ""
    stderr: str = ""


def signal_of(interrupt: simpy.Interrupt) -> int:
    """Return the number of the signal that *interrupt* stands for."""
    assert isinstance(interrupt.cause, int), f"not a signal: {interrupt.cause!r}"
    return interrupt.cause


@dataclass(frozen=True, slots=True)
class Command:
    """What to spawn: an argv, or a text for ``/bin/bash -c``.

    *cwd* is a guest's path, *stdin* all of the standard input, *ppid* who waits for it, *owner*
    whose it is ("pilot-1"). *on_output* gets ("stdout" or "stderr", text) as it is written,
    *merge_stderr* sends both to stdout. By *feed* the input comes piece by piece.
    """

    argv: tuple[str, ...] | str
    env: Mapping[str, str]
    cwd: str = "/srv/work"
    stdin: str = ""
    ppid: int = 1
    owner: str = "pilot-1"
    user: str = ""
    new_session: bool = False
    new_group: bool = False
    on_output: OnOutput | None = None
    merge_stderr: bool = False
    feed: Feed | None = None


class Running:
    """A spawned command: its *process*, and its *finished* Exit once it has one.

    *done* is an event with the Exit as its value. *drained* comes when the last process that
    holds the output has ended, which is when a reader of the pipe sees its end: an orphan that
    survived the shell keeps it open.
    """

    __slots__ = ("_clock", "_done", "_drained", "_err", "_out", "finished", "holders", "process")

    def __init__(self, clock: Clock, process: Process) -> None:
        self._clock = clock
        self._done: simpy.Event | None = None
        self._drained: simpy.Event | None = None
        self._out: list[str] = []
        self._err: list[str] = []
        self.process = process
        self.finished: Exit | None = None
        self.holders = 0

    @property
    def pid(self) -> int:
        """Return the pid of the command."""
        return self.process.pid

    @property
    def stdout(self) -> str:
        """Return what was written to standard output so far."""
        return "".join(self._out)

    @property
    def stderr(self) -> str:
        """Return what was written to standard error so far."""
        return "".join(self._err)

    @property
    def done(self) -> simpy.Event:
        """Return the event of the command's end; its value is the Exit."""
        if self._done is None:
            self._done = self._clock.event()
            if self.finished is not None:
                self._done.succeed(self.finished)
        return self._done

    @property
    def drained(self) -> simpy.Event:
        """Return the event of the output's end."""
        if self._drained is None:
            self._drained = self._clock.event()
            if self.finished is not None and not self.holders:
                self._drained.succeed()
        return self._drained

    def writers(self, command: Command) -> tuple[Writer, Writer]:
        """Return where the command's output and its errors go."""
        if command.on_output is None:
            return self._out.append, (self._out if command.merge_stderr else self._err).append
        out = _teller("stdout", self._out, command.on_output)
        return out, out if command.merge_stderr else _teller("stderr", self._err, command.on_output)

    def end(self, code: int, signal: int) -> None:
        """Note the end of the command."""
        self.finished = Exit(code, signal, self.stdout, self.stderr)
        if self._done is not None:
            self._done.succeed(self.finished)
        self._drain()

    def hold(self) -> None:
        """Note one more process that holds the output."""
        self.holders += 1

    def release(self) -> None:
        """Note that one of the processes that hold the output is gone."""
        self.holders -= 1
        self._drain()

    def _drain(self) -> None:
        gone = self.finished is not None and not self.holders
        if gone and self._drained is not None and not self._drained.triggered:
            self._drained.succeed()


def _teller(stream: str, kept: list[str], tell: OnOutput) -> Writer:
    def write(text: str) -> None:
        kept.append(text)
        tell(stream, text)

    return write


class Life:
    """Follows the *work* of one process from wait to wait, and brings it signals."""

    __slots__ = ("_busy", "_ended", "_signals", "_target", "_work", "process")

    def __init__(self, process: Process, work: Work, ended: Ended) -> None:
        self.process = process
        self._work = work
        self._ended = ended
        self._target: simpy.Event | None = None
        self._busy = False
        self._signals: list[int] = []

    def doom(self, sig: int) -> None:
        """Note a signal that came before there was anything to wait for."""
        self._signals.append(sig)

    def follow(self, event: simpy.Event) -> None:
        """Go on from *event*, for which the work waits."""
        self._wait(event)
        self._heed()

    def signal(self, sig: int) -> None:
        """Bring *sig* to the process; one that runs at this moment heeds it when it waits."""
        if sig in IGNORED:
            return
        self._signals.append(sig)
        if self._busy:
            self.process.doomed = sig
        else:
            self._heed()

    def _heed(self) -> None:
        while self._signals and self._target is not None:
            sig = self._signals.pop(0)
            self.process.doomed = 0
            self._leave_target()
            if sig == signals.SIGKILL:
                self._work.close()
                self._ended(-sig, sig)
            else:
                self._advance(self._work.throw, simpy.Interrupt(sig))

    def _leave_target(self) -> None:
        target, self._target = self._target, None
        if target is not None and target.callbacks is not None:
            target.callbacks.remove(self._resume)

    def _resume(self, event: simpy.Event) -> None:
        self._target = None
        self._advance(*self._answer(event))
        self._heed()

    def _answer(self, event: simpy.Event) -> tuple[Callable[[Any], simpy.Event], Any]:
        if event.ok:
            return self._work.send, event.value
        event.defused = True
        return self._work.throw, event.value

    def _advance(self, move: Callable[[Any], simpy.Event], value: Any) -> None:
        self._busy = True
        try:
            event = move(value)
        except StopIteration as stop:
            sig = self.process.doomed
            self._ended(-sig if sig else stop.value, sig)
        except simpy.Interrupt as interrupt:
            self._ended(-signal_of(interrupt), signal_of(interrupt))
        else:
            self._wait(event)
        finally:
            self._busy = False

    def _wait(self, event: simpy.Event) -> None:
        if not isinstance(event, simpy.Event):
            raise HarnessError(f"{self.process.argv[0]} waits for {event!r}, which is no event")
        if event.callbacks is None:  # it lies in the past already
            self._advance(*self._answer(event))
        else:
            self._target = event
            event.callbacks.append(self._resume)


def begin(process: Process, work: Work) -> simpy.Event | tuple[int, int]:
    """Run *work* up to its first wait; return the event, or how it ended: (code, signal)."""
    try:
        return next(work)
    except StopIteration as stop:
        sig = process.doomed
        return (-sig, sig) if sig else (stop.value, 0)
    except simpy.Interrupt as interrupt:
        return -signal_of(interrupt), signal_of(interrupt)
