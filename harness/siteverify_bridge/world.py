"""The small world in which a simulated site is verified: one site, its server, one idle node.

The same world that pilots fly through, without jobs and without pilots. Its node is what the
site's catalogue says; for the rest it is in order, down to the variables of OSG.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator
from typing import Sequence

from fakesites.conditions import squid_of
from fakesites.sitespec import load_site
from fakesites.sitespec import site_names
from harness.grounds import FOLDERS
from harness.guests import Walls
from harness.pilots.launch import CACHE
from harness.pilots.launch import ROOT
from harness.pilots.launch import SERVER
from harness.pilots.launch import SERVER_PORT
from harness.scenario import FaultPlan
from harness.scenario import Scenario
from harness.scenario import World as Plan
from harness.siteverify_bridge.programs import PROGRAMS
from harness.siteverify_bridge.squid import open_squid
from harness.world import World
from simkernel import Clock
from simkernel import Journal
from simkernel import ScenarioError
from simkernel import nearest
from siteverify import Settings

START = 1_772_352_000.0  # 2026-03-01T08:00:00Z: every report of a healthy site is the same
SEED = 1
NEAR = 3
QUEUEDATA_URL = f"{CACHE}/cache/schedconfig/{{pandaqueue}}.all.json"
SERVER_URL = f"{SERVER}:{SERVER_PORT}/server/panda/isAlive"


@dataclass(frozen=True, slots=True)
class Place:
    """What is verified: a queue of a site of the catalogue."""

    site: str
    queue: str


def find_place(name: str) -> Place:
    """Return the queue called *name*, or the first queue of the site called so.

    Raises ScenarioError, with the nearest names, if there is neither.
    """
    queues = {site: [queue.name for queue in load_site(site).queues] for site in site_names()}
    for site in sorted(queues):
        if name in queues[site]:
            return Place(site, name)
    if queues.get(name):
        return Place(name, queues[name][0])
    known = sorted({*queues, *(queue for each in queues.values() for queue in each)})
    near = nearest(name, known, count=NEAR)
    remedy = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known)}"
    raise ScenarioError(f"unknown site or queue {name!r}", remedy=remedy)


def settings_for(place: Place) -> Settings:
    """Return what the checks are to expect at *place*."""
    return Settings(
        queue=place.queue,
        queuedata_url=QUEUEDATA_URL,
        server_urls=(SERVER_URL,),
        vo=load_site(place.site).vo,
    )


def options_for(place: Place, arguments: Sequence[str]) -> list[str]:
    """Return siteverify's command line for *place*; what *arguments* say goes over it."""
    settings = settings_for(place)
    options = {
        "--queue": settings.queue,
        "--queuedata-url": settings.queuedata_url,
        "--server-url": settings.server_urls[0],
        "--vo": settings.vo,
    }
    given = {word.partition("=")[0] for word in arguments}
    ours = [word for name in options if name not in given for word in (name, options[name])]
    return [*ours, *arguments]


@contextmanager
def small_world(place: Place, faults: Sequence[FaultPlan] = ()) -> Iterator[World]:
    """Give the world of *place*, with one worker node, and *faults* loose in it."""
    clock = Clock(epoch=START)
    journal = Journal(lambda: clock.now)
    plan = Plan(site=place.site, queue=place.queue, start=START)
    scenario = Scenario(name="verify", world=plan, faults=tuple(faults))
    with tempfile.TemporaryDirectory(prefix="flightsim-verify-") as folder:
        world = World(scenario, seed=SEED, clock=clock, journal=journal)
        open_squid(world.network, squid_of(world.site.spec))
        _add_node(world, Path(folder))
        world.arm(None)  # nothing here needs a batch system
        yield world


def _add_node(world: World, root: Path) -> None:
    for name in FOLDERS:
        (root / name).mkdir()
    node = world.add_node(world.site.spec.node.name, Walls(root, ROOT, namespaces=False))
    node.conditions.programs.update(PROGRAMS)
    node.files.stamp_all()
