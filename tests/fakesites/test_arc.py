"""The computing element around the mv copytool."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakesites.arc import FOLDER
from fakesites.arc import Output
from fakesites.arc import collect_outputs
from fakesites.arc import deliver_input
from fakesites.storage import StorageError
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world
from tests.fakesites.site_world import some_content

ELEMENT = "UC_ITB_DATADISK"


@pytest.fixture
def world(tmp_path: Path) -> SiteWorld:
    return make_world(tmp_path, site="UC_ITB")


def turl(world: SiteWorld, name: str) -> str:
    element = world.element(ELEMENT)
    return element.turl(f"{element.root}/{name}", "root")


def collect(world: SiteWorld, line: str) -> tuple[Output, ...]:
    world.node.files.write(f"{FOLDER}/output.list", f"{line}\n".encode())
    return collect_outputs(world.site.storages, world.node.files)


def test_an_input_lies_in_the_start_folder(world: SiteWorld) -> None:
    placed = world.site.place_input("j", "a.root", "mc", 10**6)
    deliver_input(placed, world.site.storages, world.node.files)
    assert placed.adler32 == world.node.files.adler32(f"{FOLDER}/a.root")


def test_an_input_that_is_gone_cannot_be_delivered(world: SiteWorld) -> None:
    placed = world.site.place_input("j", "a.root", "mc", 10)
    world.element(ELEMENT).remove(world.element(ELEMENT).files()[0].path, by="test")
    with pytest.raises(StorageError, match="missing"):
        deliver_input(placed, world.site.storages, world.node.files)


def test_an_output_is_put_where_the_list_says(world: SiteWorld) -> None:
    content = some_content(1000)
    world.put_file(f"{FOLDER}/out.root", content)
    url = turl(world, "x/out.root")
    line = f"out.root {url}:checksumtype=adler32:checksumvalue={content.adler32}"
    assert collect(world, line) == (Output("out.root", url),)
    assert world.element(ELEMENT).files()[0].content == content


def test_a_wrong_checksum_keeps_the_file_away(world: SiteWorld) -> None:
    world.put_file(f"{FOLDER}/out.root", some_content(1000))
    line = f"out.root {turl(world, 'y')}:checksumtype=adler32:checksumvalue=00000001"
    assert "is not 00000001" in collect(world, line)[0].why
    assert world.element(ELEMENT).files() == []


def test_a_missing_output_is_told(world: SiteWorld) -> None:
    assert collect(world, f"out.root {turl(world, 'y')}")[0].why == "No such file or directory"


def test_a_place_that_does_not_exist_is_told(world: SiteWorld) -> None:
    assert collect(world, "out.root root://nowhere.sim//y")[0].why == "no such storage"


def test_a_full_element_is_told(world: SiteWorld) -> None:
    world.put_file(f"{FOLDER}/out.root", some_content(1000))
    world.element(ELEMENT).volume.total = world.element(ELEMENT).volume.used
    assert collect(world, f"out.root {turl(world, 'y')}")[0].why.startswith("space")


def test_without_a_list_there_is_nothing_to_collect(world: SiteWorld) -> None:
    assert collect_outputs(world.site.storages, world.node.files) == ()
