"""A site that stands in a world."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from fakesites.site import Site
from fakesites.sitespec import load_site
from simkernel import ScenarioError
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world


@pytest.fixture
def world(tmp_path: Path) -> SiteWorld:
    return make_world(tmp_path)


def test_an_input_lies_where_rucio_would_have_it(world: SiteWorld) -> None:
    placed = world.site.place_input("first-job/1", "a.root", "mc", 10**9)
    digest = hashlib.md5(b"mc:a.root").hexdigest()
    path = f"{world.element().root}/mc/{digest[:2]}/{digest[2:4]}/a.root"
    stored = world.element().find(path)
    assert stored is not None
    assert f"root://se.bnl.sim:1094/{path}" == placed.surl
    assert (10**9, stored.content.adler32) == (placed.size, placed.adler32)
    assert f"ad:{placed.adler32}" == placed.checksum
    assert placed.endpoint == "BNL_DATADISK"


def test_a_guid_looks_like_one(world: SiteWorld) -> None:
    guid = world.site.place_input("j", "a", "mc", 1).guid
    assert ([8, 4, 4, 4, 12], guid) == ([len(part) for part in guid.split("-")], guid.upper())


def test_one_more_file_changes_no_other(tmp_path: Path) -> None:
    alone, both = make_world(tmp_path / "1"), make_world(tmp_path / "2")
    both.site.place_input("j", "first", "mc", 100)
    assert alone.site.place_input("j", "a", "mc", 100) == both.site.place_input("j", "a", "mc", 100)


def test_two_jobs_have_different_files_of_one_name(world: SiteWorld) -> None:
    one = world.site.place_input("j/1", "a", "mc", 100)
    two = world.site.place_input("j/2", "a", "mc", 100)
    assert one.adler32 != two.adler32


def test_an_input_may_lie_elsewhere(world: SiteWorld) -> None:
    placed = world.site.place_input("j", "a", "mc", 1, endpoint="BNL_SCRATCHDISK")
    assert (
        placed.endpoint,
        len(world.element("BNL_SCRATCHDISK").files()),
    ) == ("BNL_SCRATCHDISK", 1)


def test_what_is_used_counts_from_the_catalogue_on(world: SiteWorld) -> None:
    before = load_site("BNL").storage("BNL_DATADISK").used
    world.site.place_input("j", "a", "mc", 100)
    assert before + 100 == world.element().volume.used


def test_the_input_can_be_fetched_with_the_tools_of_the_queue(world: SiteWorld) -> None:
    placed = world.site.place_input("j", "a.root", "mc", 10**6)
    ran = world.run("xrdcp", "-np", "-f", "--cksum", "adler32:print", placed.surl, "/srv/work/a")
    # xrdcp prints a number, without the noughts before it.
    told = f"adler32: {placed.adler32.lstrip('0')} "
    assert (ran.code, ran.stderr.startswith(told)) == (0, True)
    got = world.run("lsm-get", placed.surl, "/srv/work/b", **world.site.environ("BNL_ATLAS_1"))
    assert (0, placed.adler32) == (got.code, world.node.files.adler32("/srv/work/b"))


def test_the_site_gives_its_pilots_an_environment(world: SiteWorld) -> None:
    environ = world.site.environ("BNL_DCCP")
    assert (environ["RUCIO_LOCAL_SITE_ID"], environ["LSM_COPY_COMMAND"]) == ("BNL", "dccp")
    with pytest.raises(ScenarioError, match="unknown queue"):
        world.site.environ("BNL_DCPC")


def test_the_information_system_speaks_of_this_site(world: SiteWorld) -> None:
    assert world.site.queuedata("BNL_ITB")["nickname"] == "BNL_ITB"
    assert list(world.site.schedconfig("BNL_ITB")) == ["BNL_ITB"]
    assert list(world.site.ddmendpoints()) == ["BNL_DATADISK", "BNL_SCRATCHDISK"]


def test_two_sites_may_share_a_world(world: SiteWorld) -> None:
    other = Site(
        load_site("UC_ITB"),
        clock=world.clock,
        journal=world.journal,
        points=world.points,
        network=world.network,
        streams=world.streams,
        storages=world.site.storages,
    )
    assert len(other.storages) == 3
    placed = other.place_input("j", "a", "mc", 10)
    assert world.run("xrdcp", "-np", placed.surl, "/srv/work/a").code == 0


def test_the_batch_queue_has_the_site_s_slots_and_limits(world: SiteWorld) -> None:
    started: list[str] = []
    queue = world.site.batch(
        "BNL_ITB", start=started.append, signal=lambda pilot, number, reason: None
    )
    for number in range(6):
        queue.submit(f"pilot-{number}", node=world.node.name)
    world.clock.run(until=31)
    assert (started, queue.name) == (["pilot-0", "pilot-1", "pilot-2", "pilot-3"], "BNL_ITB")


def test_a_ca_that_a_site_does_not_trust_gets_nothing(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.element().trusted = ["/CN=another CA"]
    placed = world.site.place_input("j", "a", "mc", 10)
    assert world.run("xrdcp", "-np", placed.surl, "/srv/work/a").code == 52
