"""What a fault needs of the world that it stands in: narrow protocols, no class of another floor.

The assembled world offers more. Where a part's own shape differs, the world adapts it here,
so that no fault knows how a site or a server is built.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from typing import Callable
from typing import Mapping
from typing import MutableMapping
from typing import Protocol
from typing import Sequence

from fakesites.distrust import Distrust
from fakesites.storage import StorageElement
from harness.triggers import When
from simkernel import Clock
from simkernel import Journal
from simkernel import Network
from simkernel import Points
from simkernel import Streams

Queuedata = MutableMapping[str, Any]


class FaultPlan(Protocol):
    """One ``[[fault]]`` of a scenario; ``where`` (file and line) is used if it is there."""

    @property
    def on(self) -> str: ...
    @property
    def do(self) -> str: ...
    @property
    def at(self) -> When: ...
    @property
    def options(self) -> Mapping[str, Any]: ...


class CredentialStore(Protocol):
    """The proxy file of the pilots: ``/srv/cred/x509up``."""

    def read(self) -> Any:
        """Return the credential (a frozen dataclass with not_after and voms_not_after, POSIX s)."""

    def write(self, credential: Any) -> None:
        """Put *credential* into the file, keeping its mode."""

    def set_mode(self, mode: int) -> None:
        """Set the permission bits of the file."""

    def remove(self) -> None:
        """Remove the file."""


class Files(Protocol):
    """The files of a node; *ballast_bytes* take room on its disk that no file accounts for.

    Below the folders *over_quota* nothing can be written.
    """

    read_only: bool
    ballast_bytes: int
    over_quota: set[str]

    def real(self, path: str) -> Path:
        """Return where *path* (``/srv/…``) lies on the host."""

    def is_mounted(self, path: str) -> bool:
        """Tell whether *path* is in a mount other than the node's own files."""

    def stamp(self, path: str) -> None:
        """Set the modification time of *path* to this instant."""


class ProcessTable(Protocol):
    """The processes of a node."""

    def signal(self, pid: int, sig: int, *, by: str) -> str:
        """Send *sig* to *pid*."""

    def freeze(self, pid: int) -> None:
        """Put *pid* into state D, where no signal arrives."""

    def wake(self, pid: int) -> None:
        """Let *pid* go on, and let signals arrive."""

    def leave_daemon(self, argv: tuple[str, ...], *, behind: int, owner: str) -> object:
        """Start a daemon that holds the output of the process *behind*."""


class Node(Protocol):
    """A worker node; *spec* and *conditions* are those of fakesites."""

    spec: Any
    extra_load: float
    missing: set[str]
    mounted: dict[str, str]

    @property
    def conditions(self) -> Any: ...
    @property
    def files(self) -> Files: ...
    @property
    def processes(self) -> ProcessTable: ...

    def free_bytes(self) -> int:
        """Return the bytes that may still be written to the disk."""


class Element(Protocol):
    """A storage element."""

    def find(self, path: str) -> Any:
        """Return the stored file at *path* (with its *content*), or None."""

    def place(self, path: str, content: Any, *, by: str) -> Any:
        """Store *content* at *path*, over what was there; the journal is told."""


class Storages(Protocol):
    """The storage elements of a site; *distrust* is whom they let in no more."""

    @property
    def distrust(self) -> Distrust: ...

    def __getitem__(self, name: str) -> StorageElement: ...

    def locate(self, turl: str) -> tuple[Any, str] | None:
        """Return the Element and the path that *turl* names, or None if there is none."""


class Site(Protocol):
    """A site of the grid."""

    @property
    def storages(self) -> Storages: ...


class Batch(Protocol):
    """The batch system that runs the pilots."""

    def suspend(self, pilot: str) -> None:
        """Stop *pilot* where it is."""

    def resume(self, pilot: str) -> None:
        """Let a suspended *pilot* go on."""

    def rerun(self, pilot: str) -> None:
        """Kill *pilot* and start it once more."""

    def release(self, pilot: str) -> None:
        """Let a held *pilot* start."""

    def preempt(self, pilot: str, *, notice_s: float, signal: int) -> None:
        """Take the slot of *pilot*: *signal*, SIGKILL *notice_s* later; without notice SIGKILL."""


class Server(Protocol):
    """The PanDA server's part that a fault may change."""

    @property
    def queues(self) -> Mapping[str, Queuedata]: ...


class ToolCall(Protocol):
    """One call of a simulated tool, as it reaches a ``tool.*`` point."""

    @property
    def argv(self) -> Sequence[str]: ...
    @property
    def cwd(self) -> str: ...
    @property
    def pid(self) -> int: ...
    @property
    def owner(self) -> str: ...
    @property
    def node(self) -> Node: ...
    @property
    def out(self) -> Callable[[str], object]: ...
    @property
    def err(self) -> Callable[[str], object]: ...


class PayloadRun(Protocol):
    """A payload about to begin, at its ``payload.<key>`` point (fakesites: Run, PayloadModel)."""

    model: Any

    @property
    def call(self) -> ToolCall: ...


class World(Protocol):
    """A world, as far as faults are concerned."""

    @property
    def clock(self) -> Clock: ...
    @property
    def streams(self) -> Streams: ...
    @property
    def journal(self) -> Journal: ...
    @property
    def points(self) -> Points: ...
    @property
    def network(self) -> Network: ...
    @property
    def server(self) -> Server: ...
    @property
    def site(self) -> Site: ...
    @property
    def node(self) -> Node: ...
    @property
    def credentials(self) -> CredentialStore: ...
    @property
    def batch(self) -> Batch: ...
