"""Replicas, if the job does not say where its files are."""

from __future__ import annotations

from pathlib import Path

import pytest

from pilotcore.data.replicas import LAST
from pilotcore.data.replicas import ordered
from pilotcore.data.replicas import question
from pilotcore.data.replicas import read_metalink
from pilotcore.platform import Exit
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import record
from tests.pilotcore.grid import turl
from tests.pilotcore.scripted import ScriptedChild


def url(where: str, rse: str, *, domain: str = "wan", priority: object = 1) -> str:
    return f'<url location="{rse}" domain="{domain}" priority="{priority}">{where}</url>\n'


FAR = url("root://far//x", "FAR", priority=1)
NEAR = url(turl("mc", "in.root"), "DISK", domain="lan", priority=7)


def test_a_metalink_is_read_as_it_is_listed() -> None:
    first, second = read_metalink(f"<file>{FAR}{url('root://b', 'B', priority='x')}</file>")
    assert ("root://far//x", "FAR", False, 1) == (
        first.turl,
        first.endpoint,
        first.is_local,
        first.priority,
    )
    assert LAST == second.priority


@pytest.mark.parametrize("text", ["", "Cannot connect", "<metalink></metalink>"])
def test_what_lists_nothing_has_no_replicas(text: str) -> None:
    assert () == read_metalink(text)


def test_near_ones_come_first_then_local_ones_then_by_priority() -> None:
    listed = read_metalink(
        url("a", "A", priority=1)
        + url("b", "B", domain="lan", priority=9)
        + url("c", "C", priority=5)
        + url("d", "D", domain="lan", priority=3)
    )
    assert ["c", "d", "b", "a"] == [each.turl for each in ordered(listed, ("C",))]


def test_the_catalogue_is_asked_for_urls_that_the_tool_speaks() -> None:
    assert "rucio list-file-replicas --metalink --protocols root,davs mc:in" == " ".join(
        question("mc", "in", schemes=("root", "davs"))
    )


@pytest.mark.parametrize(
    ("listed", "state"), [(FAR + NEAR, "finished"), (FAR, "failed"), ("", "failed")]
)
def test_a_file_of_unknown_place_comes_from_the_best_one(
    tmp_path: Path, listed: str, state: str
) -> None:
    grid = Grid(tmp_path)
    grid.jobs = [record(ddmEndPointIn="")]

    def run_rucio(_child: ScriptedChild) -> Exit:
        return Exit(0, 0, f"<metalink><file>{listed}</file></metalink>")

    grid.run_rucio = run_rucio  # type: ignore[attr-defined]
    grid.fly()
    assert state == grid.final["state"]
