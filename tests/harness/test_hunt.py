"""A hunt without a pilot: what is drawn is judged by a function, found, made small, and kept."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from pathlib import Path
from typing import Any
from typing import Collection

import pytest
from hypothesis import strategies as st

from harness.hunt import Block
from harness.hunt import Complaint
from harness.hunt import Hunt
from harness.hunt import Trial
from harness.hunt import hunt_block
from harness.hunt import stopped_by_signals
from harness.known import vocabulary
from harness.pilots import PilotChoice
from harness.scenario import Expectation
from harness.scenario import FaultPlan
from harness.scenario import Scenario
from harness.scenario import World
from harness.scenario_text import parse_scenarios

WORLD = World("BNL", "BNL_ATLAS_1", 0.0)
KINDS = ("noise", "hang", "lie", "junk", "daemon")


@dataclass(frozen=True)
class Plain:
    """A drawn scenario that claims nothing."""

    scenario: Scenario

    def expectation(self, fired: Collection[str]) -> Expectation:
        return Expectation()


def plain(kinds: list[str]) -> Plain:
    faults = tuple(FaultPlan("tool.transfer", kind) for kind in kinds)
    return Plain(Scenario("drawn", WORLD, about="x", faults=faults))


STRATEGY: Any = st.lists(st.sampled_from(KINDS), max_size=5).map(plain)


@dataclass
class Judge:
    """Flies nothing: complains of every scenario with these *bad* faults together."""

    bad: tuple[str, ...]
    text: str = "it broke at 0:12:00"
    flown: list[Scenario] = field(default_factory=list)

    def __call__(self, drawn: Plain) -> Trial:
        self.flown.append(drawn.scenario)
        kinds = {each.do for each in drawn.scenario.faults}
        found = (Complaint("checker", self.text),) if set(self.bad) <= kinds else ()
        return Trial(drawn.scenario, found, {"silence": float(len(kinds))}, {"1": "finished"})


def faults_of(toml: str) -> list[str]:
    (read,) = parse_scenarios(toml, vocabulary=vocabulary(), where="x", source="").scenarios
    return [each.do for each in read.faults]


def test_what_breaks_a_rule_is_found_and_made_small() -> None:
    judge = Judge(("lie", "junk"))
    haul = hunt_block(Block(1, 400), STRATEGY, judge)
    assert haul.catch is not None
    assert ["junk", "lie"] == sorted(faults_of(haul.catch.toml))
    assert (2, haul.examples) == (haul.catch.faults, haul.catch.example)
    assert len(judge.flown) == haul.catch.example + haul.catch.flights


def test_a_pilot_that_breaks_nothing_is_flown_to_the_end_of_the_block() -> None:
    haul = hunt_block(Block(1, 60), STRATEGY, Judge(("none",)))
    assert (None, {"finished": haul.examples}) == (haul.catch, haul.states)
    assert 30 < haul.examples <= 60


def test_the_same_seed_draws_the_same() -> None:
    first, again, other = Judge(("none",)), Judge(("none",)), Judge(("none",))
    for judge, seed in ((first, 1), (again, 1), (other, 2)):
        hunt_block(Block(seed, 40), STRATEGY, judge)
    assert first.flown == again.flown
    assert first.flown != other.flown


def test_nothing_is_flown_twice() -> None:
    judge = Judge(("lie",))
    hunt_block(Block(3, 200), STRATEGY, judge)
    assert len(judge.flown) == len(set(map(repr, judge.flown)))


def test_shrinking_costs_no_more_than_it_may() -> None:
    judge = Judge(("lie", "junk", "hang"))
    haul = hunt_block(Block(1, 2000, shrink_flights=4), STRATEGY, judge)
    assert haul.catch is not None
    assert haul.catch.flights <= 4


def test_what_is_known_is_no_news() -> None:
    known = Complaint("checker", "it broke at 7:00:00").kind
    haul = hunt_block(Block(1, 200, known=frozenset({known})), STRATEGY, Judge(("lie",)))
    assert haul.catch is None
    assert haul.known > 0


def test_a_violation_is_told_as_soon_as_it_is_met() -> None:
    seen: list[Trial] = []
    hunt_block(Block(1, 200), STRATEGY, Judge(("lie",)), sighted=seen.append)
    assert len(seen[0].scenario.faults) >= len(seen[-1].scenario.faults)


def test_while_it_shrinks_one_violation_does_not_become_another() -> None:
    class Two(Judge):
        def __call__(self, drawn: Plain) -> Trial:
            trial = super().__call__(drawn)
            simpler = () if trial.complaints else (Complaint("another", "simpler"),)
            first_sight = not any(each.faults for each in self.flown)
            return trial if first_sight else replace(trial, complaints=trial.complaints or simpler)

    haul = hunt_block(Block(1, 400), STRATEGY, Two(("lie",)))
    assert haul.catch is not None
    assert 1 == len({text.partition(":")[0] for text in haul.catch.complaints})


@pytest.fixture
def hunt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hunt:
    """A hunt whose blocks are flown by a Judge."""
    judge = Judge(("lie",))
    monkeypatch.setattr(Hunt, "_digest", lambda self: "of this hunt")

    def fly(self: Hunt, block: Block) -> Any:
        flown.append(block.seed)
        return hunt_block(block, STRATEGY, judge)

    flown: list[int] = []
    monkeypatch.setattr(Hunt, "fly", fly)
    monkeypatch.setattr(Hunt, "flown", flown, raising=False)
    return Hunt(PilotChoice("core", "", "core", "core"), tmp_path, examples=120, seed=7)


def test_a_hunt_goes_in_blocks_of_its_own_seeds(hunt: Hunt) -> None:
    assert [(7_000_000, 50), (7_000_001, 50), (7_000_002, 20)] == [
        (each.seed, each.examples) for each in hunt.blocks()
    ]


def test_what_is_over_is_not_flown_again(hunt: Hunt) -> None:
    first = list(hunt.hauls(workers=1))
    flown = list(hunt.flown)  # type: ignore[attr-defined]
    assert first == list(hunt.hauls(workers=1))
    assert flown == hunt.flown  # type: ignore[attr-defined]


def test_what_was_interrupted_goes_on(hunt: Hunt) -> None:
    hauls = hunt.hauls(workers=1)
    next(hauls)
    hauls.close()  # type: ignore[attr-defined]
    assert 3 == len(list(hunt.hauls(workers=1)))
    assert [7_000_000, 7_000_001, 7_000_002] == hunt.flown  # type: ignore[attr-defined]


def test_what_was_found_is_kept_as_a_scenario_and_found_once(hunt: Hunt) -> None:
    hauls = list(hunt.hauls(workers=1))
    (found,) = [each for each in hauls if each.catch]
    assert ["lie"] == faults_of(hunt.path_of(found).read_text())
    assert f'name = "drawn-{found.seed}"' in hunt.path_of(found).read_text()


def test_half_a_line_of_results_is_not_read(hunt: Hunt) -> None:
    list(hunt.hauls(workers=1))
    path = hunt.folder / "blocks.jsonl"
    path.write_text(path.read_text()[:-30])
    assert 3 == len(list(hunt.hauls(workers=1)))
    assert [7_000_000, 7_000_001, 7_000_002, 7_000_002] == hunt.flown  # type: ignore[attr-defined]


def test_a_pilot_that_swallows_an_interruption_does_not_keep_a_hunt_from_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flown: list[object] = []

    def once(drawn: Any, *_: Any, **__: Any) -> Trial:
        flown.append(drawn)
        with suppress(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)
        return Trial(drawn.scenario, (), {}, {})

    monkeypatch.setattr("harness.hunt._hunt.try_once", once)
    hunt = Hunt(PilotChoice("core", "", "core", "core"), tmp_path, examples=5, themes=("work",))
    with pytest.raises(KeyboardInterrupt), stopped_by_signals():
        list(hunt.hauls(workers=1))
    assert 1 == len(flown)
    assert signal.getsignal(signal.SIGTERM) is not signal.SIG_IGN
