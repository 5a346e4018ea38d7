"""Owners, modes, quotas, read-only elements and tapes: as a site says, and without a word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fakesites.credentials import Credential
from fakesites.recipes import fqans_of
from fakesites.recipes import make_proxy
from fakesites.storage import DoorCall
from fakesites.storage import StorageElement
from fakesites.storage import StorageError
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world
from tests.fakesites.site_world import some_content

PATH = "/pnfs/usatlas.bnl.sim/BNLT0D1/rucio/x"
MB = 10**6


def world_with(tmp_path: Path, **rules: Any) -> SiteWorld:
    return make_world(tmp_path, overrides={"storage": {"BNL_DATADISK": rules}})


def do(world: SiteWorld, action: str, *, user: str = "", who: Credential | None = None) -> Any:
    """Do one thing at the element; return what came, or the kind of its error."""
    element: StorageElement = world.element()
    content = some_content(MB) if action == "put" else None
    call = DoorCall(
        action, element.name, PATH, by="pilot-1", content=content, credential=who, user=user
    )
    found: list[Any] = []

    def work() -> Any:
        try:
            found.append((yield from element.serve(call)))
        except StorageError as error:
            found.append(error.kind)

    world.clock.process(work())
    world.clock.run(world.clock.now + 100_000)
    return found[0]


def person(world: SiteWorld, dn: str) -> Credential:
    return make_proxy(
        world.streams[f"proxy/{dn}"],
        dn=dn,
        now=world.clock.wall(),
        lifetime_s=345_600,
        vo="atlas",
        fqans=fqans_of("atlas", "pilot"),
    )


def test_after_a_switch_of_identity_a_file_is_another_ones(tmp_path: Path) -> None:
    world = world_with(tmp_path, owners=True)
    do(world, "put", user="glatlas")
    assert ["forbidden", "forbidden"] == [
        do(world, each, user="pilot") for each in ("put", "delete")
    ]
    assert do(world, "get", user="pilot").owner == "glatlas"
    assert do(world, "delete", user="glatlas").path == PATH


def test_who_has_a_proxy_is_known_by_it(tmp_path: Path) -> None:
    world = world_with(tmp_path, owners=True)
    one, other = person(world, "/DC=sim/CN=one"), person(world, "/DC=sim/CN=other")
    do(world, "put", user="pilot", who=one)
    assert do(world, "put", user="pilot", who=other) == "forbidden"
    assert do(world, "put", user="glatlas", who=one).owner == "/DC=sim/CN=one"


def test_what_others_may_not_read_they_do_not(tmp_path: Path) -> None:
    world = world_with(tmp_path, owners=True, file_mode=0o600)
    do(world, "put", user="glatlas")
    assert do(world, "get", user="pilot") == "forbidden"


def test_without_owners_anybody_does_anything(tmp_path: Path) -> None:
    world = world_with(tmp_path)
    for action, user in (("put", "glatlas"), ("get", "pilot"), ("put", "pilot"), ("delete", "x")):
        assert do(world, action, user=user).path == PATH


@pytest.mark.parametrize("whom", ["pilot", "*"])
def test_a_quota_ends_what_may_be_kept(tmp_path: Path, whom: str) -> None:
    world = world_with(tmp_path, quotas={whom: "1500 kB"})
    world.element().place(f"{PATH}2", some_content(MB), by="test", owner="pilot")
    assert do(world, "put", user="pilot") == "quota"
    assert (do(world, "put", user="other") == "quota") == (whom == "*")


def test_writing_over_a_file_counts_the_difference(tmp_path: Path) -> None:
    world = world_with(tmp_path, quotas={"pilot": "1 MB"})
    assert do(world, "put", user="pilot").path == do(world, "put", user="pilot").path


def test_a_read_only_element_says_so(tmp_path: Path) -> None:
    assert do(world_with(tmp_path / "a", readonly=True), "put") == "readonly"
    assert do(world_with(tmp_path / "b", readonly=False), "put").path == PATH


def test_what_is_on_tape_only_takes_its_time(tmp_path: Path) -> None:
    world = world_with(tmp_path, tape={"stage": "20min", "pin": "30h"})
    url = world.store("x", some_content(MB))
    assert (0, 0) == (world.run("xrdcp", url, "a").code, world.run("xrdcp", url, "b").code)
    staged = world.events("storage.staged")
    assert [1200.0] == [event["seconds"] for event in staged]
    assert 1200 < world.clock.now < 1300


def test_a_pin_ends_and_what_was_written_is_pinned(tmp_path: Path) -> None:
    world = world_with(tmp_path, tape={"stage": "20min", "pin": "10min"})
    world.put_file("/srv/work/a", some_content(MB))
    url = world.element().turl(PATH, "root")
    world.run("xrdcp", "/srv/work/a", url)
    world.run("xrdcp", url, "b")
    assert [] == world.events("storage.staged")
    world.clock.run(world.clock.now + 601)
    world.run("xrdcp", url, "c")
    assert len(world.events("storage.staged")) == 1


def test_drives_are_few(tmp_path: Path) -> None:
    world = world_with(tmp_path, tape={"stage": "20min", "drives": 1})
    urls = [world.store(name, some_content(MB)) for name in ("x", "y")]
    running = [world.spawn("xrdcp", url, str(number)) for number, url in enumerate(urls)]
    assert [0, 0] == [world.wait(each).code for each in running]
    assert [1200.0, 2400.0] == [round(e["seconds"], 0) for e in world.events("storage.staged")]


def test_the_information_system_tells_a_tape(tmp_path: Path) -> None:
    world = world_with(tmp_path, tape={})
    assert world.site.ddmendpoints()["BNL_DATADISK"]["is_tape"] is True
    assert world.site.ddmendpoints()["BNL_SCRATCHDISK"]["is_tape"] is False
