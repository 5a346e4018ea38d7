"""The table of states."""

from __future__ import annotations

import pytest

from fakeserver.states import FINAL
from fakeserver.states import RULES
from fakeserver.states import TRANSITIONS
from fakeserver.states import Actor
from fakeserver.states import State
from fakeserver.states import allowed
from fakeserver.states import diagram


@pytest.mark.parametrize("state", sorted(FINAL))
def test_nothing_leads_out_of_a_final_state(state: State) -> None:
    assert [] == [new for old, new in TRANSITIONS if old is state]


def test_every_state_can_be_reached_from_defined() -> None:
    reached = {State.DEFINED}
    while True:
        more = {new for old, new in TRANSITIONS if old in reached} - reached
        if not more:
            break
        reached |= more
    assert set(State) == reached


def test_from_every_other_state_a_final_one_can_be_reached() -> None:
    ending = set(FINAL)
    for _ in State:
        ending |= {old for old, new in TRANSITIONS if new in ending}
    assert set(State) == ending


def test_a_pilot_never_ends_a_job_itself() -> None:
    assert [] == [pair for pair, who in TRANSITIONS.items() if pair[1] in FINAL and "pilot" in who]


@pytest.mark.parametrize(
    ("old", "new", "actor", "expected"),
    [
        (State.ACTIVATED, State.SENT, Actor.DISPATCHER, True),
        (State.ACTIVATED, State.SENT, Actor.PILOT, False),
        (State.ACTIVATED, State.RUNNING, Actor.PILOT, False),
        (State.SENT, State.HOLDING, Actor.PILOT, True),
        (State.RUNNING, State.FAILED, Actor.REAPER, True),
        (State.HOLDING, State.CANCELLED, Actor.ADDER, True),
        (State.HOLDING, State.CANCELLED, Actor.USER, True),
        (State.FAILED, State.RUNNING, Actor.PILOT, False),
    ],
)
def test_allowed(old: State, new: State, actor: Actor, expected: bool) -> None:
    assert expected is allowed(old, new, actor=actor)


def test_rules_that_meet_add_up_their_actors() -> None:
    expected = frozenset({Actor.ADDER, Actor.REAPER})
    assert expected == TRANSITIONS[State.HOLDING, State.FAILED]


def test_every_rule_says_what_happens() -> None:
    assert all(rule.about and rule.old and rule.actors for rule in RULES)


def test_the_diagram_has_a_line_for_every_transition() -> None:
    lines = diagram().splitlines()
    assert "stateDiagram-v2" == lines[0]
    assert len(TRANSITIONS) + 1 == len(lines)
    assert "    holding --> failed: adder, reaper" in lines
