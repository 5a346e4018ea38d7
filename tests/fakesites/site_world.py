"""A small world for the tests of the site: one site, one node, one proxy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fakesites.contents import FileContent
from fakesites.contents import content_of
from fakesites.credentials import Credential
from fakesites.node import Command
from fakesites.node import Exit
from fakesites.node import Node
from fakesites.recipes import fqans_of
from fakesites.recipes import make_proxy
from fakesites.running import Running
from fakesites.site import Site
from fakesites.site import load_site
from fakesites.storage import StorageElement
from simkernel import Clock
from simkernel import Event
from simkernel import Journal
from simkernel import Network
from simkernel import Points
from simkernel import Streams

EPOCH = 1_772_352_000.0  # 2026-03-01T08:00:00Z
PROXY = "/srv/cred/x509up"
DN = "/DC=sim/DC=grid/OU=Robots/CN=pilot1"
LIMIT_S = 1e6


@dataclass
class SiteWorld:
    """What a test needs at hand."""

    clock: Clock
    journal: Journal
    points: Points
    network: Network
    streams: Streams
    site: Site
    node: Node

    def element(self, name: str = "BNL_DATADISK") -> StorageElement:
        return self.site.storages[name]

    def environ(self, **more: str) -> dict[str, str]:
        return {"X509_USER_PROXY": PROXY, **more}

    def spawn(self, *argv: str, **env: str) -> Running:
        command = Command(argv, self.environ(**env), cwd="/srv/work", owner="pilot-1")
        return self.node.spawn(command)

    def run(self, *argv: str, **env: str) -> Exit:
        return self.wait(self.spawn(*argv, **env))

    def wait(self, running: Running) -> Exit:
        while running.finished is None and self.clock.peek() < LIMIT_S:
            self.clock.step()
        assert running.finished is not None, "the command never ended"
        return running.finished

    def put_proxy(self, **options: Any) -> Credential:
        credential = proxy(self.streams, now=self.clock.wall(), **options)
        self.node.files.real(PROXY).write_text(credential.pem())
        self.node.files.real(PROXY).chmod(0o600)
        return credential

    def put_file(self, path: str, content: FileContent) -> None:
        self.node.files.write_sparse(path, content.prefix, content.size)

    def store(self, path: str, content: FileContent, *, element: str = "BNL_DATADISK") -> str:
        """Place *content* below the element's root and return its root:// URL."""
        whole = f"{self.element(element).root}/{path}"
        self.element(element).place(whole, content, by="test")
        return self.element(element).turl(whole, "root")

    def events(self, what: str) -> list[Event]:
        return [event for event in self.journal.events if event.what == what]


def proxy(
    streams: Streams,
    *,
    now: float,
    lifetime_s: float = 96 * 3600.0,
    voms_lifetime_s: float | None = None,
    vo: str = "atlas",
) -> Credential:
    return make_proxy(
        streams["proxy"],
        dn=DN,
        now=now,
        lifetime_s=lifetime_s,
        voms_lifetime_s=voms_lifetime_s,
        vo=vo,
        fqans=fqans_of("atlas", "production") if vo else (),
    )


def make_world(
    root: Path,
    *,
    site: str = "BNL",
    overrides: dict[str, Any] | None = None,
    epoch: float = EPOCH,
) -> SiteWorld:
    clock = Clock(epoch=epoch)
    journal, points, streams = Journal(lambda: clock.now), Points(), Streams(1)
    network = Network(clock, journal, points)
    spec = load_site(site, overrides)
    place = Site(
        spec, clock=clock, journal=journal, points=points, network=network, streams=streams
    )
    for folder in ("work", "cred", "home", "tmp"):
        (root / folder).mkdir(parents=True)
    node = Node(
        clock=clock,
        journal=journal,
        points=points,
        network=network,
        root=root,
        streams=streams,
        spec=spec.node,
    )
    world = SiteWorld(clock, journal, points, network, streams, place, node)
    world.put_proxy()
    return world


def some_content(size: int = 10**9, mark: bytes = b"data") -> FileContent:
    return content_of(mark[:size], size=size)
