"""The port through which the pilot meets the outside: clock, threads, http, processes.

live.py implements it on the standard library; the tests on a scripted world. Of files it only
makes paths: all else is done by the methods of these, and by files.py.
Deeper modules import nothing that blocks, tells the time or draws random numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Callable
from typing import Iterator
from typing import Mapping
from typing import Protocol


@dataclass(frozen=True)
class Request:
    """One HTTP request; *private*: the pilot's credential is shown (certificate or token)."""

    method: str
    url: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout_s: float = 120.0
    private: bool = False


@dataclass(frozen=True)
class Response:
    """A complete HTTP answer of any status."""

    status: int
    body: bytes

    def text(self) -> str:
        """Return the body as text; bytes that are no UTF-8 are replaced."""
        return self.body.decode("utf-8", errors="replace")


class HttpFailure(Exception):
    """No complete answer came; *reached* tells whether the server may have acted on it."""

    def __init__(self, text: str, *, reached: bool) -> None:
        super().__init__(text)
        self.reached = reached


@dataclass(frozen=True)
class Command:
    """A program to start in a session of its own; outputs go to the files named, if any."""

    argv: tuple[str, ...]
    cwd: Path | None = None
    env: Mapping[str, str] | None = None
    stdout: Path | None = None
    stderr: Path | None = None


@dataclass(frozen=True)
class Exit:
    """How a process ended: exit *code*, or the *signal* that ended it (then code is 0)."""

    code: int
    signal: int = 0
    stdout: str = ""
    stderr: str = ""


class Flag(Protocol):
    """What threading.Event offers."""

    def set(self) -> None:
        """Set it and wake whoever waits."""

    def clear(self) -> None:
        """Reset it."""

    def is_set(self) -> bool:
        """Tell whether it is set."""
        ...

    def wait(self, timeout: float | None = None) -> bool:
        """Block until it is set or *timeout* seconds have passed; return whether it is set."""
        ...


class Child(Protocol):
    """A process that was started; its process group is its own."""

    @property
    def pid(self) -> int:
        """Return its pid, which is also the id of its group."""
        ...

    def exit(self) -> Exit | None:
        """Return how it ended, or None while it runs."""
        ...

    def signal_group(self, number: int) -> bool:
        """Send signal *number* to its whole group; return False if nobody is left in it."""
        ...


class Task(Protocol):
    """Work that was spawned."""

    def join(self, timeout: float | None = None) -> None:
        """Wait until it has ended, at most *timeout* seconds."""


class Platform(Protocol):
    """Everything blocking, timed or random that the pilot may do."""

    def now(self) -> float:
        """Return POSIX seconds; this clock may be stepped."""
        ...

    def monotonic(self) -> float:
        """Return seconds of a clock that is never stepped."""
        ...

    def flag(self) -> Flag:
        """Return a new flag, not set."""
        ...

    def spawn(self, work: Callable[[], None], *, name: str) -> Task:
        """Run *work* beside the caller."""
        ...

    def attend(self, work: Callable[[], Iterator[float | None]], *, wake: Flag, name: str) -> Task:
        """Run *work* beside the caller; it yields how many seconds to wait for *wake*.

        As spawn(), for work that does nothing most of the time: here a thousand pilots are not
        two thousand threads more. None: no limit.
        """
        ...

    def http(self, request: Request) -> Response:
        """Perform *request*; raises HttpFailure."""
        ...

    def start(self, command: Command, *, wake: Flag) -> Child:
        """Start *command*; set *wake* when it has ended. Raises OSError if it cannot start."""
        ...

    def new_guid(self) -> str:
        """Return a fresh GUID for an output file."""
        ...

    def path(self, text: str) -> Path:
        """Return the path *text* of this node: pathlib's, or what has its interface."""
        ...

    def cores(self) -> int:
        """Return how many cores this node has."""
        ...
