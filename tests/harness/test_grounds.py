"""Where flights take place, with more or fewer walls."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest

from harness import grounds
from harness.grounds import FOLDERS
from harness.grounds import SEEN


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("FLIGHTSIM_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv(grounds.WALLS_VARIABLE, raising=False)
    grounds.walls_here.cache_clear()
    yield
    grounds.walls_here.cache_clear()


@pytest.mark.parametrize(("wanted", "filters"), [("first", False), ("filter", True)])
def test_without_namespaces_the_place_has_a_constant_length(
    wanted: str, filters: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(grounds.WALLS_VARIABLE, wanted)
    with grounds.grounds(tmp_path / "kept") as walls:
        assert (False, filters) == (walls.namespaces, walls.filters)
        assert str(walls.real) == walls.seen
        assert "flightsim." == walls.real.name[:-2]
        assert list(FOLDERS) == sorted(each.name for each in walls.real.iterdir())
    assert list(FOLDERS) == sorted(each.name for each in (tmp_path / "kept").iterdir())


def test_with_namespaces_the_place_is_seen_under_one_name(tmp_path: Path) -> None:
    if not grounds.walls_here()["namespaces"]:
        pytest.skip("no namespaces here")
    with grounds.grounds(tmp_path / "kept") as walls:
        assert (SEEN, True, True) == (walls.seen, walls.namespaces, walls.filters)
        assert tmp_path / "kept" == walls.real


def test_a_machine_is_probed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = grounds.walls_here()
    grounds.walls_here.cache_clear()
    monkeypatch.setattr(grounds, "probe", lambda bwrap="": pytest.fail("probed again"))
    assert first == grounds.walls_here()


def test_a_bubblewrap_that_comes_later_is_looked_at(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    grounds.walls_here()
    grounds.walls_here.cache_clear()
    (tmp_path / "bwrap").touch(mode=0o755)
    monkeypatch.setattr(grounds, "probe", lambda bwrap="": {"by": bwrap})
    assert {"by": str(tmp_path / "bwrap")} == grounds.walls_here()
