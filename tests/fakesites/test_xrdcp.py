"""xrdcp: arguments, words, exit codes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from typing import Generator

import pytest
import simpy

from fakesites.transfers import TransferError
from simkernel import NetError
from tests.fakesites.site_world import PROXY
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world
from tests.fakesites.site_world import some_content

Work = Generator[simpy.Event, Any, Any]
# How pilot3@a090538b:pilot/copytool/xrdcp.py finds size and checksum.
PILOT_PATTERN = re.compile(r"(md5|adler32):\ ([a-zA-Z0-9]+)\ \S+\ ([0-9]+)")
IN = "/srv/work/in.root"
OUT = "/srv/work/out.root"


@pytest.fixture
def world(tmp_path: Path) -> SiteWorld:
    return make_world(tmp_path)


def url(world: SiteWorld, name: str = "x") -> str:
    return world.element().turl(f"{world.element().root}/{name}", "root")


def test_help_names_the_checksum_option_on_standard_error(world: SiteWorld) -> None:
    ran = world.run("xrdcp", "-h")
    assert (ran.code, ran.stdout, "--cksum" in ran.stderr) == (0, "", True)


def test_the_checksum_is_printed_as_pilots_read_it(world: SiteWorld) -> None:
    content = some_content(27019)
    source = world.store("x", content)
    ran = world.run("xrdcp", "-np", "-f", "--cksum", "adler32:print", source, IN)
    assert (0, f"adler32: {content.adler32} {IN} 27019\n") == (ran.code, ran.stderr)
    match = PILOT_PATTERN.search(ran.stdout + ran.stderr)
    assert match is not None
    assert ("adler32", content.adler32, "27019") == match.groups()


def test_the_checksum_of_an_upload_names_the_url(world: SiteWorld) -> None:
    world.put_file(OUT, some_content(100))
    ran = world.run("xrdcp", "-np", "--cksum", "adler32:print", OUT, url(world))
    target = f"root://se.bnl.sim:1094{world.element().root}/x"
    assert f"adler32: {some_content(100).adler32} {target} 100\n" == ran.stderr


def test_a_given_checksum_that_is_right_is_not_mentioned(world: SiteWorld) -> None:
    content = some_content(100)
    ran = world.run(
        "xrdcp", "-np", "-C", f"adler32:{content.adler32}", world.store("x", content), IN
    )
    assert (ran.code, ran.stderr) == (0, "")


def test_a_given_checksum_that_is_wrong_fails_the_copy(world: SiteWorld) -> None:
    ran = world.run(
        "xrdcp", "-np", "-C", "adler32:00000001", world.store("x", some_content(100)), IN
    )
    assert (ran.code, ran.stderr) == (53, "Run: [ERROR] CheckSum error\n")


def test_a_missing_file_is_said_to_be_missing_by_the_server(world: SiteWorld) -> None:
    ran = world.run("xrdcp", "-np", "-f", url(world), IN)
    path = f"{world.element().root}/x"
    said = f"[ERROR] Server responded with an error: [3011] No such file or directory {path}"
    assert (54, f"Run: {said} (source)\n\n") == (ran.code, ran.stderr)


def test_a_missing_local_file_is_found_out_before_anything_is_asked(world: SiteWorld) -> None:
    ran = world.run("xrdcp", "-np", OUT, url(world))
    assert (2, f"xrdcp: no such file or directory processing {OUT}\n") == (ran.code, ran.stderr)
    assert world.events("transfer.begin") == []


def test_a_full_element_has_no_space_left_on_device(tmp_path: Path) -> None:
    small = {"storage": {"BNL_DATADISK": {"space": "100 B", "used": 0}}}
    world = make_world(tmp_path, overrides=small)
    world.put_file(OUT, some_content(101))
    ran = world.run("xrdcp", "-np", OUT, url(world))
    assert ran.code == 54
    assert "[3009] No space left on device (destination)" in ran.stderr


def test_an_existing_target_is_kept_without_force(world: SiteWorld) -> None:
    source = world.store("x", some_content(100))
    world.put_file(IN, some_content(7))
    ran = world.run("xrdcp", "-np", source, IN)
    assert (ran.code, world.node.files.real(IN).stat().st_size) == (54, 7)
    assert ran.stderr == "Run: [ERROR] Local error: file exists:  (destination)\n"


def test_force_replaces_the_target(world: SiteWorld) -> None:
    world.put_file(IN, some_content(7))
    ran = world.run("xrdcp", "-np", "-f", world.store("x", some_content(100)), IN)
    assert (ran.code, world.node.files.real(IN).stat().st_size) == (0, 100)


def test_an_expired_proxy_fails_authentication(world: SiteWorld) -> None:
    source = world.store("x", some_content(100))
    world.put_proxy(lifetime_s=0)
    ran = world.run("xrdcp", "-np", source, IN)
    assert ran.code == 52
    assert ran.stderr == "Run: [FATAL] Auth failed: No protocols left to try (source)\n"


def test_a_refused_door_is_tried_for_eight_minutes(world: SiteWorld) -> None:
    ran = world.run("xrdcp", "-np", "root://se.bnl.sim:9999//x", IN)
    assert (ran.code, ran.stderr) == (51, "Run: [FATAL] Connection error:  (source)\n")
    assert pytest.approx(world.clock.now, abs=1) == 480


def test_an_unknown_host_is_an_invalid_address_at_once(world: SiteWorld) -> None:
    ran = world.run("xrdcp", "-np", "root://nowhere.sim//x", IN)
    assert (ran.code, ran.stderr) == (51, "Run: [FATAL] Invalid address:  (source)\n")
    assert world.clock.now == 0.0


def test_a_door_that_does_not_answer_is_given_up_after_half_an_hour(world: SiteWorld) -> None:
    def hang(_call: Any, _proceed: Any) -> Work:
        yield world.clock.event()

    world.points.attach("door.BNL_DATADISK", hang)
    ran = world.run("xrdcp", "-np", world.store("x", some_content(100)), IN)
    assert (ran.code, ran.stderr) == (52, "Run: [ERROR] Operation expired:  (source)\n")
    assert pytest.approx(world.clock.now, abs=1) == 1800
    assert world.events("transfer.end")[0]["why"] == "net.expired"


@pytest.mark.parametrize(
    ("kind", "code", "said"),
    [
        ("unreachable", 51, "network is unreachable"),
        ("reset", 51, "connection reset by peer"),
        ("timeout", 51, "Socket timeout"),
        ("tls", 51, "TLS error"),
    ],
)
def test_each_fault_of_the_network_has_its_words(
    world: SiteWorld, kind: str, code: int, said: str
) -> None:
    def fail(_call: Any, _proceed: Any) -> Work:
        yield from ()
        raise NetError(kind, said)

    world.points.attach("net.se.bnl.sim", fail)
    ran = world.run("xrdcp", "-np", world.store("x", some_content(100)), IN)
    assert (code, True) == (ran.code, said in ran.stderr)


def test_the_nodes_own_full_disk_speaks_in_lower_case(world: SiteWorld) -> None:
    source = world.store("x", some_content(10**9))
    world.node.files.ballast_bytes = world.node.free_bytes() - 10**8
    ran = world.run("xrdcp", "-np", source, IN)
    said = "Run: [ERROR] Local error: no space left on device:  (destination)\n"
    assert (54, said) == (ran.code, ran.stderr)


def test_a_folder_as_target_takes_the_name_of_the_source(world: SiteWorld) -> None:
    world.run("xrdcp", "-np", world.store("x", some_content(5)), "/srv/work")
    assert world.node.files.real("/srv/work/x").stat().st_size == 5


def test_a_folder_is_no_source(world: SiteWorld) -> None:
    ran = world.run("xrdcp", "-np", "/srv/work", url(world))
    assert (ran.code, ran.stderr) == (2, "xrdcp: /srv/work is a directory.\n")


@pytest.mark.parametrize("words", [("--nonsense", "a", "b"), ("a",), ()])
def test_a_wrong_command_shows_the_usage(world: SiteWorld, words: tuple[str, ...]) -> None:
    ran = world.run("xrdcp", *words)
    assert (ran.code, "Usage:   xrdcp" in ran.stderr) == (22, True)


@pytest.mark.parametrize("words", [("-DIConnectionRetry", "1"), ("-OSa=b",), ("-d", "1"), ("-p",)])
def test_options_that_change_nothing_are_accepted(world: SiteWorld, words: tuple[str, ...]) -> None:
    ran = world.run("xrdcp", "-np", *words, world.store("x", some_content(5)), IN)
    assert (ran.code, world.node.files.real(IN).stat().st_size) == (0, 5)


def test_an_option_without_its_value_is_wrong(world: SiteWorld) -> None:
    assert world.run("xrdcp", "a", "b", "--cksum").code == 22


def test_the_version_is_known(world: SiteWorld) -> None:
    assert world.run("xrdcp", "--version").stderr == "v5.5.3\n"


def test_there_is_no_bar_without_a_terminal(world: SiteWorld) -> None:
    assert world.run("xrdcp", world.store("x", some_content(10**9)), IN).stderr == ""


@pytest.mark.parametrize("wanted", ["adler32:1", "adler32:0000000g", "nonsense:print"])
def test_a_checksum_that_is_none_is_a_wrong_command(world: SiteWorld, wanted: str) -> None:
    ran = world.run("xrdcp", "--cksum", wanted, world.store("x", some_content(5)), IN)
    assert (ran.code, "Invalid" in ran.stderr) == (22, True)


def test_an_xrootd_server_says_no_in_its_own_words(tmp_path: Path) -> None:
    world = make_world(tmp_path, overrides={"storage": {"BNL_DATADISK": {"software": "xrootd"}}})
    path = f"{world.element().root}/x"
    said = f"[3011] Unable to open {path}; no such file or directory\0 (source)\n\n"
    ran = world.run("xrdcp", "-np", url(world), IN)
    assert ran.stderr == f"Run: [ERROR] Server responded with an error: {said}"


def test_a_copy_from_door_to_door_goes_through_the_node(world: SiteWorld) -> None:
    source = world.store("x", some_content(1000))
    element = world.element("BNL_SCRATCHDISK")
    target = element.turl(f"{element.root}/y", "root")
    assert world.run("xrdcp", "-np", source, target).code == 0
    assert some_content(1000) == element.files()[0].content


def test_an_error_without_a_name_is_still_one(world: SiteWorld) -> None:
    from fakesites.tools.xrdcp import explain

    failure = explain(TransferError("odd", "source", path="/x", text="odd"))
    assert (failure.code, "[3005] odd" in failure.text) == (54, True)


def test_the_proxy_is_read_for_each_copy(world: SiteWorld) -> None:
    source = world.store("x", some_content(10))
    world.node.files.real(PROXY).write_text("garbage")
    assert world.run("xrdcp", "-np", source, IN).code == 52


def test_the_checksum_of_an_upload_is_that_of_what_is_stored(world: SiteWorld) -> None:
    def corrupt(call: Any, proceed: Any) -> Work:
        if call.action == "put":
            call.content = call.content.corrupted()
        return (yield from proceed())

    world.points.attach("door.*", corrupt)
    world.put_file(OUT, some_content(100))
    ran = world.run("xrdcp", "-np", "--cksum", "adler32:print", OUT, url(world))
    assert ran.stderr.startswith(f"adler32: {some_content(100).corrupted().adler32} ")
