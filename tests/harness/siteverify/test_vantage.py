"""A simulated node answers as a real one does, and takes no time but virtual time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from typing import Callable

import pytest

from harness.siteverify_bridge.vantage import WHO
from harness.siteverify_bridge.vantage import NodeVantage
from harness.siteverify_bridge.world import SERVER_URL
from harness.siteverify_bridge.world import START
from harness.world import World
from siteverify.vantage import FaultError
from siteverify.vantage import ForbiddenError
from siteverify.vantage import HangError
from siteverify.vantage import MissingError
from siteverify.vantage import Ran
from siteverify.vantage import Space
from siteverify.vantage import Stat
from siteverify.vantage import UnreachableError
from siteverify.vantage import UnresolvedError
from siteverify.vantage import Vantage
from tests.harness.siteverify.conftest import Broken

PANDA = "pandaserver.sim"
CACHE = f"http://{PANDA}:25085/cache/schedconfig/BNL_ITB.all.json"
UID = 31_001


def test_a_node_is_a_vantage(vantage: NodeVantage) -> None:
    place: Vantage = vantage
    assert ("WN", "acas1701.bnl.sim", START) == (place.where, place.hostname(), place.now())


# -- commands


def test_a_command_runs_on_the_node(vantage: NodeVantage) -> None:
    assert Ran(0, "words\n") == vantage.run(["echo", "words"], timeout_s=5.0)


def test_a_command_takes_the_time_that_it_takes(vantage: NodeVantage) -> None:
    assert Ran(0, seconds=30.0) == vantage.run(["sleep", "30"], timeout_s=60.0)
    assert START + 30.0 == vantage.now()


def test_a_command_has_the_environment_of_a_job(vantage: NodeVantage) -> None:
    ran = vantage.run(["bash", "-c", "echo $OSG_SITE_NAME $X509_USER_PROXY $LC_ALL"], timeout_s=5.0)
    assert "BNL /srv/cred/x509up C\n" == ran.stdout
    assert "BNL_ITB" == vantage.env()["PANDA_SITE_NAME"]


def test_a_hang_of_ps_costs_virtual_time_only(broken: Broken) -> None:
    vantage = broken("hang", "tool.ps")
    ran = vantage.run(["ps", "-eo", "pid,ppid,stat,comm"], timeout_s=86_400.0)
    assert (True, -9, 86_400.0) == (ran.timed_out, ran.code, ran.seconds)
    assert START + 86_400.0 == vantage.now()


def test_what_ran_too_long_is_killed_with_its_children(vantage: NodeVantage, world: World) -> None:
    ran = vantage.run(["bash", "-c", "sleep 1000 & sleep 2000"], timeout_s=10.0)
    assert ran.timed_out
    assert [] == [each.argv for each in world.node.processes.entered() if each.owner == WHO]


def test_what_a_command_leaves_behind_is_killed_too(vantage: NodeVantage, world: World) -> None:
    ran = vantage.run(["bash", "-c", "sleep 1000 & echo gone"], timeout_s=10.0)
    assert (0, "gone\n", False) == (ran.code, ran.stdout, ran.timed_out)
    assert [] == [each.argv for each in world.node.processes.entered() if each.owner == WHO]


def test_what_cannot_be_killed_has_no_code(broken: Broken) -> None:
    vantage = broken("unkillable", "tool.sleep")
    ran = vantage.run(["sleep", "1000"], timeout_s=10.0)
    assert (True, None) == (ran.timed_out, ran.code)


def test_a_program_that_is_not_there_is_missing(vantage: NodeVantage) -> None:
    with pytest.raises(MissingError, match="no program xyzzy"):
        vantage.run(["xyzzy"], timeout_s=5.0)


def test_a_file_that_is_no_program_may_not_be_run(vantage: NodeVantage) -> None:
    with pytest.raises(ForbiddenError, match="may not run /srv/cred/x509up"):
        vantage.run(["/srv/cred/x509up"], timeout_s=5.0)


# -- files


@pytest.mark.parametrize(
    ("path", "expect"),
    [
        ("/srv/work", Stat("dir", 0o755, UID)),
        ("/tmp", Stat("dir", 0o1777, 0)),
        ("/cvmfs", Stat("dir", 0o755, 0)),
        ("/cvmfs/atlas.cern.ch", Stat("dir", 0o755, 0)),
        ("/proc/1", Stat("dir", 0o755, 0)),
        ("/etc/hostname", Stat("file", 0o444, 0, 17)),
    ],
)
def test_files_and_folders_are_described(path: str, expect: Stat, vantage: NodeVantage) -> None:
    found = vantage.stat(path)
    size = expect.size if found.kind == "dir" else found.size
    assert expect == Stat(found.kind, found.mode, found.uid, size)


def test_the_proxy_is_a_file_of_the_jobs_user(vantage: NodeVantage) -> None:
    found = vantage.stat("/srv/cred/x509up")
    assert ("file", 0o600, vantage.uid()) == (found.kind, found.mode, found.uid)
    assert found.size == len(vantage.read_text("/srv/cred/x509up"))


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/srv/cred", ("x509up",)),
        ("/cvmfs", ("atlas-condb.cern.ch", "atlas.cern.ch")),
        ("/cvmfs/atlas.cern.ch", ("repo",)),
        ("/tmp", ()),
    ],
)
def test_folders_are_listed(path: str, names: tuple[str, ...], vantage: NodeVantage) -> None:
    assert names == vantage.list_dir(path)


@pytest.mark.parametrize("path", ["/srv/nothing", "/nothing", "/cvmf", "/srv/cred/x509up/x"])
def test_what_is_not_there_is_missing(path: str, vantage: NodeVantage) -> None:
    questions: list[Any] = [vantage.stat, vantage.list_dir, vantage.read_text, vantage.space]
    for question in questions:
        with pytest.raises(MissingError):
            question(path)
    with pytest.raises(MissingError):
        vantage.write_probe(path, size_bytes=1)
    with pytest.raises(MissingError):
        vantage.exec_probe(path)


def test_texts_of_the_system_are_read(vantage: NodeVantage) -> None:
    assert "acas1701.bnl.sim\n" == vantage.read_text("/etc/hostname")


def test_space_is_that_of_the_disk(vantage: NodeVantage, world: World) -> None:
    total = world.node.spec.disk_mb * 2**20
    expect = Space(world.node.free_bytes(), total, 9_000_000, 10_000_000)
    assert expect == vantage.space("/srv/work")
    assert Space(16 * 10**9, 16 * 10**9, 0, 0) == vantage.space("/dev/shm")


@pytest.mark.parametrize("path", ["/srv/work", "/srv/home", "/tmp", "/dev/shm"])
def test_probes_succeed_and_leave_nothing_behind(
    path: str, vantage: NodeVantage, world: World
) -> None:
    before = [str(real) for real in world.node.files.walk()]
    assert vantage.write_probe(path, size_bytes=16_000_000)
    assert vantage.exec_probe(path)
    assert before == [str(real) for real in world.node.files.walk()]


@pytest.mark.parametrize("path", ["/cvmfs/atlas.cern.ch", "/opt/osg-wn-client"])
def test_what_is_not_a_jobs_own_cannot_be_written(path: str, vantage: NodeVantage) -> None:
    with pytest.raises(ForbiddenError):
        vantage.write_probe(path, size_bytes=1)
    with pytest.raises(ForbiddenError):
        vantage.exec_probe(path)


def test_shared_memory_takes_what_it_holds(vantage: NodeVantage) -> None:
    with pytest.raises(FaultError, match="/dev/shm: ENOSPC"):
        vantage.write_probe("/dev/shm", size_bytes=17 * 10**9)


@pytest.mark.parametrize(
    ("do", "options", "code"),
    [("disk_full", {}, "ENOSPC"), ("read_only", {}, "EROFS"), ("quota", {}, "EDQUOT")],
)
def test_a_disk_says_why_it_takes_no_file(
    do: str, options: dict[str, object], code: str, broken: Broken
) -> None:
    vantage = broken(do, "node.disk", **options)
    with pytest.raises(FaultError) as error:
        vantage.write_probe("/srv/work", size_bytes=4096)
    assert code == error.value.code


def test_a_dead_mount_costs_the_whole_patience(broken: Broken) -> None:
    vantage = broken("hang", "node.cvmfs")
    questions: list[Any] = [vantage.stat, vantage.list_dir, vantage.read_text, vantage.space]
    for number, question in enumerate(questions, 1):
        with pytest.raises(HangError, match=r"/cvmfs/atlas.cern.ch: no answer in 25 s"):
            question("/cvmfs/atlas.cern.ch", timeout_s=25.0)
        assert START + 25.0 * number == vantage.now()


# -- the network


def test_names_have_addresses(vantage: NodeVantage, world: World) -> None:
    assert (world.network.resolve(PANDA, who=WHO),) == vantage.resolve(PANDA)
    with pytest.raises(UnresolvedError, match=r"nowhere\.sim has no address"):
        vantage.resolve("nowhere.sim")


def test_connections_are_made_or_refused(vantage: NodeVantage) -> None:
    vantage.connect(PANDA, 25443)
    with pytest.raises(UnreachableError) as error:
        vantage.connect(PANDA, 1)
    assert "refused" == error.value.kind
    with pytest.raises(UnresolvedError):
        vantage.connect("nowhere.sim", 80)


def test_an_answer_is_dated_by_the_servers_clock(vantage: NodeVantage) -> None:
    answer = vantage.fetch(SERVER_URL)
    assert (200, "alive=yes") == (answer.status, answer.body)
    assert "Sun, 01 Mar 2026 08:00:00 GMT" == answer.headers["date"]


def test_any_status_is_an_answer(vantage: NodeVantage) -> None:
    assert 404 == vantage.fetch(f"http://{PANDA}:25085/nothing").status


@pytest.mark.parametrize(
    ("do", "kind"), [("refuse", "refused"), ("reset", "broken"), ("hang", ""), ("black_hole", "")]
)
def test_no_answer_has_its_reason(do: str, kind: str, broken: Broken) -> None:
    vantage = broken(do, f"net.{PANDA}")
    with pytest.raises(UnreachableError if kind else HangError) as error:
        vantage.fetch(SERVER_URL, timeout_s=20.0)
    assert kind == getattr(error.value, "kind", "")
    assert START + (0.0 if kind else 20.0) == pytest.approx(vantage.now(), abs=0.1)


def test_an_answer_that_is_cut_is_broken(vantage: NodeVantage, world: World) -> None:
    def cut(_call: object, proceed: Callable[[], Any]) -> Any:
        return replace((yield from proceed()), cut=True)

    world.points.attach("server.queuedata", cut)
    with pytest.raises(UnreachableError) as error:
        vantage.fetch(CACHE)
    assert "broken" == error.value.kind


def test_a_connection_that_times_out_by_itself_hangs(broken: Broken) -> None:
    vantage = broken("black_hole", f"net.{PANDA}", limit_s=5.0)
    with pytest.raises(HangError, match=f"{PANDA}:25443: no answer"):
        vantage.connect(PANDA, 25443, timeout_s=20.0)
    assert START + 5.0 == vantage.now()


# -- through the site's HTTP cache


def test_a_site_without_exceptions_goes_through_its_cache(broken: Broken) -> None:
    vantage = broken("wrong_variable", "node.environ", variable="no_proxy", value="localhost")
    assert '"nickname": "BNL_ITB"' in vantage.fetch(CACHE).body


def test_a_dead_cache_takes_every_answer_with_it(world: World, vantage: NodeVantage) -> None:
    world.node.conditions.environ.update(no_proxy="localhost", http_proxy="http://squid.sim:3128")
    with pytest.raises(UnresolvedError, match=r"squid\.sim"):
        vantage.fetch(CACHE)


def test_a_cache_says_that_the_server_is_not_there(world: World, vantage: NodeVantage) -> None:
    world.node.conditions.environ["no_proxy"] = "localhost"
    answer = vantage.fetch("http://nowhere.sim/x?y=z")
    assert (503, "Name or service not known: nowhere.sim\n") == (answer.status, answer.body)


def test_a_cache_wants_whole_urls(vantage: NodeVantage) -> None:
    assert 400 == vantage.fetch("http://squid.bnl.sim:3128/").status


def test_a_proxy_that_makes_no_sense_is_broken(world: World, vantage: NodeVantage) -> None:
    world.node.conditions.environ.update(no_proxy="localhost", http_proxy="squid")
    with pytest.raises(UnreachableError, match="proxy 'squid': broken"):
        vantage.fetch(CACHE)
