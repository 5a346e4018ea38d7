"""dccp: arguments, words, exit codes."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from typing import Generator

import pytest
import simpy

from fakesites.tools.dccp import measure
from simkernel import NetError
from tests.fakesites.site_world import PROXY
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world
from tests.fakesites.site_world import some_content

Work = Generator[simpy.Event, Any, Any]
IN = "/srv/work/in.root"
OUT = "/srv/work/out.root"


@pytest.fixture
def world(tmp_path: Path) -> SiteWorld:
    return make_world(tmp_path)


def url(world: SiteWorld, name: str = "x") -> str:
    return world.element().turl(f"{world.element().root}/{name}", "dcap")


def stored(world: SiteWorld, size: int) -> str:
    world.store("x", some_content(size))
    return url(world)


def test_a_copy_ends_with_its_size_and_rate(world: SiteWorld) -> None:
    ran = world.run("dccp", stored(world, 10**9), IN)
    assert (ran.code, ran.stderr) == (0, "1000000000 bytes (0.931 GiB) in 8 seconds (119 MiB/s)\n")
    assert ran.stdout == ""


def test_a_quick_copy_has_no_rate(world: SiteWorld) -> None:
    ran = world.run("dccp", stored(world, 597), IN)
    assert ran.stderr == "597 bytes (597 B) in 0 seconds\n"


def test_dcap_asks_for_no_proxy(world: SiteWorld) -> None:
    world.node.files.real(PROXY).unlink()
    assert world.run("dccp", stored(world, 10), IN).code == 0


def test_a_missing_file_is_told_by_the_door_the_library_and_errno(world: SiteWorld) -> None:
    ran = world.run("dccp", url(world), IN)
    path = f"{world.element().root}/x"
    expected = f"""Failed open file in the dCache.
Can't open source file : "path {path} not found"
System error: No such file or directory
"""
    assert (255, expected) == (ran.code, ran.stderr)


def test_a_failed_copy_leaves_no_target(world: SiteWorld) -> None:
    world.put_file(IN, some_content(5))
    world.run("dccp", url(world), IN)
    assert not world.node.files.real(IN).exists()


def test_a_refused_door_is_not_tried_again(world: SiteWorld) -> None:
    ran = world.run("dccp", "dcap://se.bnl.sim:9999/x", IN)
    assert ran.code == 255
    assert "Can't open source file : Unable to connect to server\n" in ran.stderr
    assert ran.stderr.endswith("System error: Connection refused\n")
    assert world.clock.now < 1


def test_an_unknown_host_has_no_errno(world: SiteWorld) -> None:
    ran = world.run("dccp", "dcap://nowhere.sim/x", IN)
    assert ran.stderr.endswith("Can't open source file : Can not create socket\n")


def test_a_full_element_has_no_space_left_on_device(tmp_path: Path) -> None:
    small = {"storage": {"BNL_DATADISK": {"space": "100 B", "used": 0}}}
    world = make_world(tmp_path, overrides=small)
    world.put_file(OUT, some_content(101))
    ran = world.run("dccp", OUT, url(world))
    assert (ran.code, "System error: No space left on device\n" in ran.stderr) == (255, True)
    assert "Can't open destination file" in ran.stderr


def test_a_full_disk_of_the_node_is_not_named(world: SiteWorld) -> None:
    source = stored(world, 10**9)
    world.node.files.ballast_bytes = world.node.free_bytes() - 10**8
    ran = world.run("dccp", source, IN)
    assert (ran.code, ran.stderr) == (255, "dccp failed.\n")


def test_a_missing_local_file_is_named_by_errno(world: SiteWorld) -> None:
    ran = world.run("dccp", OUT, url(world))
    said = "Can't open source file : Invalid file name\nSystem error: No such file or directory\n"
    assert (255, said) == (ran.code, ran.stderr)


def test_a_door_that_does_not_answer_is_waited_for_without_end(world: SiteWorld) -> None:
    def hang(_call: Any, _proceed: Any) -> Work:
        yield world.clock.event()

    world.points.attach("door.*", hang)
    running = world.spawn("dccp", stored(world, 10), IN)
    world.clock.run(until=10 * 86400)
    assert running.finished is None


def test_an_open_timeout_ends_the_wait(world: SiteWorld) -> None:
    def hang(_call: Any, _proceed: Any) -> Work:
        yield world.clock.event()

    world.points.attach("door.*", hang)
    ran = world.run("dccp", "-o", "60", stored(world, 10), IN)
    assert (ran.code, world.clock.now) == (255, 60.0)
    assert "Connection timed out" in ran.stderr


def test_an_unreachable_network_says_so(world: SiteWorld) -> None:
    def fail(_call: Any, _proceed: Any) -> Work:
        yield from ()
        raise NetError("unreachable", "no route")

    world.points.attach("net.se.bnl.sim", fail)
    ran = world.run("dccp", stored(world, 10), IN)
    assert ran.stderr.endswith("System error: Network is unreachable\n")


def test_a_folder_as_target_takes_the_name_of_the_source(world: SiteWorld) -> None:
    world.run("dccp", stored(world, 5), "/srv/work")
    assert world.node.files.real("/srv/work/x").stat().st_size == 5


def test_a_folder_is_no_source(world: SiteWorld) -> None:
    ran = world.run("dccp", "/srv/work", url(world))
    assert (ran.code, ran.stderr) == (255, "dccp failed.\n")


def test_existing_files_are_replaced_unless_told_otherwise(world: SiteWorld) -> None:
    world.put_file(OUT, some_content(7, b"new"))
    target = stored(world, 5)
    assert "Skipping existing file" in world.run("dccp", "-i", OUT, target).stderr
    assert world.run("dccp", OUT, target).code == 0
    assert some_content(7, b"new") == world.element().files()[0].content


@pytest.mark.parametrize("words", [(), ("a",), ("-Q", "a", "b")])
def test_a_wrong_command_shows_the_usage(world: SiteWorld, words: tuple[str, ...]) -> None:
    ran = world.run("dccp", *words)
    assert (ran.code, "Usage:  dccp" in ran.stderr) == (1, True)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0.0 B"),
        (921, "921 B"),
        (922, "0.900 kiB"),
        (1024, "1.00 kiB"),
        (10_240, "10.0 kiB"),
        (102_400, "100 kiB"),
        (2 * 10**9, "1.86 GiB"),
        (10**15, "909 TiB"),
    ],
)
def test_amounts_have_three_digits(count: int, text: str) -> None:
    assert text == measure(count)
