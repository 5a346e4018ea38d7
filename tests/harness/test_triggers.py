"""Deciding at which occasions a fault strikes."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.triggers import Countdown
from harness.triggers import Trigger
from harness.triggers import check_trigger
from harness.triggers import never
from simkernel import ScenarioError

COUNTS = st.none() | st.integers(1, 6)
TRIGGERS = st.builds(
    Trigger,
    call=COUNTS,
    every=COUNTS,
    times=COUNTS,
    after_s=st.none() | st.floats(0, 10),
    p=st.none() | st.floats(0, 1),
)
OCCASIONS = st.lists(st.none() | st.floats(0, 20), max_size=30)


def strikes(trigger: Trigger, occasions: list[float | None], *, seed: int = 1) -> list[int]:
    countdown = Countdown(trigger, rng=Random(seed))
    return [n for n, elapsed in enumerate(occasions, start=1) if countdown.strikes(elapsed)]


def test_without_conditions_it_strikes_always() -> None:
    assert strikes(Trigger(), [0.0, 1.0, 2.0]) == [1, 2, 3]


def test_an_event_that_the_journal_cannot_have_is_refused() -> None:
    with pytest.raises(ScenarioError, match="event = -1"):
        check_trigger(Trigger(event=-1))


def test_in_another_phase_it_does_not_strike_nor_count() -> None:
    assert strikes(Trigger(call=2), [None, 0.0, None, 1.0, 2.0]) == [4]


def test_before_its_time_it_does_not_strike_nor_count() -> None:
    assert strikes(Trigger(every=1, after_s=5.0), [0.0, 4.9, 5.0, 1.0, 9.0]) == [3, 5]


def test_every_second_from_the_fifth_on() -> None:
    assert strikes(Trigger(call=5, every=2), [0.0] * 10) == [5, 7, 9]


def test_a_draw_that_misses_is_no_strike() -> None:
    hits = strikes(Trigger(p=0.5, times=3), [0.0] * 20)
    assert len(hits) == 3
    assert hits != [1, 2, 3]


def test_only_admitted_and_counted_occasions_are_drawn_for() -> None:
    spread = strikes(Trigger(p=0.5, every=2), [0.0] * 40)
    dense = strikes(Trigger(p=0.5), [0.0] * 20)
    assert [2 * each for each in dense] == spread


def test_certainty_draws_nothing() -> None:
    rng = Random(1)
    countdown = Countdown(Trigger(p=1.0), rng=rng)
    before = rng.getstate()
    assert countdown.strikes(0.0)
    assert before == rng.getstate()


@given(trigger=TRIGGERS, occasions=OCCASIONS)
def test_the_conditions_hold_together(trigger: Trigger, occasions: list[float | None]) -> None:
    hits = strikes(trigger, occasions)
    certain = strikes(Trigger(trigger.call, trigger.after_s, trigger.every), occasions)
    assert set(hits) <= set(certain)
    assert len(hits) <= (trigger.times or len(occasions))
    assert all((occasions[hit - 1] or 0.0) >= (trigger.after_s or 0.0) - 1e-6 for hit in hits)


@given(trigger=TRIGGERS, occasions=OCCASIONS)
def test_every_occasion_is_seen_and_every_strike_counted(
    trigger: Trigger, occasions: list[float | None]
) -> None:
    countdown = Countdown(trigger, rng=Random(1))
    hits = [countdown.strikes(each) for each in occasions]
    assert (len(occasions), sum(hits)) == (countdown.seen, countdown.struck)
    assert countdown.admitted <= countdown.seen


@pytest.mark.parametrize(("p", "expect"), [(None, False), (0.0, True), (0.1, False), (1.0, False)])
def test_only_probability_zero_means_never(p: float | None, expect: bool) -> None:
    assert expect == never(Trigger(p=p))


@pytest.mark.parametrize(
    ("trigger", "expect"),
    [
        (Trigger(call=0), "call = 0: counting starts at 1"),
        (Trigger(every=-1), "every = -1: counting starts at 1"),
        (Trigger(times=0), "times = 0: counting starts at 1"),
        (Trigger(after_s=-1.0), r"after = -1.0 s lies before the start"),
        (Trigger(p=1.5), "p = 1.5 is no probability"),
        (Trigger(p=-0.5), "p = -0.5 is no probability"),
        (Trigger(phase="stageout"), "unknown phase 'stageout' — did you mean 'stage-out'"),
        (Trigger(phase="xyzzy"), "'start' or 'get-job' or 'stage-in'"),
    ],
)
def test_what_makes_no_sense_is_refused(trigger: Trigger, expect: str) -> None:
    with pytest.raises(ScenarioError, match=f"^a.toml:7: .*{expect}"):
        check_trigger(trigger, where="a.toml:7")


@given(trigger=TRIGGERS)
def test_what_makes_sense_passes(trigger: Trigger) -> None:
    check_trigger(trigger)
