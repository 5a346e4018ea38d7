"""Downloads and uploads of a Rucio client: its command line, the tool behind its Python API."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fakesites.contents import read
from fakesites.storage import StorageError
from fakesites.turls import rucio_path
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world
from tests.fakesites.site_world import some_content

SCOPE, NAME = "mc23", "f.root"
DID = f"{SCOPE}:{NAME}"
OUT = f"/srv/work/{NAME}"
SIZE = 10**9


@pytest.fixture
def world(tmp_path: Path) -> SiteWorld:
    return make_world(tmp_path)


def stored(world: SiteWorld) -> str:
    """Put the file where Rucio has it; return its URL."""
    return world.store(rucio_path(SCOPE, NAME), some_content(SIZE))


def api(world: SiteWorld, *words: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(world.run("flightsim-rucio", *words).stdout)
    return answer


def refuse(world: SiteWorld, kind: str, *, times: int) -> None:
    """Let the door refuse the first *times* copies."""
    left = [times]

    def around(call: Any, proceed: Any) -> Any:
        if left[0] and call.action in ("get", "put"):
            left[0] -= 1
            raise StorageError(kind, call.path)
        return (yield from proceed())

    world.points.attach("door.BNL_DATADISK", around)


def test_a_file_comes_by_its_name(world: SiteWorld) -> None:
    stored(world)
    ended = world.run("rucio", "-v", "download", "--no-subdir", "--dir", "/srv/work", DID)
    assert (0, SIZE) == (ended.code, read(world.node.files.real(OUT)).size)
    assert not world.node.files.real(f"{OUT}.part").exists()


def test_without_a_word_it_comes_into_a_folder_of_its_scope(world: SiteWorld) -> None:
    stored(world)
    assert world.run("rucio", "download", DID).code == 0
    assert world.node.files.real(f"/srv/work/{SCOPE}/{NAME}").is_file()


def test_the_help_tells_how_endpoints_are_named(world: SiteWorld) -> None:
    # pilot3 asks for this to learn which of two spellings it may use.
    assert "--rses RSES" in world.run("rucio", "download", "-h").stdout


def test_what_is_nowhere_is_not_found(world: SiteWorld) -> None:
    ended = world.run("rucio", "download", DID)
    assert ended.code == 1
    assert "None of the requested files have been downloaded" in ended.stderr
    assert api(world, "download", DID, OUT)["state"] == "FILE_NOT_FOUND"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("missing", "Source file not found."),
        ("unavailable", "The requested service is not available at the moment."),
        ("denied", "Auth failed: No protocols left to try"),
    ],
)
def test_what_a_door_says_is_told(world: SiteWorld, kind: str, words: str) -> None:
    url = stored(world)
    refuse(world, kind, times=2)
    told = api(world, "download", "--rse=BNL_DATADISK", f"--pfn={url}", DID, OUT)
    assert ("FAILED", "root", 2) == (told["state"], told["protocol"], told["tries"])
    assert words in told["reason"]


def test_the_second_try_may_do_it(world: SiteWorld) -> None:
    url = stored(world)
    refuse(world, "unavailable", times=1)
    told = api(world, "download", f"--pfn={url}", DID, OUT)
    assert ("DONE", "OK", 2) == (told["state"], told["reason"], told["tries"])


def test_one_try_has_a_time_limit(world: SiteWorld) -> None:
    url = stored(world)
    told = api(world, "download", f"--pfn={url}", "--timeout=0.1", DID, OUT)
    assert ("FAILED", True) == (told["state"], "Operation timeout" in told["reason"])
    assert not world.node.files.real(OUT).exists()


def test_a_file_that_is_there_is_left_alone(world: SiteWorld) -> None:
    world.put_file(OUT, some_content(7))
    assert api(world, "download", DID, OUT)["state"] == "ALREADY_DONE"


def test_a_file_goes_to_where_rucio_has_it(world: SiteWorld) -> None:
    world.put_file(OUT, some_content(SIZE))
    ended = world.run(
        "rucio", "upload", "--rse", "BNL_DATADISK", "--scope", SCOPE, "--summary", OUT
    )
    assert ended.code == 0
    summary = json.loads(world.node.files.real("/srv/work/rucio_upload.json").read_text())
    element = world.element()
    found = element.find(f"{element.root}/{rucio_path(SCOPE, NAME)}")
    assert found is not None
    assert (SIZE, found.content.adler32) == (summary[DID]["bytes"], summary[DID]["adler32"])
    assert summary[DID]["pfn"] == element.turl(found.path, "root")


def test_what_is_on_storage_is_not_written_over(world: SiteWorld) -> None:
    stored(world)
    world.put_file(OUT, some_content(7))
    told = api(world, "upload", "--rse=BNL_DATADISK", DID, OUT)
    assert ("ALREADY_DONE", "File already exists") == (told["state"], told["reason"])
    ended = world.run("rucio", "upload", "--rse", "BNL_DATADISK", "--scope", SCOPE, OUT)
    assert (1, True) == (ended.code, "None of the given files" in ended.stderr)


def test_another_door_is_tried_when_one_refuses(world: SiteWorld) -> None:
    world.put_file(OUT, some_content(SIZE))
    refuse(world, "unavailable", times=1)
    told = api(world, "upload", "--rse=BNL_DATADISK", DID, OUT)
    assert ("DONE", "davs", 2) == (told["state"], told["protocol"], told["tries"])


def test_a_copy_that_differs_is_noticed(world: SiteWorld) -> None:
    world.put_file(OUT, some_content(SIZE))

    def cut(call: Any, proceed: Any) -> Any:
        if call.action == "put":
            call.content = call.content.truncated(5)
        return (yield from proceed())

    world.points.attach("door.BNL_DATADISK", cut)
    url = world.element().turl(f"{world.element().root}/x", "root")
    told = api(world, "upload", "--rse=BNL_DATADISK", f"--pfn={url}", DID, OUT)
    assert ("FAILED", True) == (told["state"], "does not match the checksum" in told["reason"])


def test_an_endpoint_that_nobody_knows_is_said_so(world: SiteWorld) -> None:
    world.put_file(OUT, some_content(7))
    assert "RSE does not exist" in api(world, "upload", "--rse=NONE", DID, OUT)["reason"]


def test_a_kept_file_is_not_copied_again(world: SiteWorld) -> None:
    url = stored(world)
    words = ("download", f"--pfn={url}", "--rse=BNL_DATADISK", "--pcache", DID)
    assert api(world, *words, OUT)["state"] == "DONE"
    assert api(world, *words, "/srv/work/again.root")["state"] == "FOUND_IN_PCACHE"
    assert read(world.node.files.real("/srv/work/again.root")).size == SIZE
    assert len(world.events("transfer.begin")) == 1
