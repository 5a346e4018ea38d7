"""Starting payloads where the pilot itself may start none: by the launcher of the batch system.

Compute nodes of some supercomputers have one process each, and no fork. What runs there is started
by a launcher (aprun, runjob, srun) on a front-end, which sees the same files. Here it is asked by
files in the folder that PILOT_LAUNCHER names; *n* counts the requests of one pilot:

    n.run         {"argv": …, "cwd": …, "env": …, "stdout": …, "stderr": …}
    n.pid         {"pid": …}, or {"error": errno} if it cannot be started
    n.signal.m    {"signal": …} for its process group
    n.end         {"code": …, "signal": …}

Only starting is different: LauncherPlatform passes everything else on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Callable
from typing import Iterator

from pilotcore.platform import Child
from pilotcore.platform import Command
from pilotcore.platform import Exit
from pilotcore.platform import Flag
from pilotcore.platform import Platform
from pilotcore.platform import Request
from pilotcore.platform import Response
from pilotcore.platform import Task
from pilotcore.run.access_point import read_json
from pilotcore.run.access_point import write_json

VARIABLE = "PILOT_LAUNCHER"
LOOK_S = 5.0
START_LOOKS = 60
UNAVAILABLE = 11
"""EAGAIN, for a launcher that says nothing."""


class LauncherPlatform:
    """A platform whose programs are started by the launcher that reads *folder*."""

    def __init__(self, platform: Platform, folder: Path) -> None:
        self._platform = platform
        self._folder = folder
        self._started = 0

    def now(self) -> float:
        """Return POSIX seconds."""
        return self._platform.now()

    def monotonic(self) -> float:
        """Return seconds of a clock that is never stepped."""
        return self._platform.monotonic()

    def flag(self) -> Flag:
        """Return a new flag, not set."""
        return self._platform.flag()

    def spawn(self, work: Callable[[], None], *, name: str) -> Task:
        """Run *work* beside the caller."""
        return self._platform.spawn(work, name=name)

    def attend(self, work: Callable[[], Iterator[float | None]], *, wake: Flag, name: str) -> Task:
        """Run *work* beside the caller; it yields how many seconds to wait for *wake*."""
        return self._platform.attend(work, wake=wake, name=name)

    def http(self, request: Request) -> Response:
        """Perform *request*; raises HttpFailure."""
        return self._platform.http(request)

    def new_guid(self) -> str:
        """Return a fresh GUID for an output file."""
        return self._platform.new_guid()

    def path(self, text: str) -> Path:
        """Return the path *text* of this node."""
        return self._platform.path(text)

    def cores(self) -> int:
        """Return how many cores this node has."""
        return self._platform.cores()

    def start(self, command: Command, *, wake: Flag) -> Child:
        """Have *command* started; set *wake* when it has ended. Raises OSError."""
        self._started += 1
        stem = str(self._started)
        write_json(
            self._folder / f"{stem}.run",
            {
                "argv": list(command.argv),
                "cwd": str(command.cwd or ""),
                "env": dict(command.env or {}),
                "stdout": str(command.stdout or ""),
                "stderr": str(command.stderr or ""),
            },
        )
        child = LaunchedChild(self._folder, stem, pid=self._pid(stem), wake=wake)
        self._platform.attend(child.watch, wake=self._platform.flag(), name=f"launched {stem}")
        return child

    def _pid(self, stem: str) -> int:
        for _ in range(START_LOOKS):
            said = read_json(self._folder / f"{stem}.pid")
            if isinstance(said, dict):
                if "pid" in said:
                    return int(said["pid"])
                raise OSError(int(said["error"]), "the launcher cannot start it")
            self._platform.flag().wait(LOOK_S)
        raise OSError(UNAVAILABLE, "the launcher does not answer")


class LaunchedChild:
    """A process that the launcher has started."""

    def __init__(self, folder: Path, stem: str, *, pid: int, wake: Flag) -> None:
        self._folder = folder
        self._stem = stem
        self._pid = pid
        self._wake = wake
        self._signals = 0
        self._exit: Exit | None = None

    @property
    def pid(self) -> int:
        """Return its pid, which is also the id of its group."""
        return self._pid

    def exit(self) -> Exit | None:
        """Return how it ended, or None while it runs."""
        return self._exit

    def signal_group(self, number: int) -> bool:
        """Send signal *number* to its whole group; return False if it has ended."""
        if self._exit is not None:
            return False
        self._signals += 1
        write_json(self._folder / f"{self._stem}.signal.{self._signals}", {"signal": int(number)})
        return True

    def watch(self) -> Iterator[float | None]:
        """Look for its end from time to time, then say so."""
        while self._exit is None:
            said = read_json(self._folder / f"{self._stem}.end")
            if isinstance(said, dict):
                self._exit = Exit(int(said["code"]), int(said["signal"]))
                self._wake.set()
                return
            yield LOOK_S
