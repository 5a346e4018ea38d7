"""A healthy node for each test; the matrix once for all of them."""

from __future__ import annotations

from typing import Callable
from typing import Iterator

import pytest

from harness.scenario import FaultPlan
from harness.siteverify_bridge.matrix import Found
from harness.siteverify_bridge.matrix import Line
from harness.siteverify_bridge.matrix import look
from harness.siteverify_bridge.matrix import matrix
from harness.siteverify_bridge.vantage import NodeVantage
from harness.siteverify_bridge.world import Place
from harness.siteverify_bridge.world import small_world
from harness.world import World

PLACE = Place("BNL", "BNL_ITB")
Broken = Callable[..., NodeVantage]


@pytest.fixture(scope="session")
def lines() -> dict[str, Line]:
    """Return the whole matrix by the label of its rows."""
    return {line.row.label: line for line in matrix(PLACE)}


@pytest.fixture(scope="session")
def healthy() -> Found:
    """Return what all checks say of a healthy node."""
    return look(PLACE)


@pytest.fixture
def world() -> Iterator[World]:
    """Give a world with one healthy node."""
    with small_world(PLACE) as made:
        yield made


@pytest.fixture
def vantage(world: World) -> NodeVantage:
    """Return the healthy node as the checks see it."""
    return NodeVantage(world)


@pytest.fixture
def broken() -> Iterator[Broken]:
    """Return a function that gives a node on which one fault is loose."""
    opened = []

    def broken_by(do: str, on: str, **options: object) -> NodeVantage:
        context = small_world(PLACE, [FaultPlan(on, do, options=options)])
        opened.append(context)
        return NodeVantage(context.__enter__())

    yield broken_by
    for context in opened:
        context.__exit__(None, None, None)
