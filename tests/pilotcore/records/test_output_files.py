"""The lists of a job's files."""

from __future__ import annotations

import xml.etree.ElementTree as etree
from typing import Any

from pilotcore.data.stage_out import StoredFile
from pilotcore.platform import Exit
from pilotcore.records.output_files import INPUTS
from pilotcore.records.output_files import catalogue_of
from tests.pilotcore.grid import INPUT
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import adler32
from tests.pilotcore.grid import turl


def names(root: etree.Element, path: str, name: str = "name") -> list[str | None]:
    return [each.get(name) for each in root.findall(path)]


def test_the_log_has_the_list_of_what_was_stored(grid: Grid) -> None:
    grid.fly()
    root = etree.fromstring(grid.log_members()["OutputFiles.xml"])
    assert ["out.root"] == names(root, "File/logical/lfn")
    said = {each.get("att_name"): each.get("att_value") for each in root.findall("File/metadata")}
    assert (turl("mc", "out.root"), "3500", "DISK") == (
        said["surl"], said["fsize"], said["endpoint"],
    )  # fmt: skip
    assert grid.xml["out.root"]["adler32"] == said["adler32"]
    assert grid.xml["out.root"]["guid"] == root.find("File").get("ID")  # type: ignore[union-attr]


def test_a_job_that_stored_nothing_has_an_empty_list(grid: Grid) -> None:
    grid.storage.clear()
    grid.fly()
    assert [] == list(etree.fromstring(grid.log_members()["OutputFiles.xml"]))


def test_odd_characters_are_no_markup() -> None:
    each = StoredFile('a"<b>&', "G", 1, "0a", "root://x?a=1&b=2", "DISK")
    root = etree.fromstring(catalogue_of([each]))
    assert ['a"<b>&'] == names(root, "File/logical/lfn")


def test_the_payload_finds_its_inputs_by_a_list(grid: Grid) -> None:
    grid.fly()
    (path,) = grid.start.rglob(INPUTS)
    assert ["in.root"] == names(etree.parse(path).getroot(), "File/physical/pfn")


def test_what_is_read_where_it_is_has_its_url_there(grid: Grid) -> None:
    said = f"{turl('mc', 'in.root')} {adler32(INPUT)}\n"
    grid.run_gfal_sum = lambda _child: Exit(0, 0, said)  # type: ignore[attr-defined]
    job: Any = grid.jobs[0]
    grid.jobs = [{**job, "transferType": "direct"}]
    grid.fly()
    (path,) = grid.start.rglob(INPUTS)
    root = etree.parse(path).getroot()
    assert [turl("mc", "in.root")] == names(root, "File/physical/pfn")


def test_a_catalogue_that_cannot_be_written_fails_no_job(grid: Grid) -> None:
    usual = grid.run_payload

    def in_the_way(child: Any) -> Exit:
        (child.command.cwd / "OutputFiles.xml").mkdir()
        return usual(child)

    grid.run_payload = in_the_way  # type: ignore[method-assign]
    assert (0, "finished") == (grid.fly(), grid.final["state"])
    assert "OutputFiles.xml cannot be written" in grid.log
