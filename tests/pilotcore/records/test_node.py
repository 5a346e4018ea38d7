"""What the node is, in metrics."""

from __future__ import annotations

import pytest

from pilotcore.platform import Exit
from pilotcore.records.node import node_metrics
from pilotcore.records.node import parse
from pilotcore.updates import metrics
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import on_clock

SAID = """0.95 0.40 0.10 1/200 4001
MemTotal:       32768000 kB
MemFree:         1000000 kB
MemAvailable:   30720000 kB
processor\t: 0
cpu MHz\t\t: 2994.400
processor\t: 1
cpu MHz\t\t: 1200.000
"""
METRICS = {"nodeLoad": "0.95", "nodeMemory": "32000", "nodeFree": "30000", "cpuMHz": "2994"}


def test_load_memory_and_clock_are_found() -> None:
    assert METRICS == parse(SAID)


@pytest.mark.parametrize("text", ["", "nonsense", "MemTotal: kB"])
def test_what_is_not_there_is_not_told(text: str) -> None:
    assert {} == parse(text)


def test_a_node_where_nothing_can_be_read_tells_nothing(grid: Grid) -> None:
    assert {} == on_clock(grid, lambda: node_metrics(grid.platform))
    grid.run_cat = lambda _child: Exit(1, 0, SAID)  # type: ignore[attr-defined]
    assert {} == on_clock(grid, lambda: node_metrics(grid.platform))


def test_every_update_that_is_not_the_last_looks_anew_and_all_tell(grid: Grid) -> None:
    loads = iter(f"{load}.5 x\n" for load in range(100))
    grid.run_cat = lambda _child: Exit(0, 0, next(loads))  # type: ignore[attr-defined]
    grid.fly()
    told = [update["jobMetrics"].partition("nodeLoad=")[2] for update in grid.updates]
    count = len(told) - 1
    assert [f"{load}.50" for load in range(count)] + [f"{count - 1}.50"] == told


def test_a_metric_that_would_be_cut_is_left_out() -> None:
    text = metrics({"a": "x" * 490, "b": "y" * 20})
    assert "a=" + "x" * 490 == text
