"""gfal-copy and gfal-sum: arguments, words, exit codes."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any
from typing import Generator

import pytest
import simpy

from simkernel.network import Link
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world
from tests.fakesites.site_world import some_content

Work = Generator[simpy.Event, Any, Any]
IN = "/srv/work/in.root"
IN_URL = f"file://{IN}"
OUT = "/srv/work/out.root"


@pytest.fixture
def world(tmp_path: Path) -> SiteWorld:
    return make_world(tmp_path)


def url(world: SiteWorld, protocol: str = "root") -> str:
    return world.element().turl(f"{world.element().root}/x", protocol)


def stored(world: SiteWorld, size: int, protocol: str = "root") -> str:
    world.store("x", some_content(size))
    return url(world, protocol)


@pytest.mark.parametrize("protocol", ["root", "davs", "srm", "dcap"])
def test_a_file_comes_in_through_any_door(world: SiteWorld, protocol: str) -> None:
    source = stored(world, 1000, protocol)
    ran = world.run("gfal-copy", "-f", source, IN_URL)
    assert (ran.code, ran.stderr) == (0, "")
    assert f"Copying 1000 bytes {source} => {IN_URL}\n" == ran.stdout
    assert world.node.files.real(IN).stat().st_size == 1000


def test_the_call_of_the_pilot_is_understood(world: SiteWorld) -> None:
    # pilot3@a090538b:pilot/copytool/gfal.py
    wanted = f"adler32:{some_content(1000).adler32}"
    ran = world.run(
        "gfal-copy", "--verbose", "-f", "-t", "400", "-K", wanted, stored(world, 1000), IN_URL
    )
    assert (ran.code, "TRANSFER:TYPE\tstreamed" in ran.stdout) == (0, True)


def test_a_plain_path_is_a_file_url(world: SiteWorld) -> None:
    world.put_file(OUT, some_content(10))
    ran = world.run("gfal-copy", OUT, url(world))
    assert f"Copying 10 bytes file://{OUT} => {url(world)}\n" == ran.stdout
    assert some_content(10) == world.element().files()[0].content


def test_a_missing_source_is_found_by_its_stat(world: SiteWorld) -> None:
    ran = world.run("gfal-copy", "-f", url(world), IN_URL)
    expected = (
        "gfal-copy error: 2 (No such file or directory) - Could not stat the source:"
        " Failed to stat file (No such file or directory)\n"
    )
    assert (errno.ENOENT, expected) == (ran.code, ran.stderr)


def test_a_missing_local_source_is_told_by_the_system(world: SiteWorld) -> None:
    ran = world.run("gfal-copy", f"file://{OUT}", url(world))
    assert ran.code == errno.ENOENT
    assert "errno reported by local system call No such file or directory" in ran.stderr


def test_an_existing_target_is_kept_without_force(world: SiteWorld) -> None:
    world.put_file(IN, some_content(7))
    ran = world.run("gfal-copy", stored(world, 10), IN_URL)
    assert ran.code == errno.EEXIST
    assert f"Destination {IN_URL} exists and overwrite is not set" in ran.stderr


def test_a_wrong_checksum_of_the_source_stops_the_copy(world: SiteWorld) -> None:
    ran = world.run("gfal-copy", "-K", "adler32:1", stored(world, 10, "davs"), IN_URL)
    assert (ran.code, "SOURCE CHECKSUM MISMATCH" in ran.stderr) == (errno.EIO, True)
    assert world.events("transfer.begin") == []


def test_a_wrong_checksum_of_the_target_fails_it_and_cleans_up(world: SiteWorld) -> None:
    content = some_content(10)

    def corrupt(call: Any, proceed: Any) -> Work:
        if call.action == "put":
            call.content = call.content.corrupted()
        return (yield from proceed())

    world.put_file(OUT, content)
    world.points.attach("door.*", corrupt)
    ran = world.run("gfal-copy", "-K", f"adler32:{content.adler32}", OUT, url(world, "davs"))
    assert (ran.code, "DESTINATION CHECKSUM MISMATCH" in ran.stderr) == (errno.EIO, True)
    assert world.element().files() == []


def test_corruption_on_the_way_in_is_found_and_removed(world: SiteWorld) -> None:
    from dataclasses import replace

    source = stored(world, 10, "davs")

    def corrupt(call: Any, proceed: Any) -> Work:
        found = yield from proceed()
        if call.action == "get":
            return replace(found, content=found.content.corrupted())
        return found

    world.points.attach("door.*", corrupt)
    wanted = f"adler32:{some_content(10).adler32}"
    ran = world.run("gfal-copy", "-K", wanted, source, IN_URL)
    assert (ran.code, "DESTINATION CHECKSUM MISMATCH" in ran.stderr) == (errno.EIO, True)
    assert not world.node.files.real(IN).exists()


def test_a_full_element_has_no_space_left_on_device(tmp_path: Path) -> None:
    small = {"storage": {"BNL_DATADISK": {"space": "100 B", "used": 0}}}
    world = make_world(tmp_path, overrides=small)
    world.put_file(OUT, some_content(101))
    ran = world.run("gfal-copy", OUT, url(world))
    assert (ran.code, "(No space left on device)" in ran.stderr) == (errno.ENOSPC, True)


def test_an_expired_proxy_establishes_no_context(world: SiteWorld) -> None:
    source = stored(world, 10, "srm")
    world.put_proxy(lifetime_s=0)
    ran = world.run("gfal-copy", source, IN_URL)
    assert (ran.code, "Could not establish context" in ran.stderr) == (errno.EACCES, True)


def test_a_door_that_does_not_answer_is_given_up_after_the_timeout_and_a_bit(
    world: SiteWorld,
) -> None:
    def hang(_call: Any, _proceed: Any) -> Work:
        yield world.clock.event()

    world.points.attach("door.*", hang)
    ran = world.run("gfal-copy", "-t", "400", stored(world, 10, "davs"), IN_URL)
    said = "Command timed out after 400 seconds!\n"
    assert (errno.ETIMEDOUT, said, 430.0) == (ran.code, ran.stderr, world.clock.now)


def test_without_a_timeout_it_is_half_an_hour(world: SiteWorld) -> None:
    def hang(_call: Any, _proceed: Any) -> Work:
        yield world.clock.event()

    world.points.attach("door.*", hang)
    ran = world.run("gfal-copy", stored(world, 10), IN_URL)
    assert (errno.ETIMEDOUT, 1800.0) == (ran.code, world.clock.now)
    assert "Failed to stat file (Connection timed out)" in ran.stderr


def test_a_timeout_of_nothing_is_none(world: SiteWorld) -> None:
    world.network.link(world.node.name, "se.bnl.sim", Link(latency_s=0.0, bandwidth=10**5))
    ran = world.run("gfal-copy", "-t", "0", stored(world, 10**9), IN_URL)
    assert (0, 10_000.0) == (ran.code, world.clock.now)


def test_the_time_spent_on_the_source_counts(world: SiteWorld) -> None:
    def slow(call: Any, proceed: Any) -> Work:
        if call.action == "stat":
            yield world.clock.timeout(90)
        return (yield from proceed())

    world.points.attach("door.*", slow)
    ran = world.run("gfal-copy", "-f", "-t", "100", stored(world, 10**10), IN_URL)
    assert (errno.ETIMEDOUT, 130.0) == (ran.code, world.clock.now)


def test_a_copy_that_is_too_slow_leaves_a_part(world: SiteWorld) -> None:
    ran = world.run("gfal-copy", "-t", "70", stored(world, 10**11), IN_URL)
    assert (ran.code, world.clock.now) == (errno.ETIMEDOUT, 100.0)
    end = world.events("transfer.end")[0]
    assert (end["code"], end["why"]) == (errno.ETIMEDOUT, "net.expired")
    assert 0 < end["bytes"] == world.node.files.real(IN).stat().st_size < 10**11


@pytest.mark.parametrize("protocol", ["root", "davs"])
def test_a_sum_is_printed_behind_the_url(world: SiteWorld, protocol: str) -> None:
    source = stored(world, 1000, protocol)
    ran = world.run("gfal-sum", source, "ADLER32")
    assert (0, f"{source} {some_content(1000).adler32}\n") == (ran.code, ran.stdout)


def test_another_kind_of_sum_is_not_supported(world: SiteWorld) -> None:
    assert world.run("gfal-sum", stored(world, 10, "davs"), "MD5").code == errno.ENOSYS
    assert world.run("gfal-sum", stored(world, 10), "MD5").code == errno.EINPROGRESS


def test_the_sum_of_a_missing_file_is_an_error_of_that_name(world: SiteWorld) -> None:
    ran = world.run("gfal-sum", url(world), "ADLER32")
    assert (ran.code, ran.stderr.startswith("gfal-sum error: 2 (")) == (errno.ENOENT, True)


def test_a_command_without_a_source_says_so(world: SiteWorld) -> None:
    ran = world.run("gfal-copy", url(world))
    assert (ran.code, ran.stderr) == (1, "Missing source\n")


def test_a_command_without_target_shows_the_usage(world: SiteWorld) -> None:
    ran = world.run("gfal-copy")
    assert (ran.code, ran.stderr.startswith("usage: gfal-copy")) == (2, True)


def test_a_stat_tells_the_size_and_the_last_change(world: SiteWorld) -> None:
    source = stored(world, 10)
    ran = world.run("gfal-stat", source)
    said = f"  File: '{source}'\n  Size: 10\tregular file\n"
    assert (ran.code, ran.stdout.startswith(said)) == (0, True)
    assert "Modify: 2026-03-01 08:00:00.000000\n" in ran.stdout


def test_a_removed_file_is_missing_the_next_time(world: SiteWorld) -> None:
    source = stored(world, 10)
    first, second = world.run("gfal-rm", source), world.run("gfal-rm", source)
    assert (0, f"{source}\tDELETED\n") == (first.code, first.stdout)
    assert (errno.ENOENT, f"{source}\tMISSING\n") == (second.code, second.stdout)


def test_http_doors_refuse_with_a_status(world: SiteWorld) -> None:
    ran = world.run("gfal-copy", url(world, "davs"), IN_URL)
    said = "Could not stat the source: Result HTTP 404 : File not found  after 1 attempts\n"
    assert (ran.code, ran.stderr.endswith(said)) == (errno.ENOENT, True)
