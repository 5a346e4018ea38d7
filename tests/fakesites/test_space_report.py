"""What a storage host tells of its space over HTTP."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simkernel import NetError
from simkernel import Request
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world
from tests.fakesites.site_world import some_content

PORT = 3880
ELEMENTS = ("BNL_DATADISK", "BNL_SCRATCHDISK")


def world_with(tmp_path: Path, **given: Any) -> SiteWorld:
    return make_world(tmp_path, overrides={"storage": {"BNL_DATADISK": given}})


def ask(world: SiteWorld, path: str = "/api/v1/srr") -> Any:
    request = Request("GET", "se.bnl.sim", PORT, path, source=world.node.name, who="pilot-1")
    answers: list[Any] = []

    def work() -> Any:
        try:
            answers.append((yield from world.network.fetch(request)))
        except NetError as error:
            answers.append(error.kind)

    world.clock.process(work())
    world.clock.run(world.clock.now + 1000)
    return answers[0]


def shares(world: SiteWorld) -> dict[str, Any]:
    told = json.loads(ask(world).body)["storageservice"]["storageshares"]
    return {share["name"]: share for share in told}


def test_shares_are_the_elements_and_follow_what_is_stored(tmp_path: Path) -> None:
    world = world_with(tmp_path, report_port=PORT)
    before = shares(world)
    assert sorted(before) == ["BNL_DATADISK", "BNL_SCRATCHDISK"]
    world.store("x", some_content(10**9))
    after = shares(world)["BNL_DATADISK"]
    assert after["usedsize"] - before["BNL_DATADISK"]["usedsize"] == 10**9
    assert (20 * 10**15, 1, ["atlas"]) == (after["totalsize"], after["numberoffiles"], after["vos"])


def test_another_page_is_not_found(tmp_path: Path) -> None:
    assert ask(world_with(tmp_path, report_port=PORT), "/").status == 404


def test_a_site_that_does_not_say_so_has_none(tmp_path: Path) -> None:
    silent = {name: {"report_port": 0} for name in ELEMENTS}
    world = make_world(tmp_path, overrides={"storage": silent})
    assert ask(world) == "refused"


@pytest.mark.parametrize(("readonly", "state"), [(True, "readonly"), (False, "open")])
def test_a_read_only_share_is_told(tmp_path: Path, readonly: bool, state: str) -> None:
    world = world_with(tmp_path, report_port=PORT, readonly=readonly)
    assert shares(world)["BNL_DATADISK"]["servingstate"] == state


def test_curl_on_a_node_reads_it(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    ended = world.run("curl", "-s", f"http://se.bnl.sim:{PORT}/api/v1/srr")
    assert (0, "se.bnl.sim") == (ended.code, json.loads(ended.stdout)["storageservice"]["name"])
