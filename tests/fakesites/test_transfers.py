"""What every copy does, whichever tool makes it."""

from __future__ import annotations

from pathlib import Path
from signal import SIGKILL
from signal import SIGTERM
from typing import Any
from typing import Generator

import pytest
import simpy
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from fakesites import contents
from fakesites.contents import content_of
from fakesites.running import Running
from simkernel.network import Link
from tests.fakesites.site_world import DN
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


def download(world: SiteWorld, url: str, target: str = IN) -> Running:
    return world.spawn("xrdcp", "-np", "-f", url, target)


def target_url(world: SiteWorld, name: str = "out.root") -> str:
    return world.element().turl(f"{world.element().root}/{name}", "root")


def test_a_file_comes_in_whole(world: SiteWorld) -> None:
    content = some_content(2 * 10**9)
    world.wait(download(world, world.store("in.root", content)))
    assert content == contents.read(world.node.files.real(IN))


def test_a_file_goes_out_whole(world: SiteWorld) -> None:
    world.put_file(OUT, some_content(10**6))
    world.run("xrdcp", "-np", OUT, target_url(world))
    found = world.site.storages.locate(target_url(world))
    assert found is not None
    stored = found[0].find(found[1])
    assert stored is not None
    assert some_content(10**6) == stored.content


def test_a_log_tarball_of_real_bytes_survives_the_way_there_and_back(world: SiteWorld) -> None:
    data = bytes(range(256)) * 100
    world.node.files.write(OUT, data)
    world.run("xrdcp", "-np", OUT, target_url(world))
    world.wait(download(world, target_url(world)))
    assert data == world.node.files.real(IN).read_bytes()


def test_a_transfer_has_a_begin_and_an_end_in_the_journal(world: SiteWorld) -> None:
    url = world.store("in.root", some_content(10**9))
    world.wait(download(world, url))
    (begin,), (end,) = world.events("transfer.begin"), world.events("transfer.end")
    source = f"root://se.bnl.sim:1094{world.element().root}/in.root"
    assert {"id": begin.n, "tool": "xrdcp", "source": source, "target": IN, "bytes": None} == dict(
        begin.data
    )
    # 1 GB at the 125 MB/s of the path, and a round trip for the connection, one for the request.
    assert {"id": begin.n, "code": 0, "bytes": 10**9, "seconds": 8.02, "why": ""} == dict(end.data)
    assert world.node.name == begin.who == end.who


def test_an_upload_says_at_once_how_long_it_is(world: SiteWorld) -> None:
    world.put_file(OUT, some_content(10**6))
    world.run("xrdcp", "-np", OUT, target_url(world))
    assert world.events("transfer.begin")[0]["bytes"] == 10**6


def test_the_path_to_the_door_sets_the_pace(world: SiteWorld) -> None:
    world.network.link(world.node.name, "se.bnl.sim", Link(latency_s=0.0, bandwidth=10**7))
    world.wait(download(world, world.store("in.root", some_content(10**9))))
    assert world.clock.now == 100.0


def test_a_target_grows_while_it_comes_in(world: SiteWorld) -> None:
    world.network.link(world.node.name, "se.bnl.sim", Link(latency_s=0.0, bandwidth=10**6))
    download(world, world.store("in.root", some_content(10**9)))
    real = world.node.files.real(IN)
    sizes, stamps = [], []
    for instant in (1, 61, 121):
        world.clock.run(until=instant)
        sizes.append(real.stat().st_size)
        stamps.append(real.stat().st_mtime - world.clock.epoch)
    assert (sizes, stamps) == ([0, 60 * 10**6, 120 * 10**6], [0, 60, 120])


@pytest.mark.parametrize(("signal", "code"), [(SIGTERM, -15), (SIGKILL, -9)])
def test_a_killed_download_leaves_its_partial_target(
    world: SiteWorld, signal: int, code: int
) -> None:
    running = download(world, world.store("in.root", some_content(10**9)))
    world.clock.run(until=4.01)
    world.node.processes.signal(running.pid, signal, by="pilot-1")
    end = world.events("transfer.end")[0]
    assert (code, f"killed by signal {-code}") == (end["code"], end["why"])
    assert pytest.approx(end["bytes"], rel=0.01) == 4 * 125 * 10**6
    assert end["bytes"] == world.node.files.real(IN).stat().st_size


@pytest.mark.parametrize("signal", [SIGTERM, SIGKILL])
def test_a_killed_upload_leaves_a_partial_file_on_storage(world: SiteWorld, signal: int) -> None:
    world.put_file(OUT, some_content(10**9))
    running = world.spawn("xrdcp", "-np", OUT, target_url(world))
    world.clock.run(until=4.01)
    world.node.processes.signal(running.pid, signal, by="pilot-1")
    stored = world.element().files()[0]
    assert (False, world.events("transfer.end")[0]["bytes"]) == (stored.whole, stored.content.size)
    assert stored.content.adler32 == world.events("storage.write")[0]["adler32"]


def test_a_disk_that_runs_full_ends_the_copy(world: SiteWorld) -> None:
    world.node.files.ballast_bytes = world.node.free_bytes() - 10**8
    ran = world.wait(download(world, world.store("in.root", some_content(10**9))))
    assert (ran.code, world.events("transfer.end")[0]["why"]) == (54, "space")


def test_a_refused_credential_is_an_event_without_the_credential(world: SiteWorld) -> None:
    url = world.store("in.root", some_content(10))
    credential = world.put_proxy(lifetime_s=0)
    world.wait(download(world, url))
    (event,) = world.events("credential.refused")
    expected = {
        "endpoint": "BNL_DATADISK",
        "subject": f"{DN}/CN={credential.serial}",
        "why": "the credential has expired",
    }
    assert expected == dict(event.data)


def test_without_a_proxy_nobody_comes_in(world: SiteWorld) -> None:
    world.node.files.real(PROXY).unlink()
    ran = world.wait(download(world, world.store("in.root", some_content(10))))
    assert (ran.code, world.events("transfer.end")[0]["why"]) == (52, "denied")


def test_a_fault_of_the_network_cuts_the_door_off(world: SiteWorld) -> None:
    def hang(_call: Any, _proceed: Any) -> Work:
        yield world.clock.event()

    world.points.attach("net.se.bnl.sim", hang)
    running = download(world, world.store("in.root", some_content(10)))
    world.clock.run(until=1000)
    assert running.finished is None


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5000), st.binary(max_size=20)), max_size=5))
def test_what_comes_in_is_what_is_on_storage(
    tmp_path_factory: pytest.TempPathFactory, files: list[tuple[int, bytes]]
) -> None:
    world = make_world(tmp_path_factory.mktemp("node"))
    for number, (size, mark) in enumerate(files):
        content = content_of(mark[:size], size=size)
        url = world.store(f"file-{number}", content)
        world.wait(download(world, url, f"/srv/work/{number}"))
        world.run("xrdcp", "-np", f"/srv/work/{number}", target_url(world, f"copy-{number}"))
    stored = {file.path.rsplit("/", 1)[-1]: file.content for file in world.element().files()}
    for number in range(len(files)):
        assert stored[f"file-{number}"] == stored[f"copy-{number}"]
