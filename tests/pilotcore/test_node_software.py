"""/cvmfs, containers, PATH: what a site has of software."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pilotcore.containers import contained
from pilotcore.containers import image_of
from pilotcore.containers import program_of
from pilotcore.definitions import container_types
from pilotcore.definitions import settings
from pilotcore.job import parse_job
from pilotcore.platform import Exit
from pilotcore.software import with_system_folders
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import code_of
from tests.pilotcore.grid import record
from tests.pilotcore.scripted import ScriptedChild

BASE = {"IMAGE_BASE": "/cvmfs/images/"}


@pytest.mark.parametrize(
    ("catchall", "found"),
    [
        ("a=1,b", {"a": "1", "b": ""}),
        (" 'IMAGE_BASE = /x' ,, =, ==x", {"IMAGE_BASE": "/x"}),
        (None, {}),
        ("None", {}),
        (7, {"7": ""}),
    ],
)
def test_a_catchall_is_read_whatever_is_in_it(catchall: object, found: dict[str, str]) -> None:
    assert found == settings(catchall)


@pytest.mark.parametrize(
    ("named", "image"),
    [
        ("", ""),
        ("el9", "/cvmfs/images/el9"),
        ("/cvmfs/el9", "/cvmfs/el9"),
        ("docker://el9", "docker://el9"),
    ],
)
def test_a_place_for_images_makes_none_of_nothing(named: str, image: str) -> None:
    job = replace(parse_job(record()), image=named)
    assert (image, image) == (image_of(job, BASE, {}), image_of(job, {}, BASE))
    assert named == image_of(job, {}, {})


def test_without_an_image_the_line_is_run_as_it_is() -> None:
    assert "./payload" == contained("./payload", "", directory=Path("/w"))
    line = contained("./payload -x 'a b'", "/i", directory=Path("/w"))
    assert line.startswith("apptainer exec --bind /w --pwd /w /i /bin/bash -c ")


@pytest.mark.parametrize(
    ("said", "program"),
    [
        ("", "apptainer"),
        ("apptainer:pilot;docker:wrapper", "apptainer"),
        ("singularity:pilot", "singularity"),
        ("docker:wrapper", ""),
    ],
)
def test_the_queue_says_by_which_program_containers_run(said: str, program: str) -> None:
    assert program == program_of(container_types(said))


@pytest.mark.parametrize("said", ["podmann:pilot", "docker:middleware", ":pilot"])
def test_a_container_type_that_nobody_knows_is_no_bare_node(grid: Grid, said: str) -> None:
    assert 1384 == code_of(lambda: program_of(container_types(said)))
    queue = {**grid.queue(), "container_type": said}  # type: ignore[dict-item]
    grid.queue = lambda: queue  # type: ignore[method-assign]
    grid.jobs = [record(container_name="/cvmfs/el9")]
    assert (0, 1384) == (grid.fly(), grid.final["pilotErrorCode"])


def test_a_job_without_an_image_does_not_mind_it(grid: Grid) -> None:
    queue = {**grid.queue(), "container_type": "podmann:pilot"}  # type: ignore[dict-item]
    grid.queue = lambda: queue  # type: ignore[method-assign]
    assert (0, "finished") == (grid.fly(), grid.final["state"])


def test_folders_of_the_system_come_after_those_of_the_batch_job() -> None:
    assert {"PATH": "/own:/bin:/usr/local/bin:/usr/bin:/usr/sbin:/sbin", "A": "1"} == (
        with_system_folders({"PATH": "/own::/bin", "A": "1"})
    )
    assert "/usr/sbin" in with_system_folders({})["PATH"]


@pytest.mark.parametrize(("code", "asked"), [(0, True), (2, False)])
def test_a_dead_cvmfs_keeps_the_pilot_from_asking(tmp_path: Path, code: int, asked: bool) -> None:
    grid = Grid(tmp_path)
    grid.env["ATLAS_SW_BASE"] = "/cvmfs"
    grid.run_ls = lambda _child: Exit(code, 0, "", "cannot access")  # type: ignore[attr-defined]
    assert (0 if asked else 64) == grid.fly("--pilot-user", "atlas")
    assert asked == any(each.request.url.endswith("getJob") for each in grid.platform.asked)


def test_a_cvmfs_that_hangs_is_dead(tmp_path: Path) -> None:
    grid = Grid(tmp_path)
    grid.env["ATLAS_SW_BASE"] = "/cvmfs"

    def run_ls(child: ScriptedChild) -> Exit:
        child.sleep(1e6)
        return Exit(0)

    grid.run_ls = run_ls  # type: ignore[attr-defined]
    assert 64 == grid.fly("--pilot-user", "atlas")
    assert "does not answer" in grid.log


def test_nobody_looks_at_cvmfs_where_it_is_not_wanted(tmp_path: Path) -> None:
    grid = Grid(tmp_path)
    grid.env["ATLAS_SW_BASE"] = "/cvmfs"
    grid.run_ls = lambda _child: Exit(2)  # type: ignore[attr-defined]
    assert 0 == grid.fly("-b", "--pilot-user", "atlas")
