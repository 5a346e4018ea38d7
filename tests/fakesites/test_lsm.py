"""lsm-get and lsm-put: the site's scripts around a copy command."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from typing import Generator

import pytest
import simpy

from fakesites.tools import ToolCall
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world
from tests.fakesites.site_world import some_content

Work = Generator[simpy.Event, Any, Any]
IN = "/srv/work/in.root"
OUT = "/srv/work/out.root"
DCCP = {"LSM_COPY_COMMAND": "dccp", "LSM_DOOR": "dcap://se.bnl.sim:22125"}


@pytest.fixture
def world(tmp_path: Path) -> SiteWorld:
    return make_world(tmp_path)


def url(world: SiteWorld, protocol: str = "root") -> str:
    return world.element().turl(f"{world.element().root}/x", protocol)


def tools(world: SiteWorld) -> list[str]:
    return [event["tool"] for event in world.events("transfer.begin")]


@pytest.mark.parametrize(
    ("env", "tool"),
    [
        ({}, "xrdcp"),
        (DCCP, "dccp"),
        ({"LSM_COPY_COMMAND": "dccp"}, "dccp"),
        ({"LSM_COPY_COMMAND": "gfal-copy"}, "gfal-copy"),
    ],
)
def test_the_site_chooses_the_copy_command(
    world: SiteWorld, env: dict[str, str], tool: str
) -> None:
    ran = world.run("lsm-get", world.store("x", some_content(1000)), IN, **env)
    assert (0, "", [tool]) == (ran.code, ran.stdout, tools(world))
    assert world.node.files.real(IN).stat().st_size == 1000


def test_a_door_of_the_site_replaces_the_one_of_the_url(world: SiteWorld) -> None:
    world.store("x", some_content(10))
    env = {"LSM_DOOR": "root://se.bnl.sim:1094"}
    assert world.run("lsm-get", url(world, "srm"), IN, **env).code == 0
    assert world.events("transfer.begin")[0]["source"].startswith("root://se.bnl.sim:1094/pnfs")


def test_the_call_of_the_pilot_is_understood(world: SiteWorld) -> None:
    # pilot3@a090538b:pilot/copytool/lsm.py
    content = some_content(1000)
    world.put_file(OUT, content)
    words = ("--size", "1000", "-t", "ATLASDATADISK", "--checksum", f"adler32:{content.adler32}")
    ran = world.run("lsm-put", *words, "--guid", "A-B", OUT, url(world))
    expected = f"{url(world)}\nsize 1000\nadler32 {content.adler32}\n"
    assert (0, expected) == (ran.code, ran.stdout)
    assert content == world.element().files()[0].content


def test_a_missing_file_is_told_by_the_copy_command(world: SiteWorld) -> None:
    ran = world.run("lsm-get", url(world), IN)
    assert (ran.code, ran.stdout) == (201, "201 Copy command exited with status 54\n")
    assert "No such file or directory" in ran.stderr


def test_a_full_element_has_a_code_of_its_own(tmp_path: Path) -> None:
    small = {"storage": {"BNL_DATADISK": {"space": "100 B", "used": 0}}}
    world = make_world(tmp_path, overrides=small)
    world.put_file(OUT, some_content(101))
    ran = world.run("lsm-put", OUT, url(world))
    assert (ran.code, "No space left on device" in ran.stderr) == (213, True)


def test_a_target_that_is_there_is_not_touched(world: SiteWorld) -> None:
    source = world.store("x", some_content(10))
    world.put_file(IN, some_content(7))
    ran = world.run("lsm-get", source, IN)
    assert (212, f"212 {IN}: File exists\n") == (ran.code, ran.stdout)


def test_another_file_in_its_place_has_another_code(world: SiteWorld) -> None:
    world.store("x", some_content(10))
    world.put_file(OUT, some_content(7))
    ran = world.run("lsm-put", "--size", "7", OUT, url(world))
    assert (ran.code, "size:10 7" in ran.stdout) == (211, True)


def cut(call: Any, proceed: Any) -> Work:
    if call.action == "put":
        call.content = call.content.truncated(3)
    return (yield from proceed())


def flip(call: Any, proceed: Any) -> Work:
    if call.action == "put":
        call.content = call.content.corrupted()
    return (yield from proceed())


@pytest.mark.parametrize(("fault", "code"), [(cut, 204), (flip, 205)])
def test_what_arrived_wrong_is_removed_again(world: SiteWorld, fault: Any, code: int) -> None:
    content = some_content(10)
    world.put_file(OUT, content)
    world.points.attach("door.*", fault)
    words = ("--size", "10", "--checksum", f"adler32:{content.adler32}")
    ran = world.run("lsm-put", *words, OUT, url(world))
    assert (code, []) == (ran.code, world.element().files())


def test_a_wrong_checksum_is_said_in_the_words_that_pilots_know(world: SiteWorld) -> None:
    source = world.store("x", some_content(10))

    def corrupt(call: Any, proceed: Any) -> Work:
        found = yield from proceed()
        if call.action == "get":
            return replace(found, content=found.content.corrupted())
        return found

    world.points.attach("door.*", corrupt)
    wanted = f"ad:{some_content(10).adler32}"
    ran = world.run("lsm-get", "-c", wanted, source, IN)
    assert ran.code == 205
    assert "adler32" in ran.stdout
    assert "does not match the checksum" in ran.stdout
    assert not world.node.files.real(IN).exists()


def test_a_command_that_succeeds_without_a_file_is_found_out(world: SiteWorld) -> None:
    def lie(_call: ToolCall, _proceed: Any) -> Work:
        yield from ()
        return 0

    world.points.attach("tool.xrdcp", lie)
    ran = world.run("lsm-get", world.store("x", some_content(10)), IN)
    assert (ran.code, ran.stdout) == (201, "201 Output file does not exist\n")


def test_a_hanging_dccp_hangs_the_script(world: SiteWorld) -> None:
    def hang(_call: ToolCall, _proceed: Any) -> Work:
        yield world.clock.event()

    world.points.attach("tool.dccp", hang)
    running = world.spawn("lsm-get", world.store("x", some_content(10)), IN, **DCCP)
    world.clock.run(until=86400)
    assert running.finished is None
    assert [running.pid] == [
        each.ppid for each in world.node.processes.entered() if each.argv[0] == "dccp"
    ]


def test_killing_the_script_alone_leaves_the_copy_running(world: SiteWorld) -> None:
    running = world.spawn("lsm-get", world.store("x", some_content(10**9)), IN)
    world.clock.run(until=1)
    world.node.processes.signal(running.pid, 9, by="pilot-1")
    names = [each.argv[0] for each in world.node.processes.entered() if each.alive]
    assert "xrdcp" in names
    assert "lsm-get" not in names


def test_killing_the_group_kills_the_copy_too(world: SiteWorld) -> None:
    running = world.spawn("lsm-get", world.store("x", some_content(10**9)), IN)
    world.clock.run(until=1)
    world.node.processes.kill_group(world.node.processes.getpgid(running.pid), 15, by="pilot-1")
    assert world.events("transfer.end")[0]["why"] == "killed by signal 15"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("a",), 202, "202 Invalid command\n"),
        (("--nonsense", "1", "a", "b"), 203, "203 Unsupported option --nonsense\n"),
        (("-c", "md5:1", "a", "b"), 203, "203 Unsupported checksum type md5\n"),
        (("-c", "1", "a", "b"), 203, "203 Unsupported checksum type md5\n"),
        (("-s", "many", "a", "b"), 203, "203 Unsupported size many\n"),
    ],
)
def test_a_wrong_command_has_a_code(
    world: SiteWorld, words: tuple[str, ...], code: int, said: str
) -> None:
    ran = world.run("lsm-get", *words)
    assert (code, said) == (ran.code, ran.stdout)


def test_a_put_needs_a_url(world: SiteWorld) -> None:
    world.put_file(OUT, some_content(1))
    assert world.run("lsm-put", OUT, "/nowhere/x").code == 206


def test_a_refused_credential_has_a_code(world: SiteWorld) -> None:
    world.put_file(OUT, some_content(1))
    world.put_proxy(lifetime_s=0)
    assert world.run("lsm-put", OUT, url(world)).code == 207


def test_an_unknown_copy_command_is_not_run(world: SiteWorld) -> None:
    ran = world.run("lsm-get", url(world), IN, LSM_COPY_COMMAND="rm")
    assert (ran.code, ran.stdout) == (202, "202 Unsupported command rm\n")
