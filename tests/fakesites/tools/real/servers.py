"""Real servers on loopback, each in a folder of its own, started and ended by their pids.

They run as the user nobody where the tests run as root, so that permissions mean something.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import Any
from typing import Iterator

import pytest

STARTS_IN_S = 90.0
ENDS_IN_S = 10.0
NOBODY = "nobody"


def need(*programs: str) -> None:
    """Skip unless each of *programs* is installed."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    for program in programs:
        if shutil.which(program, path=path) is None:
            pytest.skip(f"{program} is not installed; `tox -e real-tools` installs it")


@contextlib.contextmanager
def scratch(name: str) -> Iterator[Path]:
    """Have a folder for a while that the user of the servers may enter, unlike pytest's."""
    with tempfile.TemporaryDirectory(prefix=f"flightsim-{name}-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def free_port() -> int:
    """Return a port of loopback at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def sleep(seconds: float) -> None:
    """Wait in real time: real programs know no other."""
    time.sleep(seconds)  # noqa: TID251


def wait_until(ready: Any, what: str, within_s: float = STARTS_IN_S) -> None:
    """Wait until *ready()*; skip the test if that does not come."""
    for _ in range(int(within_s / 0.1)):
        if ready():
            return
        sleep(0.1)
    pytest.skip(f"{what} did not start here")


def answers(port: int) -> bool:
    """Tell whether somebody listens at *port* of loopback."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0):
        return True
    return False


def give_away(*paths: Path) -> None:
    """Let the user of the servers own *paths* and what is below."""
    if os.geteuid() == 0:
        for path in paths:
            for each in (path, *path.rglob("*")):
                shutil.chown(each, NOBODY)


@contextlib.contextmanager
def running(*argv: str, log: Path, as_root: bool = False, **env: str) -> Iterator[int]:
    """Run a server, and end it (SIGTERM, then SIGKILL) by its pid; gives the pid."""
    user: dict[str, Any] = {}
    if os.geteuid() == 0 and not as_root:
        entry = pwd.getpwnam(NOBODY)
        user = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    words = {**os.environ, "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin", **env}
    with log.open("wb") as out:
        process = subprocess.Popen(
            argv, env=words, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd="/", **user
        )
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(ENDS_IN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Deaf:
    """A port that takes connections and says nothing, or resets them."""

    def __init__(self, *, resets: bool = False) -> None:
        self._resets = resets
        self._kept: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                taken, _ = self._listener.accept()
                if self._resets:
                    sleep(0.3)  # the client says its first word meanwhile
                    taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    taken.close()
                else:
                    self._kept.append(taken)

    def close(self) -> None:
        """Stop listening, and hang up."""
        for each in (self._listener, *self._kept):
            each.close()


@contextlib.contextmanager
def small_disk(path: Path) -> Iterator[None]:
    """Have a disk of one megabyte at *path*, or skip: only root may mount one."""
    path.mkdir(exist_ok=True)
    words = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=777", "tmpfs", str(path)]
    if os.geteuid() != 0 or subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here that runs full")
    try:
        yield
    finally:
        # A server may have a file of it open for a while.
        subprocess.run(["umount", "--lazy", str(path)], check=True)
