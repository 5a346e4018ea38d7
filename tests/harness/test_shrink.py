"""Shrinking leaves the switches that matter, and no others."""

from __future__ import annotations

from typing import Sequence

import pytest

from harness.schedules import Choices
from harness.shrink import Deed
from harness.shrink import deeds_of
from harness.shrink import failure
from harness.shrink import only
from harness.shrink import smallest
from harness.verdict import Verdict

SCRIPT = {"pilot-1": Choices([1, 2, 0, 2, 2, 3], [7]), "pilot-2": Choices([0, 2, 1, 2])}


def deeds(count: int) -> list[Deed]:
    return [("pilot-1", 0, number) for number in range(count)]


@pytest.mark.parametrize("wanted", [(3,), (0, 99), (10, 11, 12), (1, 50, 98), tuple(range(8))])
def test_nothing_that_matters_is_left_out_and_nothing_else_is_kept(wanted: Sequence[int]) -> None:
    needed = {("pilot-1", 0, number) for number in wanted}
    left = smallest(deeds(100), lambda tried: needed <= set(tried))
    assert needed == set(left)


def test_what_fails_in_turn_needs_no_switch() -> None:
    assert [] == smallest(deeds(10), lambda _: True)


def test_it_gives_up_when_it_may_not_go_on() -> None:
    tried = []

    def fails(each: Sequence[Deed]) -> bool:
        tried.append(each)
        return {("pilot-1", 0, 3), ("pilot-1", 0, 77)} <= set(each)

    assert {("pilot-1", 0, 3), ("pilot-1", 0, 77)} <= set(
        smallest(deeds(100), fails, may=lambda: len(tried) < 5)
    )
    assert 5 == len(tried)


def test_deeds_are_switches_and_preemptions_of_each_pilot() -> None:
    assert [
        ("pilot-1", 0, 0),
        ("pilot-1", 0, 2),
        ("pilot-1", 1, 7),
        ("pilot-2", 0, 1),
    ] == deeds_of(SCRIPT)


def test_what_is_left_out_is_chosen_in_turn() -> None:
    assert {"pilot-1": Choices([0, 2, 0, 2, 2, 3], []), "pilot-2": Choices([0, 2, 0, 2])} == only(
        SCRIPT, [("pilot-1", 0, 2)]
    )


def test_a_failure_is_the_same_whenever_it_happens() -> None:
    early = Verdict("fail", "x", unmet=("job 1: failed at 0:01:00",))
    late = Verdict("fail", "x", unmet=("job 1: failed at 0:09:00",))
    assert failure(early) == failure(late)
    assert failure(early) != failure(Verdict("pass", "x"))
