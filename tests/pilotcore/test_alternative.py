"""A second storage where the first one fails."""

from __future__ import annotations

from typing import Any

import pytest

from pilotcore.data.locations import WRITE
from pilotcore.data.locations import alternative_for
from pilotcore.data.locations import rucio_path
from pilotcore.definitions import Storage
from pilotcore.definitions import parse_queue
from pilotcore.platform import Exit
from tests.pilotcore.grid import DOOR
from tests.pilotcore.grid import ROOT
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import record
from tests.pilotcore.grid import turl
from tests.pilotcore.scripted import ScriptedChild

TIER1 = "root://t1.sim:1094"
STORAGES = {name: Storage(name) for name in ("A", "B", "C", "FAR")}


def far(lfn: str) -> str:
    return f"{TIER1}{ROOT}{rucio_path('mc', lfn)}"


@pytest.fixture
def two_tiers(grid: Grid) -> Grid:
    """Return a grid whose own storage takes no file, and whose tier 1 does."""
    rows = [{"endpoint": TIER1, "path": ROOT, "id": 2}]
    endpoints: Any = grid.endpoints()
    endpoints["TIER1"] = {"is_deterministic": True, "arprotocols": {"write_lan": rows}}
    grid.endpoints = lambda: endpoints  # type: ignore[method-assign]
    allow(grid, params={"allow_altstageout": True})
    usual = grid.run_xrdcp

    def run(child: ScriptedChild) -> Exit:
        if child.argv[-1].startswith(DOOR):
            return Exit(54, 0, "", "Run: [ERROR] Server responded with an error")
        return usual(child)

    grid.run_xrdcp = run  # type: ignore[method-assign]
    return grid


def allow(grid: Grid, **changes: object) -> None:
    queue: Any = grid.queue()
    both = {"write_lan": ["DISK", "TIER1"], "pl": ["DISK", "TIER1"]}
    definition = {**queue, "astorages": both, **changes}
    grid.queue = lambda: definition  # type: ignore[method-assign]


def test_outputs_and_log_go_to_the_second_storage_and_are_registered_there(
    two_tiers: Grid,
) -> None:
    assert (0, "finished") == (two_tiers.fly(), two_tiers.final["state"])
    assert {"out.root": far("out.root"), "job.log.tgz": far("job.log.tgz")} == {
        lfn: each["surl"] for lfn, each in two_tiers.xml.items()
    }
    assert {"TIER1"} == {each["endpoint"] for each in two_tiers.xml.values()}
    assert turl("mc", "out.root") not in two_tiers.storage


def test_every_file_is_tried_at_home_before_any_goes_elsewhere(two_tiers: Grid) -> None:
    two_tiers.jobs = [record(outFiles="out.root,more.root,job.log.tgz", ddmEndPointOut="DISK")]
    usual = two_tiers.run_payload

    def both(child: ScriptedChild) -> Exit:
        assert child.command.cwd is not None
        (child.command.cwd / "more.root").write_bytes(b"more")
        return usual(child)

    two_tiers.run_payload = both  # type: ignore[method-assign]
    two_tiers.fly()
    sent = [child.argv[-1] for child in two_tiers.platform.ran("xrdcp")]
    out = [each.rpartition("/")[2] for each in sent if each.startswith(TIER1)]
    home = [number for number, each in enumerate(sent) if each == turl("mc", "more.root")]
    assert ["out.root", "more.root", "job.log.tgz"] == out
    assert max(home) < sent.index(far("out.root"))


@pytest.mark.parametrize(
    ("params", "wish", "state"),
    [
        ({}, "on", "finished"),
        ({}, "off", "failed"),
        ({}, "NULL", "failed"),
        ({"allow_altstageout": False}, "on", "failed"),
        ({"allow_altstageout": True}, "off", "finished"),
    ],
)
def test_the_queue_decides_or_else_the_job(
    two_tiers: Grid, params: dict[str, object], wish: str, state: str
) -> None:
    allow(two_tiers, params=params)
    two_tiers.jobs = [record(altStageOut=wish)]
    two_tiers.fly()
    assert state == two_tiers.final["state"]


def test_the_error_of_the_second_storage_is_the_jobs(two_tiers: Grid) -> None:
    usual = two_tiers.run_xrdcp

    def run(child: ScriptedChild) -> Exit:
        if child.argv[-1].startswith(TIER1):
            return Exit(54, 0, "", "No space left on device")
        return usual(child)

    two_tiers.run_xrdcp = run  # type: ignore[method-assign]
    two_tiers.fly()
    assert 1333 == two_tiers.final["pilotErrorCode"]
    assert "alternative stage-out for out.root: Xrdcp was unable" in two_tiers.log


def test_where_there_is_no_other_storage_the_first_error_stands(two_tiers: Grid) -> None:
    allow(two_tiers, params={"allow_altstageout": True})
    two_tiers.jobs = [record(nucleus="TIER1")]
    two_tiers.fly()
    tries = [child for child in two_tiers.platform.ran("xrdcp") if "out.root" in child.argv[-1]]
    assert (1362, 3) == (two_tiers.final["pilotErrorCode"], len(tries))


@pytest.mark.parametrize(
    ("wanted", "but", "found"),
    [
        ("A", (), "B"),
        ("B", (), "C"),
        ("C", (), "A"),
        ("A", ("B",), "C"),
        ("A", ("B", "C"), None),
        ("", (), "B"),
        ("FAR", (), "FAR"),
        ("FAR", ("FAR",), None),
        ("UNKNOWN", (), None),
    ],
)
def test_the_alternative_is_the_next_one_or_the_far_one_that_was_asked_for(
    wanted: str, but: tuple[str, ...], found: str | None
) -> None:
    raw = {"copytools": {"xrdcp": {}}, "astorages": {"write_lan": ["A", "B", "C"]}}
    queue = parse_queue(raw, "Q")
    other = alternative_for(queue, STORAGES, wanted=wanted, activities=WRITE, but=but)
    assert found == (other.name if other else None)
