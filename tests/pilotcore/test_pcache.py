"""The node's cache in front of a copy tool."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pilotcore.platform import Exit
from tests.pilotcore.grid import INPUT
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import turl
from tests.pilotcore.scripted import ScriptedChild


@pytest.fixture
def cached(grid: Grid) -> Grid:
    """Return a grid whose queue has pcache, with nothing in it."""
    queue: Any = {**grid.queue(), "use_pcache": True}  # type: ignore[dict-item]
    grid.queue = lambda: queue  # type: ignore[method-assign]
    hold(grid, {})
    return grid


def hold(grid: Grid, kept: dict[str, bytes]) -> None:
    """Let pcache have *kept*, by URL."""

    def run(child: ScriptedChild) -> Exit:
        source, target = child.argv[-2:]
        if source in kept and child.argv[1] != "-f":
            Path(target).write_bytes(kept[source])
            return Exit(0)
        return grid.run_xrdcp(child)

    grid.run_pcache = run  # type: ignore[attr-defined]


def test_it_stands_before_copies_in_and_only_there(cached: Grid) -> None:
    assert (0, "finished") == (cached.fly(), cached.final["state"])
    (child,) = cached.platform.ran("pcache")
    assert ("pcache", "xrdcp") == child.argv[:2]
    assert 2 == len(cached.platform.ran("xrdcp"))


def test_what_it_holds_is_not_copied_again(cached: Grid) -> None:
    hold(cached, {turl("mc", "in.root"): INPUT})
    cached.storage.clear()
    assert (0, "finished") == (cached.fly(), cached.final["state"])


def test_what_it_holds_and_is_damaged_is_fetched_past_it(cached: Grid) -> None:
    hold(cached, {turl("mc", "in.root"): b"rotten"})
    assert (0, "finished") == (cached.fly(), cached.final["state"])
    assert ["xrdcp", "-f"] == [child.argv[1] for child in cached.platform.ran("pcache")]


def test_a_node_without_it_copies_as_always(cached: Grid) -> None:
    del cached.run_pcache  # type: ignore[attr-defined]
    assert (0, "finished") == (cached.fly(), cached.final["state"])
    assert 1 == cached.log.count("the queue wants pcache, and there is none")
