"""The payload: its transform is downloaded, it runs in a session of its own, it is watched.

Read from pilot3@a090538b:pilot/control/payloads/generic.py and pilot/user/generic/setup.py. Not
modelled: pre- and post-process commands, containers, memory monitor.
"""

from __future__ import annotations

import signal
from dataclasses import dataclass
from pathlib import Path
from pathlib import PurePosixPath
from typing import Callable
from typing import Mapping
from urllib.parse import urlsplit

from pilotcore.commands import end_group
from pilotcore.commands import grace_for
from pilotcore.errors import Failure
from pilotcore.errors import PilotError
from pilotcore.logbook import Logbook
from pilotcore.orders import Cancelled
from pilotcore.orders import Orders
from pilotcore.platform import Child
from pilotcore.platform import Command
from pilotcore.platform import Exit
from pilotcore.platform import Flag
from pilotcore.platform import HttpFailure
from pilotcore.platform import Platform
from pilotcore.platform import Request
from pilotcore.watch import View
from pilotcore.watch import Watchdog

DOWNLOAD_TRIES = 3
DOWNLOAD_PAUSE_S = 60.0
DOWNLOAD_TIMEOUT_S = 60.0
# Variables of the pilot that are no business of a payload.
SECRETS = ("PANDA_AUTH_TOKEN", "PANDA_AUTH_TOKEN_KEY", "OIDC_AUTH_TOKEN", "PANDA_AUTH_DIR")


@dataclass(frozen=True)
class Ended:
    """How the payload ended: *code* as a shell gives it (128 + n for signal n).

    *core* is a core file of its own, *explained* the error that its experiment reads out of it.
    """

    code: int
    pid: int = 0
    core: str = ""
    explained: Failure | None = None


def download(
    platform: Platform,
    log: Logbook,
    *,
    url: str,
    base_urls: str,
    target: Path,
    orders: Orders,
) -> Path:
    """Fetch the transform at *url* into the directory *target*, and make it executable.

    Raises PilotError: 1149 if it must not or cannot be had, 1143 if it cannot be made so.
    """
    allowed = [each.strip() for each in base_urls.split(",") if each.strip()]
    if allowed and not any(_below(url, base) for base in allowed):
        raise PilotError(1149, f"{url} is not below {base_urls}")
    why = ""
    for attempt in range(DOWNLOAD_TRIES):
        if attempt:
            orders.sleep(platform, DOWNLOAD_PAUSE_S)
        try:
            response = platform.http(Request("GET", url, timeout_s=DOWNLOAD_TIMEOUT_S))
        except HttpFailure as failure:
            why = str(failure)
        else:
            why = _complaint(response.status, response.body)
            if not why:
                name = PurePosixPath(urlsplit(url).path).name
                return _save(response.body, target / (name or "transform"))
        log.warning(f"cannot download {url}: {why}")
    raise PilotError(1149, f"{url}: {why}")


def _below(url: str, base: str) -> bool:
    return url == base or url.startswith(base.rstrip("/") + "/")


def _complaint(status: int, body: bytes) -> str:
    """Return what is wrong with a download, "" if nothing is; a web page is no transform."""
    if status != 200:
        return f"HTTP {status}"
    if not body.strip():
        return "it is empty"
    try:
        body.decode()
    except UnicodeDecodeError:
        return "it is no text"
    page = body.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html"))
    return "it is a web page" if page else ""


def _save(body: bytes, path: Path) -> Path:
    try:
        path.write_bytes(body)
        path.chmod(0o755)
    except OSError as error:
        raise PilotError(1143, f"{path.name}: {error.strerror}") from error
    return path


class Payload:
    """One payload, from its start to the end of its last process."""

    def __init__(
        self,
        platform: Platform,
        log: Logbook,
        *,
        directory: Path,
        env: Mapping[str, str],
        watchdogs: tuple[Watchdog, ...],
    ) -> None:
        self._platform = platform
        self._log = log
        self._directory = directory
        self._env = {name: value for name, value in env.items() if name not in SECRETS}
        self._watchdogs = watchdogs

    def run(self, line: str, *, orders: Orders, started: Callable[[], None]) -> Ended:
        """Run the shell *line* until it ends; return how. *started* is called once it runs.

        Raises PilotError if it cannot start or a watchdog has it killed, Cancelled if an order
        has; its process group is gone in either case.
        """
        orders.check()
        wake = self._platform.flag()
        child = self._start(line, wake)
        view = View(self._directory, child.pid, self._platform.now())
        self._log.info(f"payload {child.pid}: {line}")
        started()
        try:
            over = self._wait(child, wake=wake, view=view, orders=orders)
        except (Cancelled, PilotError) as reason:
            self._log.error(f"killing payload {child.pid}: {reason}")
            if not end_group(child, wake=wake, grace_s=grace_for(orders)):
                self._log.error(f"payload {child.pid} does not die")
            raise
        # What it left running in its group would outlive the job.
        child.signal_group(signal.SIGKILL)
        return Ended(128 + over.signal if over.signal else over.code, child.pid)

    def _start(self, line: str, wake: Flag) -> Child:
        command = Command(
            ("/bin/bash", "-c", line),
            cwd=self._directory,
            env=self._env,
            stdout=self._directory / "payload.stdout",
            stderr=self._directory / "payload.stderr",
        )
        try:
            return self._platform.start(command, wake=wake)
        except OSError as error:
            raise PilotError(1220, str(error)) from error

    def _wait(self, child: Child, *, wake: Flag, view: View, orders: Orders) -> Exit:
        due = {dog: self._platform.monotonic() + dog.every_s for dog in self._watchdogs}
        with orders.waking(wake):
            while (over := child.exit()) is None:
                orders.check()
                next_due = min(due.values(), default=None)
                left = None if next_due is None else next_due - self._platform.monotonic()
                if not wake.wait(None if left is None else max(0.0, left)):
                    self._look(due, view)
        return over

    def _look(self, due: dict[Watchdog, float], view: View) -> None:
        now = self._platform.monotonic()
        for dog, instant in due.items():
            if instant <= now:
                due[dog] = now + dog.every_s
                failure = self._ask(dog, view)
                if failure is not None:
                    raise PilotError(failure.code, failure.detail)

    def _ask(self, dog: Watchdog, view: View) -> Failure | None:
        try:
            return dog.look(view)
        except OSError as error:
            # A watchdog that cannot see is no reason to kill the payload (INC-033, INC-037).
            self._log.warning(f"{type(dog).__name__} cannot see: {error}")
            return None


def failure_of(ended: Ended) -> Failure | None:
    """Return what the end of a payload means to the server; None if all is well.

    The code itself is always reported as transExitCode. One that ended by a signal was mostly
    ended by something else, which is then the cause.
    """
    if ended.core:
        return Failure(1355, f"{ended.core}, exit code {ended.code}")
    if ended.explained is not None:
        return ended.explained
    if not ended.code:
        return None
    if ended.code == 128 + signal.SIGSEGV:
        return Failure(1328, f"exit code {ended.code}")
    # Through a shell the signal arrives as an exit code.
    killed = ended.code in (128 + signal.SIGTERM, 128 + signal.SIGKILL)
    return Failure(1305, f"exit code {ended.code}", consequence=killed)
