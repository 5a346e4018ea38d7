"""-k chooses scenarios by words, --seeds gives numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.seeds import SEEDS_MAX
from harness.seeds import seeds_of
from harness.selection import selects
from simkernel import ScenarioError

SCENARIOS = {
    "first-job": ("seed", "healthy"),
    "sigterm[stage-in]": ("seed", "batch"),
    "sigterm[payload]": ("seed", "batch"),
    "hanging-transfer": ("seed", "transfer"),
}


def chosen(expression: str) -> list[str]:
    """Return the scenarios that *expression* selects."""
    test = selects(expression)
    return [name for name, tags in SCENARIOS.items() if test(name, tags)]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("", list(SCENARIOS)),
        ("sigterm", ["sigterm[stage-in]", "sigterm[payload]"]),
        ("SIGTERM", ["sigterm[stage-in]", "sigterm[payload]"]),
        ("transfer", ["hanging-transfer"]),
        ("not seed", []),
        ("batch and not payload", ["sigterm[stage-in]"]),
        ("healthy or transfer", ["first-job", "hanging-transfer"]),
        ("healthy or batch and payload", ["first-job", "sigterm[payload]"]),
        ("(healthy or batch) and payload", ["sigterm[payload]"]),
        ("not (healthy or batch)", ["hanging-transfer"]),
        ("not not healthy", ["first-job"]),
        ("[stage-in]", ["sigterm[stage-in]"]),
        ("heal", []),
    ],
)
def test_words_and_operators_choose(expression: str, expected: list[str]) -> None:
    assert expected == chosen(expression)


@pytest.mark.parametrize(
    ("expression", "place"),
    [
        ("and", "the beginning"),
        ("a and", "a and"),
        ("a b", "a"),
        ("( a", "( a"),
        ("a )", "a"),
        ("not", "not"),
    ],
)
def test_an_expression_that_makes_no_sense_says_where(expression: str, place: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        selects(expression)
    assert f"cannot read -k {expression!r} after {place}" == caught.value.what


@given(st.text(alphabet="ab()not r and", max_size=300))
def test_any_expression_is_read_or_refused(expression: str) -> None:
    try:
        chosen(expression)
    except ScenarioError:
        return


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7", (7,)),
        ("1-3", (1, 2, 3)),
        ("1-3,9", (1, 2, 3, 9)),
        ("9, 1-2,1", (9, 1, 2)),
        ("5-5", (5,)),
    ],
)
def test_seeds_are_numbers_and_ranges(text: str, expected: tuple[int, ...]) -> None:
    assert expected == seeds_of(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "'' is no seed"),
        ("a", "'a' is no seed"),
        ("-1", "'-1' is no seed"),
        ("3-1", "'3-1' counts backwards"),
        (f"1-{SEEDS_MAX + 1}", f"more than {SEEDS_MAX} seeds"),
        ("1-" + "9" * 18, f"more than {SEEDS_MAX} seeds"),
    ],
)
def test_what_are_no_seeds_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        seeds_of(text)
