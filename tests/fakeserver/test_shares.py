"""Global shares."""

from __future__ import annotations

import pytest

from fakeserver.shares import UNDEFINED
from fakeserver.shares import Share
from fakeserver.shares import Shares
from simkernel import ScenarioError
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import spec

TREE = (
    Share("Production", 80, label="managed"),
    Share("Analysis", 20),
    Share("Group", 50, parent="Analysis", label="user", working_group="higgs"),
    Share("User", 50, parent="Analysis", label="user"),
)


def shares(**used: int) -> Shares:
    """Return the tree with some cores in use."""
    made = Shares()
    made.define(TREE)
    for name, cores in used.items():
        made.count(name, cores)
    return made


def turns(made: Shares) -> list[str]:
    """Return the leaves in the order of their turns."""
    ranks = made.ranks()
    return sorted(ranks, key=lambda name: ranks[name])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "Production"),
        ({"kind": "analysis"}, "User"),
        ({"kind": "analysis", "working_group": "higgs"}, "Group"),
        ({"label": "ptest"}, UNDEFINED),
    ],
)
def test_a_job_counts_for_the_first_leaf_that_takes_it(
    changes: dict[str, str], expected: str
) -> None:
    assert expected == shares().leaf_of(spec(1, **changes))


def test_with_nothing_in_use_the_order_is_that_of_definition() -> None:
    assert ["Production", "Group", "User"] == turns(shares())


def test_who_has_had_least_of_what_is_due_goes_first() -> None:
    assert ["Group", "User", "Production"] == turns(shares(Production=90, User=5, Group=3))


def test_a_larger_share_may_use_more() -> None:
    assert ["Production", "Group", "User"] == turns(shares(Production=30, User=15))


def test_tests_go_before_all() -> None:
    made = Shares()
    made.define((Share("Production", 99), Share("Test", 1)))
    made.count("Test", 1000)
    assert ["Test", "Production"] == turns(made)


@pytest.mark.parametrize(
    "wrong", [(Share("A"), Share("A")), (Share("A", parent="B"),)], ids=["twice", "orphan"]
)
def test_a_tree_that_is_none_is_refused(wrong: tuple[Share, ...]) -> None:
    with pytest.raises(ScenarioError):
        Shares().define(wrong)


def test_shares_outrank_priority_at_dispatch(bench: Bench) -> None:
    bench.server.define_shares(TREE)
    for panda_id in (1, 2, 3):
        bench.server.define_job(spec(panda_id, priority=9000))
    bench.server.define_job(spec(4, kind="analysis", priority=1))
    given = [bench.get(label="unified") for _ in range(4)]
    # The first job of production uses all that is in use: then it is the user's turn.
    assert [1, 4, 2, 3] == given


def test_shares_that_come_later_count_what_runs_already(bench: Bench) -> None:
    for panda_id in (1, 2):
        bench.server.define_job(spec(panda_id, core_count=8))
    bench.get()
    bench.server.define_shares(TREE)
    assert {"Production": 8} == bench.server.table.shares.used
    bench.say(1, "failed")
    assert 0 == bench.server.table.shares.used["Production"]
