"""Strategies for hypothesis: whole scenarios, with their world, jobs, pilots and faults.

    @given(whole_scenarios())
    def test_nothing_breaks_the_pilot(scenario): ...

Simpler ones come first in each list, because hypothesis shrinks towards them.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from harness.scenario import Expectation
from harness.scenario import FaultPlan
from harness.scenario import File
from harness.scenario import Job
from harness.scenario import Payload
from harness.scenario import Pilot
from harness.scenario import Scenario
from harness.scenario import World
from scenarios.strategies import fault_plans

START = 1_772_352_000.0
"""2026-03-01T08:00:00Z, as in the scenarios."""
PLACES = (
    ("BNL", "BNL_ATLAS_1"),
    ("BNL", "BNL_DCCP"),
    ("UC", "UC"),
    ("MWT2", "MWT2"),
    ("FNAL", "FNAL_OSG"),
    ("CALTECH", "CALTECH"),
    ("LBNL", "LBNL_DSD"),
    ("AGLT2", "AGLT2"),
)
# A heartbeat falls together with nothing that happens at these times.
WALLTIMES_S = (3500.0, 100.0, 20_000.0)
SIZES = (5_000_000, 1, 2_000_000_000)
HOUR_S = 3600.0


def worlds() -> st.SearchStrategy[World]:
    """Return places and times: queues with different copytools, a day in winter or summer."""
    places = st.sampled_from(PLACES)
    starts = st.sampled_from((START, START + 150 * 24 * HOUR_S))
    return st.builds(lambda place, start: World(place[0], place[1], start), places, starts)


def files(most: int) -> st.SearchStrategy[tuple[File, ...]]:
    """Return at most *most* files."""
    return st.lists(st.builds(File, st.sampled_from(SIZES)), max_size=most).map(tuple)


def payloads() -> st.SearchStrategy[Payload]:
    """Return payloads that end well."""
    return st.builds(
        Payload,
        walltime_s=st.sampled_from(WALLTIMES_S),
        cpu=st.sampled_from((0.95, 0.0)),
        outputs=files(3),
        stdout=st.sampled_from(((), ("event 1",), ("ärger \N{SNOWMAN}", "x" * 5000))),
    )


def jobs() -> st.SearchStrategy[tuple[Job, ...]]:
    """Return one or two jobs."""
    one = st.builds(
        Job,
        kind=st.sampled_from(("production", "analysis")),
        inputs=files(3),
        payload=payloads(),
        log=st.sampled_from((True, False)),
        count=st.sampled_from((1, 2)),
    )
    return st.tuples(one)


def pilots() -> st.SearchStrategy[tuple[Pilot, ...]]:
    """Return a pilot, or two on one node, the second while the first flies or after it."""
    alone = st.just((Pilot(node="wn001"),))
    two = st.sampled_from((1.0, 3.0, 12.0)).map(
        lambda hours: (Pilot(node="wn001"), Pilot(node="wn001", after_s=hours * HOUR_S))
    )
    return st.one_of(alone, two)


def whole_scenarios(*, most: int = 3) -> st.SearchStrategy[Scenario]:
    """Return scenarios with at most *most* faults, in which nothing is expected but the rules."""

    def build(world: World, work: Any, crew: Any, faults: tuple[FaultPlan, ...]) -> Scenario:
        return Scenario(
            name="drawn", world=world, jobs=work, pilots=crew, faults=faults, expect=Expectation()
        )

    return st.builds(build, worlds(), jobs(), pilots(), fault_plans(most=most))
