"""LFC and LRC: what they hold, what they refuse, and how a node asks them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fakesites.catalogues import Catalogue
from fakesites.catalogues import CatalogueError
from fakesites.sitespec import load_site
from simkernel import Request
from simkernel import ScenarioError
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world

GUID, LFN, PFN = "G1", "/grid/atlas/f.root", "srm://se.bnl.sim:8443/pnfs/f.root"


def world_with(tmp_path: Path, kind: str) -> SiteWorld:
    return make_world(tmp_path, overrides={"catalogue": kind})


def register(world: SiteWorld, *more: str) -> Any:
    words = ("-g", GUID, "-l", f"lfn:{LFN}", *more, PFN)
    return world.run("lcg-rf", *words, **world.site.environ("BNL_ATLAS_1"))


def ask(world: SiteWorld, *words: str) -> str:
    return world.run(*words, **world.site.environ("BNL_ATLAS_1")).stdout


def test_what_is_registered_is_listed(tmp_path: Path) -> None:
    world = world_with(tmp_path, "lfc")
    assert register(world, "--size", "10", "--adler32", "00000001").stdout == f"guid:{GUID}\n"
    assert ask(world, "lcg-lr", f"lfn:{LFN}") == f"{PFN}\n"
    assert ask(world, "lcg-lg", PFN) == f"guid:{GUID}\n"
    assert ask(world, "lcg-la", f"guid:{GUID}") == f"lfn:{LFN}\n"
    assert ask(world, "lfc-ls", "/grid/atlas") == "f.root\n"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--adler32", "00000001"), "no size given"),
        (("--size", "10"), "no checksum given"),
        (("--size", "0", "--adler32", "00000001"), "no size given"),
    ],
)
def test_size_and_checksum_are_asked_for(tmp_path: Path, more: tuple[str, ...], words: str) -> None:
    ended = register(world_with(tmp_path, "lfc"), *more)
    assert (1, True) == (ended.code, words in ended.stderr)


def test_a_guid_has_one_size_and_one_checksum() -> None:
    catalogue = Catalogue()
    catalogue.register(GUID, LFN, PFN, size=10, adler32="a")
    with pytest.raises(CatalogueError, match="10 a is registered, not 11 a"):
        catalogue.register(GUID, LFN, f"{PFN}2", size=11, adler32="a")
    with pytest.raises(CatalogueError, match="File exists"):
        catalogue.register("G2", LFN, PFN, size=10, adler32="a")
    catalogue.register(GUID, LFN, f"{PFN}2", size=10, adler32="a")
    entry = catalogue.by_guid(GUID)
    assert entry is not None
    assert entry.replicas == [PFN, f"{PFN}2"]


def test_inputs_are_registered_where_they_are_placed(tmp_path: Path) -> None:
    world = world_with(tmp_path, "lfc")
    placed = world.site.place_input("j", "a.root", "mc", 10**6)
    assert ask(world, "lcg-lr", "lfn:a.root") == f"{placed.surl}\n"


def test_without_a_catalogue_the_error_is_clear(tmp_path: Path) -> None:
    ended = register(world_with(tmp_path, "rucio"), "--size", "1", "--adler32", "1")
    assert (1, True) == (ended.code, "LFC_HOST is not set" in ended.stderr)
    world = world_with(tmp_path / "b", "rucio")
    gone = world.run("lcg-lr", "lfn:x", LFC_HOST="lfc.sim")
    assert (1, True) == (gone.code, "Could not connect" in gone.stderr)


def http(world: SiteWorld, method: str, path: str, body: str = "") -> Any:
    request = Request(
        method, "lrc.bnl.sim", 8000, path, body=body.encode(), source="wn", who="pilot-1"
    )
    answers: list[Any] = []

    def work() -> Any:
        answers.append((yield from world.network.fetch(request)))

    world.network.add_host("wn")
    world.clock.process(work())
    world.clock.run(world.clock.now + 100)
    return answers[0].status, answers[0].body.decode()


def test_an_lrc_is_spoken_to_over_http(tmp_path: Path) -> None:
    world = world_with(tmp_path, "lrc")
    path = "/dq2/lrc/PoolFileCatalog"
    body = f"guid={GUID}&lfn={LFN}&pfn={PFN}&size=10&adler32=00000001"
    assert http(world, "POST", path, body) == (200, "OK\n")
    status, text = http(world, "GET", f"{path}?guids={GUID}")
    assert (200, True) == (status, f'name="{PFN}"' in text)
    assert http(world, "POST", path, f"guid=G2&lfn=x&pfn={PFN}")[0] == 400
    assert http(world, "GET", "/")[0] == 404


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ScenarioError, match="unknown catalogue 'lfcc'"):
        load_site("BNL", {"catalogue": "lfcc"})
