"""Max-min shares: against closed forms, and against progressive filling with exact fractions."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from fakesites.sharing import Flow
from fakesites.sharing import SharedLink
from fakesites.sharing import Sharing

CLOSE = 1e-9


def run_out(sharing: Sharing, now: float = 0.0) -> list[tuple[float, Any]]:
    """Let every flow end; return when, and its tag, in the order of the ends."""
    ends = []
    while (due := sharing.due()) < math.inf:
        assert due >= now
        now = due
        ends += [(due, flow.tag) for flow in sharing.ended(due)]
    return ends


def at_once(sizes: list[int], *, capacity: int) -> list[tuple[float, Any]]:
    """Return the ends of flows of *sizes* that begin together on one link."""
    sharing, link = Sharing(), SharedLink("wan", capacity)
    for number, size in enumerate(sizes):
        sharing.start(0.0, (link,), size, tag=number)
    return run_out(sharing)


def predicted(sizes: list[int], *, capacity: int) -> list[tuple[Fraction, int]]:
    """Return when fair sharing ends each: the closed form, shortest first."""
    order = sorted(range(len(sizes)), key=lambda number: sizes[number])
    at, before, ends = Fraction(0), 0, []
    for done, number in enumerate(order):
        at += Fraction((sizes[number] - before) * (len(sizes) - done), capacity)
        before = sizes[number]
        ends.append((at, number))
    return ends


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 10**12), min_size=500, max_size=500), st.integers(1, 10**11))
def test_500_transfers_end_when_fair_sharing_says(sizes: list[int], capacity: int) -> None:
    expected = predicted(sizes, capacity=capacity)
    actual = at_once(sizes, capacity=capacity)
    assert [number for _, number in expected] == [number for _, number in actual]
    for (due, _), (when, _) in zip(expected, actual, strict=True):
        assert when == pytest.approx(float(due), rel=CLOSE)
    assert actual[-1][0] == pytest.approx(sum(sizes) / capacity, rel=CLOSE)


# -- several links: any routes, any moments, against exact fractions

LINKS = 4
flows = st.lists(
    st.tuples(
        st.integers(0, 50),  # when it starts
        st.sets(st.integers(0, LINKS - 1), min_size=1, max_size=3),
        st.integers(1, 1000),  # its size
        st.sampled_from([None, 1, 3, 10, 40]),  # its own limit
    ),
    min_size=1,
    max_size=12,
)
capacities = st.lists(st.integers(1, 60), min_size=LINKS, max_size=LINKS)


def filled(active: dict[int, Any], capacity: list[int]) -> dict[int, Fraction]:
    """Raise the rates of all *active* flows together, the slow and plain way."""
    rates: dict[int, Fraction] = {}
    while len(rates) < len(active):
        levels = {}
        for number, (_, links, _, limit) in active.items():
            if number in rates:
                continue
            shares = [Fraction(limit)] if limit else []
            for link in links:
                users = [n for n in active if link in active[n][1]]
                fixed = sum(rates.get(n, Fraction(0)) for n in users)
                shares.append((capacity[link] - fixed) / len([n for n in users if n not in rates]))
            levels[number] = min(shares)
        lowest = min(levels.values())
        rates.update({number: lowest for number, level in levels.items() if level == lowest})
    return rates


def oracle(plan: list[Any], capacity: list[int]) -> dict[int, Fraction]:
    """Return when each flow of *plan* ends."""
    waiting = sorted(range(len(plan)), key=lambda number: (plan[number][0], number))
    active: dict[int, Any] = {}
    left: dict[int, Fraction] = {}
    now, ends = Fraction(0), {}
    while waiting or active:
        rates = filled(active, capacity)
        dues = {number: now + left[number] / rates[number] for number in active}
        start = Fraction(plan[waiting[0]][0]) if waiting else None
        then = min([*dues.values(), *([start] if start is not None else [])])
        left = {number: left[number] - rates[number] * (then - now) for number in active}
        now = then
        for number in [number for number in active if left[number] == 0]:
            ends[number] = now
            del active[number], left[number]
        while waiting and plan[waiting[0]][0] == now:
            number = waiting.pop(0)
            active[number], left[number] = plan[number], Fraction(plan[number][2])
    return ends


def simulated(plan: list[Any], capacity: list[int]) -> dict[int, float]:
    """Return when each flow of *plan* ends here; check shares and conservation on the way."""
    sharing = Sharing()
    links = [SharedLink(f"l{number}", size) for number, size in enumerate(capacity)]
    ends: dict[int, float] = {}
    begun: list[Flow] = []

    def until(instant: float) -> None:
        while sharing.due() <= instant:
            due = sharing.due()
            ends.update({flow.tag: due for flow in sharing.ended(due)})
            check(links, begun)

    for number in sorted(range(len(plan)), key=lambda each: (plan[each][0], each)):
        start, over, size, limit = plan[number]
        until(start)
        route = tuple(links[each] for each in sorted(over))
        begun.append(sharing.start(start, route, size, limit=limit or math.inf, tag=number))
        check(links, begun)
    until(1e9)
    assert (sharing.active, sum(flow.sent for flow in begun)) == (0, sum(p[2] for p in plan))
    return ends


def check(links: list[SharedLink], begun: list[Flow]) -> None:
    """No link carries more than it can; each flow is at its limit or on a full link at the top."""
    for link in links:
        assert link.rate <= link.capacity * (1 + CLOSE)
    for flow in begun:
        if flow.over or flow.rate >= flow.route.limit * (1 - CLOSE):
            continue
        full = [each for each in flow.route.links if each.rate >= each.capacity * (1 - CLOSE)]
        assert any(
            flow.rate >= max(route.rate for route in link.routes) * (1 - CLOSE) for link in full
        )


@settings(max_examples=300, deadline=None)
@given(flows, capacities)
def test_flows_over_several_links_have_max_min_rates(plan: list[Any], capacity: list[int]) -> None:
    expected, actual = oracle(plan, capacity), simulated(plan, capacity)
    assert set(expected) == set(actual)
    for number, due in expected.items():
        assert actual[number] == pytest.approx(float(due), rel=CLOSE)


# -- single claims


def test_a_flow_that_is_stopped_has_moved_its_share_and_leaves_the_rest() -> None:
    sharing, link = Sharing(), SharedLink("wan", 10)
    first = sharing.start(0.0, (link,), 100)
    second = sharing.start(0.0, (link,), 100)
    assert sharing.stop(4.0, first) == 20
    assert (first.rate, second.rate, sharing.stop(5.0, first)) == (0.0, 10, 20)
    assert run_out(sharing, 4.0)[0][0] == 12.0


def test_a_link_may_change_under_way_and_stand_still() -> None:
    sharing, link = Sharing(), SharedLink("wan", 10)
    flow = sharing.start(0.0, (link,), 100)
    sharing.resize(5.0, link, 0)
    assert (sharing.due(), flow.moved(50.0)) == (math.inf, 50)
    sharing.resize(100.0, link, 25)
    assert sharing.due() == 102.0


def test_a_link_with_room_for_all_does_not_tie_its_flows_together() -> None:
    sharing, wide = Sharing(), SharedLink("wide", 1000)
    ends = [SharedLink(f"e{number}", 10) for number in range(3)]
    flows = [sharing.start(0.0, (wide, end), 100) for end in ends]
    before = [flow.route.version for flow in flows]
    sharing.start(0.0, (wide, ends[0]), 100)
    assert [flow.rate for flow in flows] == [5, 10, 10]
    assert [flow.route.version for flow in flows][1:] == before[1:]


def test_ends_at_one_instant_come_in_the_order_of_their_starts() -> None:
    assert [number for _, number in at_once([7] * 20, capacity=3)] == list(range(20))


def test_the_cost_of_a_start_does_not_grow_with_those_on_the_link() -> None:
    sharing, link = Sharing(), SharedLink("wan", 10**9)
    for number in range(5000):
        flow = sharing.start(0.0, (link,), 10**9 + number)
        # One route is looked at, and once, for each start.
        assert flow.route.version == number + 1
    assert (len(link.routes), len(sharing._dues) < 100) == (1, True)
