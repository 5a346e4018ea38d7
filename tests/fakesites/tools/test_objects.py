"""The tool behind boto3 and google.cloud.storage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fakesites.contents import read
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world
from tests.fakesites.site_world import some_content

PLACE = "storage.cloud.sim:443/atlas-eu/rucio/x"


@pytest.fixture
def world(tmp_path: Path) -> SiteWorld:
    return make_world(tmp_path, site="GOOGLE")


def ask(world: SiteWorld, *words: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(world.run("flightsim-object", *words).stdout)
    return answer


@pytest.mark.parametrize("kind", ["s3", "gs"])
def test_an_object_goes_and_comes(world: SiteWorld, kind: str) -> None:
    url = f"{kind}://{PLACE}"
    world.put_file("/srv/work/a", some_content(1000))
    assert ask(world, "head", url)["kind"] == "missing"
    assert {} == ask(world, "put", "/srv/work/a", url)
    assert ask(world, "head", url)["size"] == 1000
    assert {} == ask(world, "get", url, "/srv/work/b")
    assert read(world.node.files.real("/srv/work/b")).size == 1000
    assert world.element("GOOGLE_DATADISK").find("/atlas-eu/rucio/x") is not None


def test_a_file_that_is_not_there_is_the_nodes_affair(world: SiteWorld) -> None:
    told = ask(world, "put", "/srv/work/none", f"s3://{PLACE}")
    assert ("missing", "source") == (told["kind"], told["side"])


def test_a_host_that_is_not_there_is_the_networks(world: SiteWorld) -> None:
    assert ask(world, "head", "s3://nowhere.sim/b/k")["kind"].startswith("net.")


@pytest.mark.parametrize("words", [(), ("get",), ("head", "http://x/y")])
def test_a_call_without_sense_is_refused(world: SiteWorld, words: tuple[str, ...]) -> None:
    assert world.run("flightsim-object", *words).code == 1


def test_the_url_of_a_bucket_names_the_same_file(world: SiteWorld) -> None:
    element = world.element("GOOGLE_DATADISK")
    url = element.turl("/atlas-eu/rucio/x", "gs")
    assert url == "gs://atlas-eu/rucio/x"
    assert world.site.storages.locate(url) == (element, "/atlas-eu/rucio/x")
    assert element.turl("/atlas-eu/rucio/x", "s3").startswith("https://storage.cloud.sim:443/")
