"""What a check may ask of the place it looks at.

One Protocol, plain data for answers, typed exceptions for the ways in which a place fails to
answer. Two places exist: the real machine (`siteverify.local`) and, elsewhere, a simulated
node. No check reaches the operating system, the network or a clock by any other way, so the
same check looks at both.

Every question that leaves the interpreter has a time limit, because a hang is the normal
failure of a grid site (dead cvmfs, NFS, a resolver that never answers).

Frozen dataclasses without slots: worker nodes still have Python 3.9.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping
from typing import Optional
from typing import Protocol
from typing import Sequence

PATIENCE_S = 10.0  # how long a question may take when the check does not say


class VantageError(Exception):
    """A question was not answered; *what* says which and why, in one line."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class MissingError(VantageError):
    """There is no such file, directory or program."""


class ForbiddenError(VantageError):
    """The user may not do that."""


class HangError(VantageError):
    """No answer came within the time limit."""


class FaultError(VantageError):
    """The system answered with an error; *code* is its name (ENOSPC, EIO, EROFS)."""

    def __init__(self, what: str, code: str) -> None:
        Exception.__init__(self, what, code)  # both, so that it survives pickling
        self.what = what
        self.code = code

    def __str__(self) -> str:
        return f"{self.what}: {self.code}"


class UnresolvedError(VantageError):
    """A host name has no address."""


class UnreachableError(VantageError):
    """No conversation with a server; *kind* is refused, unreachable, tls or broken."""

    def __init__(self, what: str, kind: str) -> None:
        Exception.__init__(self, what, kind)
        self.what = what
        self.kind = kind

    def __str__(self) -> str:
        return f"{self.what}: {self.kind}"


@dataclass(frozen=True)
class Ran:
    """How a command ended; *code* is negative after a signal, None if it could not be killed."""

    code: Optional[int]
    stdout: str = ""
    stderr: str = ""
    timed_out: bool = False
    seconds: float = 0.0


@dataclass(frozen=True)
class Stat:
    """A file or directory: *kind* is file, dir or other; *mode* the permission bits."""

    kind: str
    mode: int
    uid: int
    size: int = 0


@dataclass(frozen=True)
class Space:
    """A file system as an ordinary user may fill it; *total_inodes* is 0 where none are counted."""

    free_bytes: int
    total_bytes: int
    free_inodes: int
    total_inodes: int


@dataclass(frozen=True)
class Answer:
    """A server's answer; header names are in lower case."""

    status: int
    body: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Cpus:
    """Logical processors of the node, and those that this process may use."""

    online: int
    usable: int


@dataclass(frozen=True)
class Limit:
    """A resource limit; None is unlimited."""

    soft: Optional[int]
    hard: Optional[int]


class Vantage(Protocol):
    """A place to look from. Any question may raise HangError, even those without a limit."""

    @property
    def where(self) -> str:
        """Name the kind of place: WN, CE or client."""

    def hostname(self) -> str:
        """Return the host's own name, as it knows it."""

    def now(self) -> float:
        """Return the place's wall clock, in POSIX seconds."""

    def env(self) -> Mapping[str, str]:
        """Return the environment of a job here."""

    def cwd(self) -> str:
        """Return the directory where a job starts."""

    def uid(self) -> int:
        """Return the numeric user that a job runs as."""

    def account(self) -> Optional[str]:
        """Look up the name of that user, None if there is none; LDAP may hang here."""

    def cpus(self) -> Cpus:
        """Count the processors."""

    def load(self) -> float:
        """Return the one minute load average; raise FaultError if there is none."""

    def limits(self) -> Mapping[str, Limit]:
        """Return the resource limits by name: nofile, nproc, stack, as, fsize, core, cpu."""

    def stat(self, path: str, *, timeout_s: float = PATIENCE_S) -> Stat:
        """Describe *path*, links followed; raise MissingError, ForbiddenError, FaultError."""

    def list_dir(self, path: str, *, timeout_s: float = PATIENCE_S) -> tuple[str, ...]:
        """Return the sorted names in the directory *path*; raise as `stat` does."""

    def read_text(self, path: str, *, timeout_s: float = PATIENCE_S) -> str:
        """Return the first 64 kB of the file *path*; raise as `stat` does."""

    def space(self, path: str, *, timeout_s: float = PATIENCE_S) -> Space:
        """Measure the file system that *path* is on; raise as `stat` does."""

    def write_probe(
        self, directory: str, *, size_bytes: int, timeout_s: float = PATIENCE_S
    ) -> bool:
        """Write, sync, read back and delete a file; tell whether it came back the same.

        Raise FaultError (ENOSPC, EROFS, EDQUOT, EIO), ForbiddenError or MissingError.
        """

    def exec_probe(self, directory: str, *, timeout_s: float = PATIENCE_S) -> bool:
        """Tell whether a script put into *directory* can be run; raise as `write_probe`."""

    def run(self, argv: Sequence[str], *, timeout_s: float) -> Ran:
        """Run a command, in the C locale, and kill it at the limit (`Ran.timed_out`).

        Raise MissingError if there is no such program and ForbiddenError if it is not
        executable.
        """

    def resolve(self, host: str, *, timeout_s: float = PATIENCE_S) -> tuple[str, ...]:
        """Return the addresses of *host*, sorted; raise UnresolvedError."""

    def connect(self, host: str, port: int, *, timeout_s: float = PATIENCE_S) -> None:
        """Open and close a TCP connection; raise UnresolvedError or UnreachableError."""

    def fetch(self, url: str, *, timeout_s: float = PATIENCE_S) -> Answer:
        """GET *url*; any HTTP status is an answer; raise as `connect` does."""
