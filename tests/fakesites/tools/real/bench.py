"""A real program and ours in the same situation, side by side.

A situation is files on storage and on the node, and what goes wrong. The real program runs in a
scratch folder against a real server, ours on a node against the door of a storage element; what
they say, how they end, and which files they leave is compared, without the names of hosts and
folders. In a command line, DOOR is the URL of the situation's folder on storage; DEAD, LOST, DEAF
and BROKEN are URLs of a port where nobody listens, of a host that is not there, of a server that
says nothing and of one that hangs up; HERE is the working directory.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import subprocess
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from pathlib import Path
from typing import Any
from typing import Callable
from typing import Iterator
from typing import Mapping

from fakesites.contents import content_of
from fakesites.recipes import Recipe
from fakesites.storage import StorageError
from simkernel import NetError
from simkernel.network import Service
from tests.fakesites.site_world import PROXY
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world
from tests.fakesites.tools.real.servers import Deaf
from tests.fakesites.tools.real.servers import free_port
from tests.fakesites.tools.real.servers import give_away
from tests.fakesites.tools.real.servers import small_disk
from tests.fakesites.tools.test_against_grid_clients import HOUR
from tests.fakesites.tools.test_against_grid_clients import Said
from tests.fakesites.tools.test_against_grid_clients import instant
from tests.fakesites.tools.test_against_grid_clients import recipe

HOST = "se.caltech.sim"
LOST = "no.such.host.invalid"
PATIENCE_S = 120
Cut = Callable[[str], str]
BIG = b"big" + bytes(3_000_000)  # more than the small disk has
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Case:
    """One situation: *words* of the command line, files, and what is broken.

    *stored* are files on storage, *local* those in the working directory (None: a folder).
    *refused* are names on storage that nobody may read, *closed* says that nobody may write
    there; *full* that storage ("there") or the node ("here") has a disk of one megabyte.
    *proxy* is fresh, expired or missing. *cut* takes away from both texts what is known to differ.
    """

    name: str
    words: str
    stored: Mapping[str, bytes] = field(default_factory=dict)
    local: Mapping[str, bytes | None] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    closed: bool = False
    full: str = ""
    proxy: str = "fresh"
    env: Mapping[str, str] = field(default_factory=dict)
    cut: Cut = str
    leaves: bool = True


@dataclass(frozen=True)
class Seen:
    """What came of it: the words, and the size of each file left on the node and on storage."""

    said: Said
    here: dict[str, int]
    there: dict[str, int]


@dataclass
class Door:
    """A real server: how its URLs begin, and the folder *served* as /data.

    *served_as* stands before the paths of a server that serves the machine's own.
    """

    scheme: str
    port: int
    served: Path
    slash: str = "/"
    served_as: str = ""
    ours: Mapping[str, Any] = field(default_factory=dict)

    def url(self, host: str, port: int, path: str) -> str:
        """Return the URL of *path*."""
        return f"{self.scheme}://{host}:{port}{self.slash}{path}"


class Bench:
    """A real server's scratch folder beside a world of ours, for one kind of door."""

    def __init__(self, folder: Path, door: Door, env: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.door = door
        self.env = dict(env or {})
        self.dead = free_port()
        self.deaf, self.broken = Deaf(), Deaf(resets=True)

    def close(self) -> None:
        """End the servers that say nothing."""
        self.deaf.close()
        self.broken.close()

    def compare(self, case: Case) -> None:
        """Raise AssertionError where the two differ."""
        real, ours = self.real(case), self.ours(case)
        assert (real.said.code, case.cut(real.said.stdout), case.cut(real.said.stderr)) == (
            ours.said.code,
            case.cut(ours.said.stdout),
            case.cut(ours.said.stderr),
        )
        if case.leaves:
            assert (real.here, real.there) == (ours.here, ours.there)

    # -- the real one

    def real(self, case: Case) -> Seen:
        """Return what the real program makes of *case*."""
        number = next(_numbers)
        there, here = self.door.served / "case", self.folder / f"work{number}"
        here.mkdir()
        with contextlib.ExitStack() as stack:
            stack.enter_context(_folder(there, full=case.full == "there"))
            stack.enter_context(_folder(here, full=case.full == "here"))
            for name, data in case.stored.items():
                put(there / name, data)
            for name, content in case.local.items():
                put(here / name, content)
            give_away(there)
            for name in case.refused:
                (there / name).chmod(0)
            there.chmod(0o555 if case.closed else 0o777)
            done = self._run(case, here)
            there.chmod(0o777)
            said = Said(
                self._tidy(done.stdout.decode(), here),
                self._tidy(done.stderr.decode(), here),
                done.returncode,
            )
            return Seen(said, sizes(here), sizes(there))

    def _run(self, case: Case, here: Path) -> subprocess.CompletedProcess[bytes]:
        port = self.door.port
        places = {
            "DOOR": self.door.url("localhost", port, f"{self.door.served_as}/data/case"),
            "DEAD": self.door.url("localhost", self.dead, "/data/case"),
            "LOST": self.door.url(LOST, port, "/data/case"),
            "DEAF": self.door.url("localhost", self.deaf.port, "/data/case"),
            "BROKEN": self.door.url("localhost", self.broken.port, "/data/case"),
            "HERE": str(here),
            "PROXY": f"{self.folder}/pki/{case.proxy}.pem",
        }
        env = {**os.environ, "HOME": str(self.folder), **self.env, **case.env}
        env["X509_USER_PROXY"] = f"{self.folder}/pki/{case.proxy}.pem"
        return subprocess.run(
            filled(case.words, places),
            env=env,
            cwd=here,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )

    def _tidy(self, text: str, here: Path) -> str:
        hosts = {
            f"localhost:{self.door.port}": "DOORHOST",
            f"localhost:{self.dead}": "DEADHOST",
            f"localhost:{self.deaf.port}": "DEAFHOST",
            f"localhost:{self.broken.port}": "BROKENHOST",
            f"{LOST}:{self.door.port}": "LOSTHOST",
            str(here): "HERE",
            str(self.door.served): "/data",
            f"{self.folder}/pki": "PKI",
            str(self.folder): "HOME",
        }
        return replaced(text, hosts)

    # -- ours

    def ours(self, case: Case) -> Seen:
        """Return what our program makes of *case*."""
        world = self._world(case)
        element = world.element("CALTECH_DATADISK")
        for name, data in case.stored.items():
            element.place(f"/data/case/{name}", content_of(data, size=len(data)), by="test")
        for name, content in case.local.items():
            path = f"/srv/work/{name}"
            if content is None:
                world.node.files.real(path).mkdir()
            else:
                world.put_file(path, content_of(content, size=len(content)))
        if case.full == "here":
            world.node.files.ballast_bytes = world.node.free_bytes() - (1 << 20)
        port = element.doors[0].port
        places = {
            "DOOR": self.door.url(HOST, port, "/data/case"),
            "DEAD": self.door.url("dead.sim", port, "/data/case"),
            "LOST": self.door.url(LOST, port, "/data/case"),
            "DEAF": self.door.url("deaf.sim", port, "/data/case"),
            "BROKEN": self.door.url("broken.sim", port, "/data/case"),
            "HERE": "/srv/work",
            "PROXY": PROXY,
        }
        proxy = PROXY if case.proxy == "fresh" else f"/srv/cred/{case.proxy}.pem"
        env = {**self.env, **case.env, "HOME": "/srv/home", "X509_USER_PROXY": proxy}
        ran = world.run(*filled(case.words, places), **env)
        hosts = {
            f"{HOST}:{port}": "DOORHOST",
            f"dead.sim:{port}": "DEADHOST",
            f"deaf.sim:{port}": "DEAFHOST",
            f"broken.sim:{port}": "BROKENHOST",
            f"{LOST}:{port}": "LOSTHOST",
            "/srv/work": "HERE",
            PROXY: "PKI/fresh.pem",
            "/srv/cred": "PKI",
            "/srv/home": "HOME",
        }
        said = Said(replaced(ran.stdout, hosts), replaced(ran.stderr, hosts), ran.code)
        left = {
            each.path.removeprefix("/data/case/"): each.content.size for each in element.files()
        }
        return Seen(said, sizes(world.node.files.real("/srv/work")), left)

    def _world(self, case: Case) -> SiteWorld:
        now = instant()
        storage = {
            "host": HOST,
            "root": "/data",
            "software": "xrootd",
            "space": "1 TB" if case.full != "there" else "1048576 B",
            "used": 0,
            **self.door.ours,
        }
        folder = self.folder / f"node{next(_numbers)}"
        world = make_world(
            folder,
            site="CALTECH",
            overrides={"storage": {"CALTECH_DATADISK": storage}},
            epoch=float(now),
        )
        for name in proxies(now):
            made = (self.folder / "pki" / f"{name}.pem").read_text()
            place = world.node.files.real(PROXY if name == "fresh" else f"/srv/cred/{name}.pem")
            place.write_text(made)
            place.chmod(0o600)
        self._break(world, case)
        return world

    def _break(self, world: SiteWorld, case: Case) -> None:
        network, port = world.network, world.element("CALTECH_DATADISK").doors[0].port
        for host in ("dead.sim", "deaf.sim", "broken.sim"):
            network.add_host(host)

        def silent(_request: Any) -> Any:
            yield world.clock.event()

        def broken(_request: Any) -> Any:
            yield world.clock.timeout(0.0)
            raise NetError("reset", "connection reset by peer")

        network.listen("deaf.sim", port, Service(silent))
        network.listen("broken.sim", port, Service(broken))

        def forbid(call: Any, proceed: Any) -> Any:
            name = call.path.removeprefix("/data/case/")
            if (call.action == "get" and name in case.refused) or (
                call.action in ("put", "delete") and case.closed
            ):
                raise StorageError("forbidden", call.path)
            return (yield from proceed())

        world.points.attach("door.*", forbid)


def proxies(now: int) -> dict[str, str]:
    """Return the proxies of the cases, by name."""
    fresh: Recipe = recipe(now)
    ago = {"not_before": now - 50 * HOUR, "voms_not_before": now - 50 * HOUR}
    expired = replace(fresh, **ago, not_after=now - HOUR, voms_not_after=now - 2 * HOUR)
    return {"fresh": fresh.sign().pem(), "expired": expired.sign().pem()}


@contextlib.contextmanager
def _folder(path: Path, *, full: bool) -> Iterator[None]:
    """Have an empty folder at *path* for a while, on a small disk if it is to run *full*."""
    path.mkdir(exist_ok=True)
    try:
        with small_disk(path) if full else contextlib.nullcontext():
            yield
    finally:
        subprocess.run(["rm", "-rf", str(path)], check=True)


def put(path: Path, content: bytes | None) -> None:
    """Make a file of *content*, or a folder."""
    if content is None:
        path.mkdir()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def sizes(folder: Path) -> dict[str, int]:
    """Return the size of each file below *folder*, by its path there."""
    files = sorted(each for each in folder.rglob("*") if each.is_file())
    return {str(each.relative_to(folder)): each.stat().st_size for each in files}


def filled(words: str, places: Mapping[str, str]) -> list[str]:
    """Return the words of a command line with its places filled in."""
    pattern = re.compile("|".join(places))
    return [pattern.sub(lambda match: places[match[0]], word) for word in words.split()]


def replaced(text: str, names: Mapping[str, str]) -> str:
    """Return *text* with each of *names* replaced, the longest first."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, names[name])
    return text


def without(pattern: str, instead: str = "") -> Cut:
    """Return a cut that takes away what matches *pattern*."""
    compiled = re.compile(pattern, re.DOTALL)
    return lambda text: compiled.sub(instead, text)
