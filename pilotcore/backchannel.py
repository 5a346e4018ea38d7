"""Commands that the server puts into the answer of an update.

Known: tobekilled, softkill, debug, debugoff, ``tail FILE``, ps, ls; alreadydone and badattemptnr
say that the server no longer counts on this attempt. Anything else is noted and ignored. Read
from panda-server@9cc3603:pandaserver/taskbuffer/db_proxy_mods/job_complex_module.py and
pilot3@a090538b:pilot/control/job.py#handle_backchannel_command.
"""

from __future__ import annotations

from pathlib import Path

from pilotcore.commands import run
from pilotcore.logbook import Logbook
from pilotcore.logs import is_secret
from pilotcore.logs import tail
from pilotcore.orders import Order
from pilotcore.orders import Orders
from pilotcore.platform import Command
from pilotcore.platform import Platform
from pilotcore.server import SETTLED

DEBUG_INTERVAL_S = 300.0
TAIL_BYTES = 2048
PS_TIMEOUT_S = 30.0


class BackChannel:
    """Obeys the server's commands for one job."""

    def __init__(
        self, platform: Platform, log: Logbook, *, orders: Orders, directory: Path, debug: bool
    ) -> None:
        self.debug = debug
        self.soft_kill = False
        self._platform = platform
        self._log = log
        self._orders = orders
        self._directory = directory
        self._asked = ""

    def obey(self, commands: tuple[str, ...]) -> None:
        """Do what the server says."""
        for command in commands:
            self._log.info(f"the server says {command!r}")
            self._obey(command)

    def _obey(self, command: str) -> None:
        word = command.split()[0]
        if word == "tobekilled":
            self._orders.give(Order(1144, "tobekilled"))
        elif word in SETTLED:
            self._orders.give(Order(1236, word))
        elif word == "softkill":
            self.soft_kill = True
        elif word in ("debug", "debugoff"):
            self.debug = word == "debug"
        elif word in ("tail", "ls", "ps"):
            self._asked = command
        else:
            self._log.warning(f"unknown command {command!r}")

    def stdout(self) -> str:
        """Return what the next update shows: the answer to what was asked, or the active log."""
        asked, self._asked = self._asked, ""
        word, _, rest = asked.partition(" ")
        if word == "ls":
            return "\n".join(sorted(path.name for path in self._directory.glob("*")))[:TAIL_BYTES]
        if word == "ps":
            command = Command(("ps", "-eo", "pid,ppid,stat,comm"))
            return run(self._platform, command, timeout_s=PS_TIMEOUT_S).stdout[:TAIL_BYTES]
        if word == "tail":
            return self._tail(self._directory / rest.strip())
        return self._tail(self._active_log()) if self.debug else ""

    def _active_log(self) -> Path:
        """Return the log that is being written: the newest of payload.stdout and ``*.log``."""
        logs = [*self._directory.glob("*.log"), self._directory / "payload.stdout"]
        there = sorted(path for path in logs if path.is_file())
        return max(there, key=lambda path: path.stat().st_mtime, default=logs[-1])

    def _tail(self, path: Path) -> str:
        """Return the end of *path*; nothing outside the work directory is ever shown."""
        root = self._directory.resolve()
        target = path.resolve()
        if root not in target.parents or is_secret(target.name) or not target.is_file():
            return f"{path.name}: not a file of the job"
        return tail(target, TAIL_BYTES).decode("utf-8", errors="replace")
