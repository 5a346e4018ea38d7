"""davix-get, davix-put and their like: arguments, words, exit codes."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from typing import Generator

import pytest
import simpy

from simkernel import NetError
from tests.fakesites.site_world import PROXY
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world
from tests.fakesites.site_world import some_content

Work = Generator[simpy.Event, Any, Any]
IN = "/srv/work/in.root"
GET = ("davix-get", "-P", "grid")


@pytest.fixture
def world(tmp_path: Path) -> SiteWorld:
    return make_world(tmp_path, site="CALTECH")


def stored(world: SiteWorld, size: int = 10) -> str:
    element = world.element("CALTECH_DATADISK")
    element.place(f"{element.root}/x", some_content(size), by="test")
    return element.turl(f"{element.root}/x", "davs")


def test_a_file_comes_in_without_a_word(world: SiteWorld) -> None:
    ran = world.run(*GET, stored(world, 1000), IN)
    assert (0, "", "") == (ran.code, ran.stdout, ran.stderr)
    assert world.node.files.real(IN).stat().st_size == 1000


def test_a_file_without_a_target_goes_to_standard_output(world: SiteWorld) -> None:
    assert world.run(*GET, stored(world, 6)).stdout == "data\0\0"


def test_a_file_goes_out_with_the_credential_that_is_named(world: SiteWorld) -> None:
    world.put_file(IN, some_content(7))
    url = stored(world) + "y"
    assert world.run("davix-put", "-k", "-E", PROXY, IN, url).code == 0
    assert world.run("davix-ls", "-k", "-E", PROXY, url).stdout == "xy\n"
    assert world.run("davix-rm", "-k", "-E", PROXY, url).code == 0


def test_without_the_cas_of_the_grid_no_server_is_trusted(world: SiteWorld) -> None:
    ran = world.run("davix-get", stored(world), IN)
    assert (ran.code, "issuer is not trusted after 3 attempts" in ran.stderr) == (255, True)


def test_without_a_credential_the_door_is_closed(world: SiteWorld) -> None:
    ran = world.run("davix-get", "-k", stored(world), IN)
    said = "(Davix::HttpRequest) Error: HTTP 403 : Permission refused \n"
    assert (255, said) == (ran.code, ran.stderr)


def test_a_proxy_that_is_not_there_is_mentioned(world: SiteWorld) -> None:
    world.node.files.real(PROXY).unlink()
    ran = world.run(*GET, stored(world), IN)
    assert (ran.code, f"impossible to open {PROXY}" in ran.stderr) == (255, True)


def test_a_refused_door_is_tried_as_often_as_told(world: SiteWorld) -> None:
    tries: list[str] = []

    def fail(call: Any, _proceed: Any) -> Work:
        tries.append(call.action)
        raise NetError("refused", "refused")
        yield

    url = stored(world)
    world.points.attach("door.CALTECH_DATADISK", fail)
    ran = world.run(*GET, "--retry", "2", url, IN)
    said = "(Davix::HttpRequest) Error: Result Could not connect to server after 2 attempts\n"
    assert (255, said, ["get", "get"]) == (ran.code, ran.stderr, tries)


def test_the_time_can_be_limited(world: SiteWorld) -> None:
    def hang(_call: Any, _proceed: Any) -> Work:
        yield world.clock.event()

    url = stored(world)
    world.points.attach("door.CALTECH_DATADISK", hang)
    ran = world.run(*GET, "--timeout", "30", url, IN)
    assert ran.stderr == "(Davix::HttpRequest) Error: timeout of 30s\n"


def test_a_full_disk_of_the_node_fails_the_copy(world: SiteWorld) -> None:
    world.node.files.ballast_bytes = world.node.free_bytes() - 10
    ran = world.run(*GET, stored(world, 10**6), IN)
    assert (ran.code, "No space left on device" in ran.stderr) == (255, True)


@pytest.mark.parametrize(("words", "code"), [((), 255), (("--nonsense",), 1), (("--help",), 0)])
def test_a_wrong_command_says_so(world: SiteWorld, words: tuple[str, ...], code: int) -> None:
    assert world.run("davix-get", *words).code == code


def test_a_folder_can_be_made(world: SiteWorld) -> None:
    assert world.run("davix-mkdir", stored(world)).code == 0


def test_a_fault_of_the_tool_is_met(world: SiteWorld) -> None:
    def crash(_call: Any, _proceed: Any) -> Work:
        yield world.clock.timeout(1.0)
        return 134

    world.points.attach("tool.davix-get", crash)
    assert world.run(*GET, stored(world), IN).code == 134
