"""The condition of a worker node: what neither its files nor its processes show.

Models the folders that a site mounts or installs outside of /srv, whom a node trusts, mounts that
answer no more or let nothing be run, inodes, resource limits, the clock's error, the account of
the jobs' user, and what the batch system puts into a job's environment. A node is healthy until a
fault changes it. Not modelled: other files in those folders than what says whom to trust (a
node's ``mounted`` has the texts of some), the time that a disk takes, what becomes of jobs when
the last inode is used.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Iterable

from fakesites import issuers

if TYPE_CHECKING:
    from fakesites.sitespec import SiteSpec
    from fakesites.tools import ToolFunction

APPS = "/osg/app"
SECURITY = "/etc/grid-security"
AUTHORITIES = f"{SECURITY}/certificates"
VOMS_SERVERS = f"{SECURITY}/vomsdir"
CLIENT = "/opt/osg-wn-client"
CVMFS = "/cvmfs"
SHARED_MEMORY = "/dev/shm"
REPOSITORIES = ("atlas.cern.ch", "atlas-condb.cern.ch")
SQUID_PORT = 3128
UNAVAILABLE = "UNAVAILABLE"  # what OSG writes for a variable that a site has no value for
GB = 10**9

Bounds = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder outside of /srv: its *names*, and the room on its file system, if it is writable."""

    names: tuple[str, ...] = ()
    total_bytes: int = 0
    free_bytes: int = 0

    @property
    def is_writable(self) -> bool:
        """Tell whether jobs may write there at all."""
        return self.total_bytes > 0


def folders() -> dict[str, Folder]:
    """Return the folders of a healthy node, by path."""
    return {
        APPS: Folder(("atlas_app", "etc")),
        AUTHORITIES: Folder(tuple(issuers.authorities_folder())),
        VOMS_SERVERS: Folder((issuers.VO,)),
        f"{VOMS_SERVERS}/{issuers.VO}": Folder((f"voms.{issuers.VO}.sim.lsc",)),
        CLIENT: Folder(("bin", "etc", "setup.sh")),
        SHARED_MEMORY: Folder((), 16 * GB, 16 * GB),
        "/tmp": Folder((), 20 * GB, 18 * GB),
        **{f"{CVMFS}/{name}": Folder(("repo",)) for name in REPOSITORIES},
    }


def texts() -> dict[str, str]:
    """Return the files of a healthy node that say whom it trusts, by path."""
    authorities = issuers.authorities_folder()
    servers = issuers.voms_folder((issuers.VO,))
    return {
        **{f"{AUTHORITIES}/{name}": text for name, text in authorities.items()},
        **{f"{VOMS_SERVERS}/{name}": text for name, text in servers.items()},
    }


def limits() -> dict[str, Bounds]:
    """Return the resource limits of a healthy node's jobs: soft and hard, None for unlimited."""
    return {
        "nofile": (16_384, 65_536),
        "nproc": (63_000, 63_000),
        "stack": (8_388_608, None),
        "as": (None, None),
        "fsize": (None, None),
        "core": (0, None),
        "cpu": (None, None),
    }


@dataclass(slots=True)
class Conditions:
    """What may be well or ill with one node.

    *environ* goes over what the site sets for jobs, and an empty value unsets. *hanging*,
    *noexec* hold paths, and mean all that is below. *clock_ahead_s* is how far the node's clock
    is ahead of the true time. *hostname* is what the host calls itself, if not by its name.
    *programs* are installed on this node besides those that every node has; *places* names the
    one folder of the system in which a program is that others have in all of them.
    """

    environ: dict[str, str] = field(default_factory=dict)
    folders: dict[str, Folder] = field(default_factory=folders)
    limits: dict[str, Bounds] = field(default_factory=limits)
    hanging: set[str] = field(default_factory=set)
    noexec: set[str] = field(default_factory=set)
    total_inodes: int = 10_000_000
    free_inodes: int = 9_000_000
    clock_ahead_s: float = 0.0
    hostname: str = ""
    has_account: bool = True
    programs: dict[str, ToolFunction] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def folder(self, path: str) -> Folder | None:
        """Return the folder at *path*, None if there is none outside of /srv."""
        normal = posixpath.normpath(path)
        return self.folders.get(normal) or self._above(f"{normal.rstrip('/')}/")

    def _above(self, prefix: str) -> Folder | None:
        """Return the folder that others are mounted in, by what their paths begin with."""
        below = {name.removeprefix(prefix) for name in self.folders if name.startswith(prefix)}
        return Folder(tuple(sorted({name.split("/")[0] for name in below}))) if below else None

    def lose(self, path: str) -> None:
        """Let the folder *path* be gone, with those below it."""
        kept = {name: each for name, each in self.folders.items() if not is_in(name, [path])}
        self.folders = kept

    def hangs(self, path: str) -> bool:
        """Tell whether a question about *path* is never answered."""
        return is_in(path, self.hanging)

    def forbids_execution(self, path: str) -> bool:
        """Tell whether *path* lies on a file system that is mounted noexec."""
        return is_in(path, self.noexec)


def is_in(path: str, folders: Iterable[str]) -> bool:
    """Tell whether *path* is one of *folders* or below one."""
    normal = f"{posixpath.normpath(path)}/"
    return any(normal.startswith(f"{folder.rstrip('/')}/") for folder in folders)


def squid_of(site: SiteSpec) -> str:
    """Return the host name of the HTTP cache of *site*."""
    return f"squid.{site.domain}"


def healthy_environ(site: SiteSpec) -> dict[str, str]:
    """Return what *site* sets for jobs where it is in order: OSG's variables and its HTTP cache.

    What the site's own catalogue says goes over these. The hosts of the simulated grid are
    reached directly, not through the cache.
    """
    squid = f"{squid_of(site)}:{SQUID_PORT}"
    return {
        "OSG_APP": APPS,
        "OSG_DATA": UNAVAILABLE,
        "OSG_DEFAULT_SE": site.storages[0].host if site.storages else UNAVAILABLE,
        "OSG_GRID": CLIENT,
        "OSG_HOSTNAME": f"gridgk01.{site.domain}",
        "OSG_SITE_NAME": site.name,
        "OSG_SQUID_LOCATION": squid,
        "OSG_WN_TMP": "/srv/tmp",
        "http_proxy": f"http://{squid}",
        "no_proxy": "localhost,.sim",
    }
