"""Strategies for hypothesis: whole scenarios, with their world, jobs, pilots and troubles.

    @given(whole_scenarios())
    def test_nothing_breaks_the_pilot(drawn): ...

What is drawn says what must hold in it: ``drawn.expectation(fired)``, given the faults that did
strike. Simpler things come first in each list, because hypothesis shrinks towards them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from typing import Iterable
from typing import Mapping
from typing import Sequence

from hypothesis import strategies as st

from harness.scenario import Expectation
from harness.scenario import File
from harness.scenario import Job
from harness.scenario import Payload
from harness.scenario import Pilot
from harness.scenario import Scenario
from harness.scenario import World
from scenarios.drawn import Drawn
from scenarios.troubles import OPEN
from scenarios.troubles import Trouble
from scenarios.troubles import troubles

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
WALLTIMES_S = (700.0, 100.0, 3500.0)
SIZES = (5_000_000, 1, 2_000_000_000)
HOUR_S = 3600.0
DAY_S = 86_400.0
NAME = "drawn"
# What a pilot asks for, where it is not production.
LABELS = {"analysis": "user"}
MOST = 3
"""Troubles of one scenario, at most."""


def worlds() -> st.SearchStrategy[World]:
    """Return places and times: queues with different copytools, a day in winter or summer."""
    places = st.sampled_from(PLACES)
    starts = st.sampled_from((START, START + 150 * DAY_S))
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
    """Return one job, or two alike, or two of different kinds, or two clones."""
    one = st.builds(
        Job,
        kind=st.sampled_from(("production", "analysis")),
        inputs=files(3),
        payload=payloads(),
        log=st.sampled_from((True, True, False)),
    )
    # Mostly one: of several a trouble says less.
    return st.builds(
        _several, one, st.sampled_from(("one", "one", "one", "two", "kinds", "clones"))
    )


def _several(job: Job, how: str) -> tuple[Job, ...]:
    if how == "kinds":
        return (replace(job, kind="analysis"), replace(job, kind="production"))
    if how == "clones":
        return (replace(job, kind="clone", clone="runonce", count=2),)
    return (replace(job, count=2),) if how == "two" else (job,)


def pilots() -> st.SearchStrategy[tuple[Pilot, ...]]:
    """Return a pilot, or two on one node, the second while the first flies or after it."""
    # Hours until the second one comes, mostly never.
    return st.sampled_from((0.0, 0.0, 0.0, 1.0, 3.0, 12.0)).map(
        lambda hours: (
            (Pilot(node="wn001"), Pilot(node="wn001", after_s=hours * HOUR_S))
            if hours
            else (Pilot(node="wn001"),)
        )
    )


def whole_scenarios(
    *themes: str, least: int = 0, most: int = MOST, around: Sequence[Scenario] = ()
) -> st.SearchStrategy[Drawn]:
    """Return scenarios with so many troubles of these *themes* (all if none is named).

    *around* scenarios of a library: not any world, job and pilot, but those of one of them, with
    its faults and, as long as nothing else is changed, its claims.
    """
    met = st.lists(troubles(*themes), min_size=least, max_size=most).map(tuple)
    if around:
        return st.builds(_beside, st.sampled_from(list(around)), st.integers(0, 5), met)
    return st.builds(_drawn, worlds(), jobs(), pilots(), met)


def known_grounds(scenarios: Iterable[Scenario], *, family: str = "core") -> tuple[Scenario, ...]:
    """Return *scenarios* as something to draw around: with what a pilot of *family* must do."""
    return tuple(replace(each, expect=each.expect_for(family), families={}) for each in scenarios)


def _drawn(
    world: World, work: tuple[Job, ...], crew: tuple[Pilot, ...], met: tuple[Trouble, ...]
) -> Drawn:
    label = "unified" if len(work) > 1 else LABELS.get(work[0].kind, "")
    scenario = Scenario(
        NAME,
        _with_kinds(world, work),
        about="drawn by flightsim hunt",
        jobs=work,
        pilots=tuple(replace(each, label=label) for each in crew),
        expect=Expectation(),
    )
    return _with_troubles(scenario, _grounds(work), met)


def _with_kinds(world: World, work: tuple[Job, ...]) -> World:
    """Return *world* with a queue on which one pilot may do all of *work*."""
    queue: dict[str, object] = {}
    if len(work) > 1 or work[0].count > 1:
        queue["timefloor"] = 24 * 60
    if len(work) > 1:
        queue["type"] = "unified"
    elif work[0].kind == "analysis":
        queue["type"] = "analysis"
    return replace(world, overrides={"queuedata": queue} if queue else {})


def _grounds(work: tuple[Job, ...]) -> tuple[Trouble, ...]:
    """Return what belongs to *work* itself: a proxy of the user's, where a user's job needs one."""
    from scenarios.troubles._trouble import fault

    if len(work) < 2:
        return ()
    return (Trouble((fault("server.get_proxy", "hand_out"),)),)


def _with_troubles(scenario: Scenario, there: tuple[Trouble, ...], met: Iterable[Trouble]) -> Drawn:
    """Return *scenario* with those of the troubles *met* that do not contradict each other."""
    taken: dict[tuple[str, ...], object] = {}
    kept = []
    for trouble in (*there, *met):
        wanted = trouble.settings
        if all(taken.get(key, value) == value for key, value in wanted.items()):
            taken |= wanted
            kept.append(trouble)
    for trouble in kept:
        scenario = _with(scenario, trouble)
    return Drawn(scenario, tuple(kept))


def _with(scenario: Scenario, trouble: Trouble) -> Scenario:
    world = scenario.world
    if trouble.place is not None:
        world = replace(world, site=trouble.place[0], queue=trouble.place[1])
    overrides = {
        section: {**world.overrides.get(section, {}), **trouble.world.get(section, {})}
        for section in {**world.overrides, **trouble.world}
    }
    return replace(
        scenario,
        world=replace(world, overrides=overrides),
        jobs=tuple(_job_with(each, trouble) for each in scenario.jobs),
        pilots=tuple(replace(each, **trouble.pilot) for each in scenario.pilots),  # type: ignore[arg-type]
        faults=(*scenario.faults, *trouble.faults),
    )


def _job_with(job: Job, trouble: Trouble) -> Job:
    changes: Mapping[str, Any] = trouble.job
    lives: Mapping[str, Any] = trouble.payload
    # Which of two jobs is whose is what their scenario is about.
    kept = {name: value for name, value in changes.items() if name != "kind" or not job.clone}
    return replace(
        job,
        **kept,
        record={**job.record, **trouble.record},
        payload=replace(job.payload, **lives),
    )


def _beside(scenario: Scenario, change: int, met: tuple[Trouble, ...]) -> Drawn:
    """Return *scenario* with at most one of its faults left out, and further troubles.

    *change* is the number of the fault to leave out; if there is none of that number all stay.
    Troubles that would change the job, the pilot or the queue are not met here.
    """
    base, claim = replace(scenario, expect=Expectation(), families={}), scenario.expect
    if change and change <= len(base.faults):
        rest = [each for n, each in enumerate(base.faults, 1) if n != change]
        base, claim = replace(base, faults=tuple(rest)), OPEN
    own = Trouble(base.faults, claim=_claimable(claim))
    bare = replace(base, faults=(), name=NAME, source="", variant="")
    plain = [each for each in met if not each.settings.keys() - _states(each)]
    return _with_troubles(bare, (own,), plain)


def _claimable(claim: Expectation) -> Expectation:
    # Who must fire or may is not for a drawn scenario to say; nor is a time, with more to do.
    return replace(claim, violations=None, tolerated=None, within_s=None)


def _states(trouble: Trouble) -> set[tuple[str, ...]]:
    return {key for key in trouble.settings if key[0] == "fault"}
