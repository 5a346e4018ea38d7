"""The real machine as a vantage.

Whatever could hang is asked in a child that is given up at the time limit (`_files`, `_net`,
`_forked`), and commands run in a session of their own (`_commands`).
"""

from __future__ import annotations

import os
import pwd
import resource
import socket
import time
from functools import partial
from typing import Mapping
from typing import Optional
from typing import Sequence

from siteverify import _files
from siteverify import _net
from siteverify._commands import run_command
from siteverify._forked import ask_in_child
from siteverify.vantage import PATIENCE_S
from siteverify.vantage import Answer
from siteverify.vantage import Cpus
from siteverify.vantage import FaultError
from siteverify.vantage import Limit
from siteverify.vantage import Ran
from siteverify.vantage import Space
from siteverify.vantage import Stat

LIMITS = ("nofile", "nproc", "stack", "as", "fsize", "core", "cpu")


class LocalMachine:
    """The machine that this runs on; *where* is WN on a worker node, CE or client elsewhere."""

    def __init__(self, where: str = "WN") -> None:
        self._where = where

    @property
    def where(self) -> str:
        """Name the kind of place."""
        return self._where

    def hostname(self) -> str:
        """Return the host's name."""
        return socket.gethostname()

    def now(self) -> float:
        """Return the wall clock."""
        return time.time()  # noqa: TID251  this is where the real clock comes in

    def env(self) -> Mapping[str, str]:
        """Return a copy of the environment."""
        return dict(os.environ)

    def cwd(self) -> str:
        """Return the working directory."""
        return os.getcwd()

    def uid(self) -> int:
        """Return the numeric user."""
        return os.getuid()

    def account(self) -> Optional[str]:
        """Look the user up; raise HangError where LDAP or sssd does not answer."""
        uid = os.getuid()
        what = f"account of uid {uid}"
        return ask_in_child(partial(_account, uid), what=what, timeout_s=PATIENCE_S)

    def cpus(self) -> Cpus:
        """Count the processors, and those of the affinity mask."""
        online = os.cpu_count() or 1
        usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else online
        return Cpus(online, usable)

    def load(self) -> float:
        """Return the one minute load average."""
        try:
            return os.getloadavg()[0]
        except OSError as error:
            raise FaultError("load average", "ENODATA") from error

    def limits(self) -> Mapping[str, Limit]:
        """Return the resource limits."""
        return {name: _limit(getattr(resource, f"RLIMIT_{name.upper()}")) for name in LIMITS}

    def stat(self, path: str, *, timeout_s: float = PATIENCE_S) -> Stat:
        """Describe *path*."""
        return _files.stat(path, timeout_s=timeout_s)

    def list_dir(self, path: str, *, timeout_s: float = PATIENCE_S) -> tuple[str, ...]:
        """List *path*."""
        return _files.list_dir(path, timeout_s=timeout_s)

    def read_text(self, path: str, *, timeout_s: float = PATIENCE_S) -> str:
        """Read the beginning of *path*."""
        return _files.read_text(path, timeout_s=timeout_s)

    def space(self, path: str, *, timeout_s: float = PATIENCE_S) -> Space:
        """Measure the file system of *path*."""
        return _files.space(path, timeout_s=timeout_s)

    def write_probe(
        self, directory: str, *, size_bytes: int, timeout_s: float = PATIENCE_S
    ) -> bool:
        """Write, sync, read back and delete a file."""
        return _files.write_probe(directory, size_bytes=size_bytes, timeout_s=timeout_s)

    def exec_probe(self, directory: str, *, timeout_s: float = PATIENCE_S) -> bool:
        """Run a script in *directory*."""
        return _files.exec_probe(directory, timeout_s=timeout_s)

    def run(self, argv: Sequence[str], *, timeout_s: float) -> Ran:
        """Run a command."""
        return run_command(argv, timeout_s=timeout_s, env=self.env())

    def resolve(self, host: str, *, timeout_s: float = PATIENCE_S) -> tuple[str, ...]:
        """Resolve *host*."""
        return _net.resolve(host, timeout_s=timeout_s)

    def connect(self, host: str, port: int, *, timeout_s: float = PATIENCE_S) -> None:
        """Connect to *host* and *port*."""
        _net.connect(host, port, timeout_s=timeout_s)

    def fetch(self, url: str, *, timeout_s: float = PATIENCE_S) -> Answer:
        """GET *url*."""
        return _net.fetch(url, timeout_s=timeout_s)


def _account(uid: int) -> Optional[str]:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return None


def _limit(number: int) -> Limit:
    soft, hard = (None if n == resource.RLIM_INFINITY else n for n in resource.getrlimit(number))
    return Limit(soft, hard)
