"""The Platform of a real worker node: the standard library and nothing else.

Also what a guest in virtual time flies with: the blocking calls below are the ones that are
replaced underneath it. One thread waits for each child, so that nobody polls.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
import uuid
from pathlib import Path
from typing import BinaryIO
from typing import Callable
from typing import Iterator

from pilotcore.live_http import Browser
from pilotcore.platform import Command
from pilotcore.platform import Exit
from pilotcore.platform import Flag
from pilotcore.platform import Request
from pilotcore.platform import Response

OUTPUT_MAX = 1 << 20
"""Bytes of a command's output that are kept: the end of it."""


class LivePlatform:
    """Implements platform.Platform."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def now(self) -> float:
        """Return POSIX seconds."""
        return time.time()  # noqa: TID251 (this is the clock)

    def monotonic(self) -> float:
        """Return seconds of a clock that is never stepped."""
        return time.monotonic()

    def flag(self) -> Flag:
        """Return a new flag."""
        return threading.Event()

    def spawn(self, work: Callable[[], None], *, name: str) -> threading.Thread:
        """Run *work* on a thread that does not keep the interpreter alive."""
        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
        return thread

    def attend(
        self, work: Callable[[], Iterator[float | None]], *, wake: Flag, name: str
    ) -> threading.Thread:
        """Run *work* on a thread that waits for *wake* as long as *work* yields."""

        def live() -> None:
            for pause_s in work():
                wake.wait(pause_s)

        return self.spawn(live, name=name)

    def http(self, request: Request) -> Response:
        """Perform *request*."""
        return self._browser.fetch(request)

    def start(self, command: Command, *, wake: Flag) -> LiveChild:
        """Start *command* in a session of its own."""
        out, err = _sink(command.stdout), _sink(command.stderr)
        try:
            process = subprocess.Popen(
                list(command.argv),
                cwd=command.cwd,
                env=None if command.env is None else dict(command.env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
        except OSError:
            out.close()
            err.close()
            raise
        child = LiveChild(process, out=out, err=err, wake=wake)
        self.spawn(child.watch, name=f"child {process.pid}")
        return child

    def new_guid(self) -> str:
        """Return a random GUID in the form that catalogues use."""
        return str(uuid.uuid4()).upper()  # noqa: TID251 (this is where chance comes from)

    def path(self, text: str) -> Path:
        """Return the path *text*."""
        return Path(text)

    def cores(self) -> int:
        """Return how many cores this machine has."""
        return os.cpu_count() or 1


class LiveChild:
    """A process of this node."""

    def __init__(
        self, process: subprocess.Popen[bytes], *, out: BinaryIO, err: BinaryIO, wake: Flag
    ) -> None:
        self._process = process
        self._out = out
        self._err = err
        self._wake = wake
        self._exit: Exit | None = None

    @property
    def pid(self) -> int:
        """Return its pid, which is also the id of its group."""
        return self._process.pid

    def exit(self) -> Exit | None:
        """Return how it ended, or None while it runs."""
        return self._exit

    def signal_group(self, number: int) -> bool:
        """Send signal *number* to its group; return False if nobody is left in it."""
        try:
            os.killpg(self.pid, number)
        except (ProcessLookupError, PermissionError):
            # PermissionError: the group is gone and its number belongs to somebody else.
            return False
        return True

    def watch(self) -> None:
        """Wait for the end, then say so; runs on a thread of its own."""
        code = self._process.wait()
        said = _end_of(self._out), _end_of(self._err)
        self._exit = Exit(code, 0, *said) if code >= 0 else Exit(0, -code, *said)
        self._wake.set()


def _sink(path: Path | None) -> BinaryIO:
    """Return a file for a command's output: the one named, else one that is in memory.

    Not a pipe: a daemon that a tool leaves behind would keep it open for ever, and nobody would
    learn that the tool has ended (INC-051). Not a disk: it may be full.
    """
    if path is not None:
        return open(path, "w+b")
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("output"), "w+b")
    return tempfile.TemporaryFile()


def _end_of(sink: BinaryIO) -> str:
    """Return the last OUTPUT_MAX bytes of *sink*, and close it; named files are not read."""
    with sink:
        size = os.fstat(sink.fileno()).st_size
        sink.seek(max(0, size - OUTPUT_MAX))
        return sink.read(OUTPUT_MAX).decode("utf-8", errors="replace")


def ignore_broken_pipes() -> None:
    """Let writing to a closed stdout raise an error instead of ending the pilot."""
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
