"""globus-url-copy: arguments, words, exit codes."""

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
IN = "file:///srv/work/in.root"


@pytest.fixture
def world(tmp_path: Path) -> SiteWorld:
    return make_world(tmp_path, site="FNAL")


def stored(world: SiteWorld, size: int = 10) -> str:
    element = world.element("FNAL_DATADISK")
    element.place(f"{element.root}/x", some_content(size), by="test")
    return element.turl(f"{element.root}/x", "gsiftp")


def test_a_file_comes_in_without_a_word(world: SiteWorld) -> None:
    ran = world.run("globus-url-copy", "-p", "4", stored(world, 1000), IN)
    assert (0, "", "") == (ran.code, ran.stdout, ran.stderr)
    assert world.node.files.real("/srv/work/in.root").stat().st_size == 1000


def test_a_file_goes_out_and_the_journal_knows(world: SiteWorld) -> None:
    world.put_file("/srv/work/out", some_content(7))
    target = stored(world).replace("/x", "/y")
    assert world.run("globus-url-copy", "file:///srv/work/out", target).code == 0
    assert world.events("transfer.end")[0]["bytes"] == 7


def test_a_dcache_door_refuses_in_a_line(world: SiteWorld) -> None:
    ran = world.run("globus-url-copy", stored(world) + "none", IN)
    said = (
        "\nerror: globus_ftp_client: the server responded with an error\n550 File not found\r\n\n"
    )
    assert (1, said) == (ran.code, ran.stderr)


def test_without_a_proxy_no_context_is_initiated(world: SiteWorld) -> None:
    world.node.files.real(PROXY).unlink()
    ran = world.run("globus-url-copy", stored(world), IN)
    assert (ran.code, "gss_init_sec_context failed" in ran.stderr) == (1, True)
    assert f"File does not exist: {PROXY} is not a valid file" in ran.stderr


def test_an_expired_proxy_is_found_before_the_door(world: SiteWorld) -> None:
    source = stored(world)
    world.put_proxy(lifetime_s=60.0)
    world.clock.run(until=660.0)
    ran = world.run("globus-url-copy", source, IN)
    assert (ran.code, "expired 10 minutes ago." in ran.stderr) == (1, True)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("refused", "System error in connect: Connection refused"),
        ("unreachable", "System error in connect: Network is unreachable"),
        ("timeout", "System error in connect: Connection timed out"),
        ("reset", "System error in recv: Connection reset by peer"),
        ("closed", "An end of file occurred"),
    ],
)
def test_each_fault_of_the_network_has_its_words(world: SiteWorld, kind: str, said: str) -> None:
    def fail(_call: Any, _proceed: Any) -> Work:
        raise NetError(kind, kind)
        yield

    source = stored(world)
    world.points.attach("door.FNAL_DATADISK", fail)
    ran = world.run("globus-url-copy", source, IN)
    assert (ran.code, f"globus_xio: {said}\n" in ran.stderr) == (1, True)


def test_a_door_that_says_nothing_is_given_up_when_told_so(world: SiteWorld) -> None:
    def hang(_call: Any, _proceed: Any) -> Work:
        yield world.clock.event()

    source = stored(world)
    world.points.attach("door.FNAL_DATADISK", hang)
    ran = world.run("globus-url-copy", "-stall-timeout", "600", source, IN)
    assert ran.stderr == "\nerror: globus_ftp_client: the operation was aborted\n"
    assert pytest.approx(world.clock.now, abs=1) == 600


@pytest.mark.parametrize("words", [(), ("a",), ("--nonsense", "a", "b"), ("-p", "x", "a", "b")])
def test_a_wrong_command_shows_the_usage(world: SiteWorld, words: tuple[str, ...]) -> None:
    ran = world.run("globus-url-copy", *words)
    assert (ran.code, "globus-url-copy [-help]" in ran.stderr) == (1, True)


def test_a_server_that_does_not_know_the_person_says_login_incorrect(tmp_path: Path) -> None:
    world = make_world(tmp_path, site="FNAL")
    source = stored(world)
    world.put_proxy(vo="")
    ran = world.run("globus-url-copy", source, IN)
    assert (ran.code, "530 530-Login incorrect. : globus_gss_assist" in ran.stderr) == (1, True)


def test_a_fault_of_the_tool_is_met(world: SiteWorld) -> None:
    def crash(call: Any, _proceed: Any) -> Work:
        call.err("Segmentation fault\n")
        yield world.clock.timeout(1.0)
        return 139

    world.points.attach("tool.globus-url-copy", crash)
    assert world.run("globus-url-copy", stored(world), IN).code == 139
