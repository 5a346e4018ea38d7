"""A world assembled from a scenario: the grid that pilots fly through.

Everything is made from the scenario and the seed, in one order: ground, site, server, jobs,
credential, faults. Pilots come later, when the batch system starts them (harness/slots.py).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fakeserver import Policy
from fakeserver.application import application
from fakeserver.routing import endpoint_of
from fakeserver.server import PandaServer
from fakesites import cvmfs
from fakesites import issuers
from fakesites.credentials import CredentialError
from fakesites.credentials import check_attributes
from fakesites.credentials import read_pem
from fakesites.launcher import Launcher
from fakesites.myproxy import MyProxy
from fakesites.node import Node
from fakesites.outbound import wall_in
from fakesites.site import Site
from fakesites.site import load_site
from fakesites.tls_front import TlsFront
from fakesites.vomsd import VomsService
from harness.faults import install_faults
from harness.guests import Walls
from harness.harvester import Harvester
from harness.identity_services import arbiter
from harness.identity_services import stored_credential
from harness.job_specs import Assignment
from harness.job_specs import assignments
from harness.phases import follow
from harness.pilots.launch import TRANSFORM_HOST
from harness.proxy_file import MODE
from harness.proxy_file import ProxyFile
from harness.proxy_file import new_proxy
from harness.scenario import Scenario
from harness.web import Front
from simkernel import Clock
from simkernel import Journal
from simkernel import Network
from simkernel import Points
from simkernel import Streams
from simkernel.network import Service

PANDA = "pandaserver.sim"
# Old releases can be told no other place for storage data than this (pilot 3.2.1.1,
# pilot/util/default.cfg, storages_url); what they ask for is served by the PanDA server, too.
CRIC = "atlas-cric.cern.ch"
TLS_PORTS = (443, 25443)
PLAIN_PORTS = (25080, 25085)
SITE_SECTIONS = ("batch", "node", "queue", "storage")


class World:
    """One world. *nodes* are the worker nodes by name, one a pilot; *node* is the first."""

    def __init__(self, scenario: Scenario, *, seed: int, clock: Clock, journal: Journal) -> None:
        self.scenario = scenario
        self.clock = clock
        self.journal = journal
        self.streams = Streams(seed)
        self.points = Points()
        self.network = Network(clock, journal, self.points)
        self.phases = follow(journal)
        self.site = self._site()
        self.server = PandaServer(
            clock.wall,
            journal,
            rng=self.streams["server"],
            policy=Policy(**self.given("server")),
        )
        self._open_server()
        self.jobs: tuple[Assignment, ...] = assignments(scenario, self.site, self.streams)
        for each in self.jobs:
            self.server.define_job(each.spec)
        self.payloads = {each.key: each.payload for each in self.jobs}
        self._proxy_fields = self.given("credential")
        given = self.given("glexec")
        self.arbiter = arbiter(given, domain=self.site.spec.domain, wall=self.clock.wall)
        if given:
            self.arbiter.distrust = self.site.storages.distrust
            self.arbiter.open(self.network)
        self.nodes: dict[str, Node] = {}
        self.roots: dict[str, Walls] = {}
        self.harvester: Harvester | None = None
        self._edges: dict[str, Node] = {}
        clock.process(self._reap())

    @property
    def node(self) -> Node:
        """The first worker node, on which faults of the node strike."""
        return next(iter(self.nodes.values()))

    def add_node(self, name: str, walls: Walls) -> Node:
        """Add a worker node whose files lie in the root of *walls*."""
        self.network.add_host(name)
        node = Node(
            name=name,
            clock=self.clock,
            journal=self.journal,
            points=self.points,
            network=self.network,
            root=walls.real,
            seen=walls.seen,
            streams=self.streams,
            spec=self.site.spec.node,
        )
        node.payloads = self.payloads
        node.mounted.update(self.site.node_files())
        node.files.mount(walls.real / "tmp", "/tmp")
        cvmfs.mount(node, self.site.queue(self.scenario.world.queue).cvmfs, self._records())
        if self.given("glexec"):
            node.mounted.update(self.arbiter.configuration())
        self.nodes[name] = node
        self.roots[name] = walls
        if not node.spec.outbound:
            wall_in(self.points, name)
        if not node.spec.fork:
            self.clock.process(Launcher(node).run())
        return node

    def _records(self) -> dict[str, str]:
        """Return what the information system says, for those who read it from a file."""
        return {
            "QUEUES": json.dumps(self.server.queues, sort_keys=True),
            "ENDPOINTS": json.dumps(self.server.endpoints, sort_keys=True),
        }

    def arm(self, batch: Any) -> None:
        """Put the pilots' credential on the nodes, then let the faults loose."""
        self.batch = batch
        mode = self._proxy_fields.pop("mode", MODE)
        self.credentials = ProxyFile([walls.real for walls in self.roots.values()], mode=mode)
        self.credentials.write(
            new_proxy(
                self.streams["credential"],
                vo=self.site.spec.vo,
                now=self.clock.wall(),
                overrides=self._proxy_fields,
            )
        )
        seed = f"{self.streams['myproxy'].getrandbits(64):016x}"
        self.myproxy = MyProxy(wall=self.clock.wall, seed=seed)
        self.myproxy.open(self.network)
        kept = self.given("myproxy")
        if kept:
            rng, vo = self.streams["myproxy/kept"], self.site.spec.vo
            self.myproxy.keep(stored_credential(kept, rng, vo=vo, now=self.clock.wall()))
        self.voms = VomsService(self.site.spec.vo, wall=self.clock.wall)
        self.voms.open(self.network)
        if self.given("network").get("ipv6"):
            self.network.add_ipv6()
        install_faults(self, self.scenario.faults, phases=self.phases)
        self._engage(batch)

    def _engage(self, batch: Any) -> None:
        """Have Harvester look after the pilots that it is said to have started."""
        plans = [(n, plan) for n, plan in enumerate(self.scenario.pilots, 1) if plan.harvester]
        if plans:
            self.harvester = Harvester(self, batch)
        for number, plan in plans:
            assert self.harvester is not None
            assert plan.harvester is not None
            self.harvester.serve(
                f"pilot-{number}",
                number=number,
                plan=plan.harvester,
                node=self.nodes[plan.node or f"wn{number:03}"],
                after_s=plan.after_s,
            )

    def edge(self, node: Node) -> Node:
        """Return the edge node that sees the files of *node*, and has the network."""
        name = f"edge-{node.name}"
        if name not in self._edges:
            self.network.add_host(name)
            self._edges[name] = Node(
                name=name,
                clock=self.clock,
                journal=self.journal,
                points=self.points,
                network=self.network,
                root=node.files.root,
                seen=node.files.seen,
                streams=self.streams,
                spec=self.site.spec.node,
            )
        return self._edges[name]

    def is_settled(self) -> bool:
        """Tell whether nobody but pilots has anything left to do."""
        harvester = self.harvester is None or self.harvester.is_idle
        return harvester and self.server.next_deadline(self.clock.wall()) is None

    def given(self, section: str) -> dict[str, Any]:
        """Return what the scenario overrides in one section of the world."""
        return dict(self.scenario.world.overrides.get(section, {}))

    def _site(self) -> Site:
        world = self.scenario.world
        overrides = {name: self.given(name) for name in SITE_SECTIONS if self.given(name)}
        return Site(
            load_site(world.site, overrides),
            clock=self.clock,
            journal=self.journal,
            points=self.points,
            network=self.network,
            streams=self.streams,
        )

    def _open_server(self) -> None:
        server = self.server
        for queue in self.site.spec.queues:
            server.queues[queue.name] = self.site.queuedata(queue.name)
        server.queues[self.scenario.world.queue] |= self.given("queuedata")
        server.endpoints = self.site.ddmendpoints()
        front = Front(
            application(server),
            endpoint_of=endpoint_of,
            identify=self._identify,
            clock=self.clock,
            journal=self.journal,
            points=self.points,
        )
        aliases = ("pandacache.sim", TRANSFORM_HOST, CRIC)
        self.network.add_host(PANDA, aliases=aliases)
        secure = TlsFront(
            issuers.host(PANDA, aliases),
            wall=self.clock.wall,
            lists=self.site.storages.distrust.lists,
        )
        self.network.judge = secure.judge
        for port in TLS_PORTS:
            self.network.listen(PANDA, port, Service(front.handle, secure.greet))
        for port in PLAIN_PORTS:
            self.network.listen(PANDA, port, Service(front.handle))

    def _identify(self, shown: str) -> dict[str, Any]:
        if not shown:
            return {}
        try:
            credential = read_pem(shown)
        except CredentialError:
            return {}
        valid = check_attributes(credential, now=self.clock.wall()) is None
        return {
            "SSL_CLIENT_S_DN": credential.subject,
            "flightsim.fqans": credential.fqans if valid else (),
        }

    def _reap(self) -> Any:
        """Have the server look at its jobs whenever a deadline of theirs has come."""
        while True:
            due = self.server.next_deadline(self.clock.wall())
            wait_s = REAP_S if due is None else min(max(due - self.clock.wall(), 0.0), REAP_S)
            yield self.clock.timeout(wait_s or TICK_S)
            self.server.reap(self.clock.wall())


REAP_S = 600.0
"""How often the server looks for lost jobs when none is due (seconds)."""
TICK_S = 0.001


def node_folder(run: Path, name: str) -> Path:
    """Return where the files of the node *name* are kept in a run directory."""
    return run / "nodes" / name
