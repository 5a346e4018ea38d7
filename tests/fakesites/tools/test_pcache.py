"""pcache in front of a copy command."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakesites.contents import read
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world
from tests.fakesites.site_world import some_content


@pytest.fixture
def world(tmp_path: Path) -> SiteWorld:
    return make_world(tmp_path)


def test_what_was_copied_once_is_linked(world: SiteWorld) -> None:
    url = world.store("x", some_content(1000))
    first = world.run("pcache", "xrdcp", "-f", url, "/srv/work/a")
    second = world.run("pcache", "xrdcp", "-f", url, "/srv/work/b")
    assert (0, 0) == (first.code, second.code)
    assert "cache hit" in second.stdout
    assert read(world.node.files.real("/srv/work/b")).size == 1000
    assert len(world.events("transfer.begin")) == 1


def test_the_door_does_not_matter_but_the_path(world: SiteWorld) -> None:
    world.store("x", some_content(1000))
    path = f"{world.element().root}/x"
    for protocol, target in (("root", "a"), ("dcap", "b")):
        url = world.element().turl(path, protocol)
        command = "xrdcp" if protocol == "root" else "dccp"
        assert world.run("pcache", command, url, f"/srv/work/{target}").code == 0
    assert len(world.events("transfer.begin")) == 1


def test_it_may_be_told_to_fetch(world: SiteWorld) -> None:
    url = world.store("x", some_content(1000))
    for target in ("a", "b"):
        assert world.run("pcache", "-f", "xrdcp", url, f"/srv/work/{target}").code == 0
    assert len(world.events("transfer.begin")) == 2


def test_what_failed_is_tried_as_often_as_asked_and_not_kept(world: SiteWorld) -> None:
    url = world.element().turl(f"{world.element().root}/none", "root")
    ended = world.run("pcache", "-r", "3", "xrdcp", url, "/srv/work/a")
    assert (54, 3) == (ended.code, len(world.events("transfer.begin")))


def test_past_its_size_the_oldest_goes(world: SiteWorld) -> None:
    for name in ("x", "y"):
        url = world.store(name, some_content(1000, mark=name.encode()))
        world.run("pcache", "-x", "1500", "xrdcp", url, f"/srv/work/{name}")
        world.clock.run(world.clock.now + 100)
    kept = sorted(world.node.files.real("/srv/scratch").rglob("data"))
    assert [path.parent.name for path in kept] == ["y"]


@pytest.mark.parametrize("words", [("xrdcp",), ("-Z", "xrdcp", "a", "b")])
def test_a_call_without_sense_is_refused(world: SiteWorld, words: tuple[str, ...]) -> None:
    assert (1, True) == (
        (ended := world.run("pcache", *words)).code,
        "Usage: pcache" in ended.stderr,
    )
