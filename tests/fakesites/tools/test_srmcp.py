"""srmcp: arguments, words, exit codes, and how many files it can bear."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from typing import Generator

import pytest
import simpy

from simkernel import NetError
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world
from tests.fakesites.site_world import some_content

Work = Generator[simpy.Event, Any, Any]
IN = "file:////srv/work/in.root"
FAILED = "srm copy of at least one file failed or not completed\n"


@pytest.fixture
def world(tmp_path: Path) -> SiteWorld:
    return make_world(tmp_path, site="FNAL")


def stored(world: SiteWorld, name: str = "x") -> str:
    element = world.element("FNAL_DATADISK")
    element.place(f"{element.root}/{name}", some_content(10), by="test")
    return element.turl(f"{element.root}/{name}", "srm")


def test_a_file_comes_in_without_a_word(world: SiteWorld) -> None:
    ran = world.run("srmcp", "-2", "-retry_num=0", stored(world), IN)
    assert (0, "", "") == (ran.code, ran.stdout, ran.stderr)
    assert world.node.files.real("/srv/work/in.root").stat().st_size == 10


def test_a_missing_file_has_a_line_with_its_status(world: SiteWorld) -> None:
    url = stored(world) + "none"
    ran = world.run("srmcp", "-retry_num=0", url, IN)
    status = "status = SRM_INVALID_PATH explanation=No such file or directory"
    assert ran.code == 1
    assert f"Sun Mar 01 08:00:00 UTC 2026: retrieval of surl {url} failed, {status}" in ran.stderr
    assert FAILED in ran.stderr


def test_up_to_four_files_come_in_one_call(world: SiteWorld) -> None:
    urls = [stored(world, f"x{at}") for at in range(4)]
    assert world.run("srmcp", *urls, "/srv/work").code == 0
    assert world.node.files.real("/srv/work/x3").stat().st_size == 10


def test_five_files_are_too_many(world: SiteWorld) -> None:
    urls = [stored(world, f"x{at}") for at in range(5)]
    ran = world.run("srmcp", *urls, "/srv/work")
    assert (ran.code, "OutOfMemoryError" in ran.stderr) == (1, True)
    assert world.events("transfer.begin") == []


def test_a_refused_door_is_tried_twenty_times_unless_told_otherwise(world: SiteWorld) -> None:
    def fail(_call: Any, _proceed: Any) -> Work:
        raise NetError("refused", "refused")
        yield

    url = stored(world)
    world.points.attach("door.FNAL_DATADISK", fail)
    ran = world.run("srmcp", url, IN)
    assert (ran.code, "java.net.ConnectException: Connection refused" in ran.stderr) == (1, True)
    assert pytest.approx(world.clock.now, abs=1) == 200


def test_a_command_without_a_target_shows_the_usage(world: SiteWorld) -> None:
    ran = world.run("srmcp", "-2", "a")
    assert (ran.code, ran.stderr.startswith("Usage: srmcp")) == (1, True)


def test_a_full_disk_of_the_node_is_an_exception(world: SiteWorld) -> None:
    world.node.files.ballast_bytes = world.node.free_bytes() - 5
    ran = world.run("srmcp", "-retry_num=0", stored(world), IN)
    assert (ran.code, "(No space left on device)" in ran.stderr) == (1, True)


def test_a_fault_of_the_tool_is_met(world: SiteWorld) -> None:
    def crash(_call: Any, _proceed: Any) -> Work:
        yield world.clock.timeout(1.0)
        return 134

    world.points.attach("tool.srmcp", crash)
    assert world.run("srmcp", stored(world), IN).code == 134
