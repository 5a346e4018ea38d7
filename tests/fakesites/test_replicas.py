"""The replica catalogue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fakesites.replicas import list_replicas
from fakesites.turls import rucio_path
from simkernel import NetError
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world
from tests.fakesites.site_world import some_content

DID = {"scope": "mc", "name": "a.root"}


@pytest.fixture
def world(tmp_path: Path) -> SiteWorld:
    return make_world(tmp_path)


def place(world: SiteWorld, element: str) -> str:
    return world.store(rucio_path("mc", "a.root"), some_content(100), element=element)


def test_a_file_is_found_through_every_door_that_was_asked_for(world: SiteWorld) -> None:
    url = place(world, "BNL_DATADISK")
    (record,) = list_replicas(world.site.storages, [DID], schemes=["root", "davs", "gsiftp"])
    davs = url.replace("root://se.bnl.sim:1094/", "davs://se.bnl.sim:2880")
    assert [url, davs] == list(record["pfns"])
    assert {"BNL_DATADISK": [url, davs]} == record["rses"]
    assert (100, some_content(100).adler32) == (record["bytes"], record["adler32"])


def test_each_url_says_what_the_pilot_reads(world: SiteWorld) -> None:
    url = place(world, "BNL_DATADISK")
    (record,) = list_replicas(world.site.storages, [DID], schemes=["root"], local=["BNL_DATADISK"])
    expected = {
        "rse": "BNL_DATADISK",
        "rse_id": "bnl_datadisk",
        "type": "DISK",
        "domain": "lan",
        "priority": 1,
        "volatile": False,
        "client_extract": False,
    }
    assert expected == record["pfns"][url]


def test_what_is_near_comes_first(world: SiteWorld) -> None:
    place(world, "BNL_DATADISK")
    place(world, "BNL_SCRATCHDISK")
    (record,) = list_replicas(
        world.site.storages, [DID], schemes=["root"], local=["BNL_SCRATCHDISK"]
    )
    found = [(pfn["rse"], pfn["domain"], pfn["priority"]) for pfn in record["pfns"].values()]
    assert found == [("BNL_SCRATCHDISK", "lan", 1), ("BNL_DATADISK", "wan", 2)]


def test_a_file_that_is_nowhere_has_no_url(world: SiteWorld) -> None:
    (record,) = list_replicas(world.site.storages, [DID])
    assert (record["pfns"], record["bytes"]) == ({}, None)


def test_a_partial_file_is_no_replica(world: SiteWorld) -> None:
    path = f"{world.element().root}/{rucio_path('mc', 'a.root')}"
    world.element().place(path, some_content(10), by="test", whole=False)
    assert list_replicas(world.site.storages, [DID])[0]["pfns"] == {}
    assert list_replicas(world.site.storages, [DID], all_states=True)[0]["pfns"] != {}


def test_the_records_come_in_the_order_of_the_question(world: SiteWorld) -> None:
    dids = [{"scope": "mc", "name": name} for name in ("b", "a")]
    assert [each["name"] for each in list_replicas(world.site.storages, dids)] == ["b", "a"]


def ask(world: SiteWorld, question: dict[str, Any], **env: str) -> Any:
    ran = world.run("flightsim-replicas", json.dumps(question), **env)
    assert (ran.code, ran.stderr) == (0, "")
    return json.loads(ran.stdout)


def test_a_node_asks_the_catalogue_over_the_network(world: SiteWorld) -> None:
    url = place(world, "BNL_DATADISK")
    (record,) = ask(world, {"dids": [DID], "schemes": ["root"]}, RUCIO_LOCAL_SITE_ID="BNL")
    assert ("lan", url) == (record["pfns"][url]["domain"], next(iter(record["pfns"])))
    assert world.clock.now > 0


def test_without_the_name_of_the_site_nothing_is_near(world: SiteWorld) -> None:
    url = place(world, "BNL_DATADISK")
    (record,) = ask(world, {"dids": [DID]})
    assert record["pfns"][url]["domain"] == "wan"


def test_a_catalogue_out_of_reach_is_an_error(world: SiteWorld) -> None:
    def cut(_call: Any, _proceed: Any) -> Any:
        yield from ()
        raise NetError("unreachable", "no route to rucio.sim")

    world.points.attach("net.rucio.sim", cut)
    ran = world.run("flightsim-replicas", json.dumps({"dids": [DID]}))
    said = "Cannot connect to the Rucio server: no route to rucio.sim\n"
    assert (1, said) == (ran.code, ran.stderr)


@pytest.mark.parametrize("words", [(), ("[]",), ("{}",), ("nonsense",), ('{"dids": [{}]}',)])
def test_a_question_without_sense_is_refused(world: SiteWorld, words: tuple[str, ...]) -> None:
    ran = world.run("flightsim-replicas", *words)
    assert (ran.code, ran.stderr.startswith("usage: flightsim-replicas")) == (1, True)
