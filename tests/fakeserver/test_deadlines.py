"""Deadlines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fakeserver.deadlines import Deadlines

STEPS = st.lists(
    st.tuples(st.integers(1, 4), st.one_of(st.none(), st.integers(0, 9).map(float))), max_size=40
)


@given(STEPS, st.integers(0, 9))
def test_the_first_and_those_due_are_as_if_all_were_looked_at(
    steps: list[tuple[int, float | None]], now: int
) -> None:
    deadlines, plain = Deadlines(), dict[int, float]()
    for panda_id, instant in steps:
        deadlines.set(panda_id, instant)
        plain.pop(panda_id, None)
        if instant is not None:
            plain[panda_id] = instant
        assert min(plain.values(), default=None) == deadlines.first()
    due = sorted((instant, panda_id) for panda_id, instant in plain.items() if instant <= now)
    assert [panda_id for _, panda_id in due] == deadlines.take(float(now))
    assert [] == deadlines.take(float(now))


def test_a_job_that_was_taken_out_can_be_entered_again_at_the_same_instant() -> None:
    deadlines = Deadlines()
    deadlines.set(1, 5.0)
    assert [1] == deadlines.take(5.0)
    deadlines.set(1, 5.0)
    assert 5.0 == deadlines.first()


def test_saying_the_same_again_costs_nothing() -> None:
    deadlines = Deadlines()
    for _ in range(100):
        deadlines.set(1, 5.0)
    assert 1 == len(deadlines._heap)
