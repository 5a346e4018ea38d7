"""prmon beside the payload, where the site's software has it: it writes what the payload uses.

It belongs to the payload's time and to no other. One that has died is started again while the
payload runs, a few times, and never after (INC-053); how it ends is nothing of the payload's
(INC-055). It writes outside of the work directory, where its lines would pass for a payload that
is alive; its summary is moved there at the end, for the log.
Read from pilot3@a090538b:pilot/user/atlas/utilities.py#get_memory_monitor_setup.
"""

from __future__ import annotations

import signal
from contextlib import suppress
from pathlib import Path
from typing import Callable
from typing import Mapping

from pilotcore.commands import end_group
from pilotcore.errors import Failure
from pilotcore.files import move
from pilotcore.files import remove_tree
from pilotcore.logbook import Logbook
from pilotcore.platform import Child
from pilotcore.platform import Command
from pilotcore.platform import Flag
from pilotcore.platform import Platform
from pilotcore.software import BASE
from pilotcore.software import BASE_VARIABLE
from pilotcore.software import LOCAL_ROOT
from pilotcore.watch import View

PRMON = "x86_64/prmon/current/bin/prmon"
SUMMARY = "memory_monitor_summary.json"
INTERVAL_S = 60
STARTS_MAX = 5
EVERY_S = 60.0
END_S = 10.0


def prmon_of(env: Mapping[str, str], path: Callable[[str], Path] = Path) -> Path:
    """Return where the site's prmon would be; *path* makes paths."""
    return path(f"{env.get(BASE_VARIABLE) or BASE}/{LOCAL_ROOT}/{PRMON}")


class Monitor:
    """Keeps one prmon running while it is looked after; says nothing against any payload."""

    every_s = EVERY_S

    def __init__(
        self, platform: Platform, log: Logbook, *, program: Path, target: Path, folder: Path
    ) -> None:
        self._platform = platform
        self._log = log
        self._program = program
        self._target = target
        self._folder = folder
        self._starts = 0
        self._child: Child | None = None
        self._wake: Flag = platform.flag()

    def look(self, view: View) -> Failure | None:
        """Start prmon unless it runs, or has been started too often."""
        running = self._child is not None and self._child.exit() is None
        if not running and self._starts < STARTS_MAX:
            self._starts += 1
            self._start(view.pid)
        return None

    def _start(self, pid: int) -> None:
        self._folder.mkdir(exist_ok=True)
        argv = (str(self._program), "--pid", str(pid), "--interval", str(INTERVAL_S))
        command = Command((*argv, "--json-summary", SUMMARY), cwd=self._folder)
        self._log.info(f"{' '.join(command.argv)} (start {self._starts})")
        self._wake.clear()
        self._child = self._platform.start(command, wake=self._wake)

    def end(self) -> int:
        """Have prmon write its summary and end; return its exit code, 0 if there was none."""
        child = self._child
        if child is None:
            return 0
        if child.exit() is None:
            child.signal_group(signal.SIGUSR1)
            self._wake.wait(END_S)
        end_group(child, wake=self._wake)
        over = child.exit()
        summary = self._folder / SUMMARY
        if summary.is_file():
            move(summary, self._target / SUMMARY)
        with suppress(OSError):
            remove_tree(self._folder)
        return 0 if over is None else 128 + over.signal if over.signal else over.code
