"""A world of a site whose nodes have /cvmfs: what its nodes and pilots find there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from fakesites.node import Node
from harness.desks.caller import Caller
from harness.desks.files import Files
from harness.grounds import grounds
from harness.scenario import World as WorldPlan
from harness.slots import placed
from harness.world import CRIC
from harness.world import TLS_PORTS
from harness.world import World
from simkernel import Clock
from simkernel import Journal
from tests.harness.small_world import TEXT
from tests.harness.small_world import read

PLAN = replace(
    read(TEXT).scenarios[0], world=WorldPlan("BNL", "BNL_ATLAS_2", 1_772_352_000.0), faults=()
)


class Made:
    """A world without pilots, and nodes with files of their own."""

    def __init__(self, folder: Path, stack: ExitStack, queue: str) -> None:
        plan = replace(PLAN, world=replace(PLAN.world, queue=queue))
        self.clock = Clock(epoch=plan.world.start)
        self.journal = Journal(lambda: self.clock.now)
        self.world = World(plan, seed=1, clock=self.clock, journal=self.journal)
        walls = stack.enter_context(grounds(folder))
        self.node: Node = self.world.add_node("wn001", walls)
        self.files = Files(Caller("pilot-1", self.node, 4001, self.clock, self.journal))


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    """Return a world whose queue mounts the software of its experiment."""
    with ExitStack() as stack:
        yield Made(tmp_path / "with", stack, "BNL_ATLAS_2")


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Made]:
    """Return a world whose queue mounts none."""
    with ExitStack() as stack:
        yield Made(tmp_path / "without", stack, "BNL_ATLAS_1")


def test_a_pilot_lists_and_reads_what_is_mounted(made: Made) -> None:
    kind, names = made.files.file(path="/cvmfs")
    assert ("folder", sorted(names)) == (kind, names)
    assert "atlas.cern.ch" in names
    kind, text = made.files.file(path="/cvmfs/sft.cern.ch/lcg/lastUpdate")
    assert ("file", True) == (kind, "2026-" in text)
    assert ("missing", None) == made.files.file(path="/cvmfs/atlas.cern.ch/repo/gone")


def test_without_packages_there_is_no_cvmfs(bare: Made) -> None:
    assert ("missing", None) == bare.files.file(path="/cvmfs")


def test_the_information_system_speaks_with_one_voice(made: Made) -> None:
    folder = "/cvmfs/atlas.cern.ch/repo/sw/local/etc"
    _, queues = made.files.file(path=f"{folder}/cric_pandaqueues.json")
    _, endpoints = made.files.file(path=f"{folder}/cric_ddmendpoints.json")
    assert made.world.server.queues == json.loads(queues)
    assert made.world.server.endpoints == json.loads(endpoints)


def test_old_pilots_find_the_information_system_by_its_name(made: Made) -> None:
    services = []
    for port in TLS_PORTS:
        connected = made.world.network.connect("wn001", CRIC, port, who="pilot-1")
        services.append(made.clock.run(made.clock.process(connected)))
    assert all(service.greet is not None for service in services)


def test_a_queues_environment_knows_where_the_node_is() -> None:
    given = {"A": "{root}/cvmfs", "B": "plain"}
    assert {"A": "/srv/cvmfs", "B": "plain"} == placed(given, "/srv")


def test_a_world_may_speak_both_families_of_addresses(made: Made) -> None:
    world = made.world
    plan = replace(world.scenario.world, overrides={"network": {"ipv6": True}})
    world.scenario = replace(world.scenario, world=plan)
    world.arm(None)
    six, four = world.network.addresses("pandaserver.sim", who="me")
    assert (True, False) == (":" in six, ":" in four)
    assert six.startswith("2001:db8::")
    assert 2 == len(world.network.addresses("wn001", who="me"))
