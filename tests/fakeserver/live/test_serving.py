"""A live server as a whole: ports, and what happens by itself."""

from __future__ import annotations

import socket
import ssl
import threading
from pathlib import Path

import pytest
import requests

from fakeserver import Policy
from fakeserver.live.credentials import Folder
from fakeserver.live.serving import Ports
from fakeserver.live.serving import Serving
from fakeserver.live.serving import Tls
from fakeserver.live.serving import check_host
from fakeserver.live.trust import read_trust
from fakeserver.matching import JobRequest
from simkernel import ScenarioError
from tests.fakeserver.live.running import PATIENCE_S
from tests.fakeserver.live.running import QUEUE
from tests.fakeserver.live.running import eventually
from tests.fakeserver.live.running import new_live
from tests.fakeserver.live.running import running
from tests.fakeserver.servers import spec


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.org", ""])
def test_a_host_that_is_not_loopback_is_refused_unless_meant(host: str) -> None:
    with pytest.raises(ScenarioError, match="not a loopback address"):
        check_host(host, remote=False)
    check_host(host, remote=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_loopback_is_fine(host: str) -> None:
    check_host(host, remote=False)


def test_what_is_due_happens_by_itself() -> None:
    live = new_live(policy=Policy(sent_limit_s=0.01))
    with live.effect() as model:
        model.define_job(spec(1))
        request = JobRequest(queue=QUEUE, label="managed", element=QUEUE, node="wn1")
        model.dispatch(request, who="pilot", now=live.clock.now())
    with running(live):
        eventually(lambda: "failed" == live.model.jobs[1].state.value)


def test_a_port_that_is_taken_is_said_and_the_other_given_back(folder: Folder) -> None:
    tls = Tls(folder.host, read_trust(folder.authorities, folder.voms))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        live = new_live()
        with pytest.raises(ScenarioError, match=f"127.0.0.1:{port}: cannot be served"):
            Serving(live, Ports(secure=0, plain=port, tls=tls), on_error=print)
        live.close()


def test_it_stops_and_nobody_is_answered_any_more() -> None:
    live = new_live()
    with running(live) as served:
        url = f"{served.plain}/server/panda/isAlive"
        assert 200 == requests.get(url, timeout=PATIENCE_S).status_code
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=PATIENCE_S)
    assert "the server has stopped" == live.failure


def test_it_stops_although_a_fault_keeps_clients_waiting() -> None:
    with running(new_live()) as served:
        served.control("POST", "faults", fault="hang", hang_s=600)
        url = f"{served.plain}/server/panda/isAlive"
        client = threading.Thread(target=_ends, args=(url,))
        client.start()
        eventually(lambda: 1 == served.control("GET", "faults")[0]["met"])
        stopping = threading.Thread(target=served.serving.stop, daemon=True)
        stopping.start()
        stopping.join(PATIENCE_S)
        assert not stopping.is_alive()
        client.join(PATIENCE_S)
        assert not client.is_alive()


def _ends(url: str) -> None:
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=10 * PATIENCE_S)


def test_loopback_of_the_sixth_version_is_served() -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 on this machine")
    serving = Serving(new_live(), Ports(host="::1", plain=0), on_error=print)
    serving.run()
    assert serving.urls[0].startswith("http://[::1]:")
    answer = requests.get(f"{serving.urls[0]}/flightsim/control/clock", timeout=PATIENCE_S)
    assert 200 == answer.status_code
    serving.stop()


def test_a_file_without_a_key_is_no_certificate(folder: Folder, tmp_path: Path) -> None:
    path = tmp_path / "host.pem"
    path.write_text("nothing")
    tls = Tls(path, read_trust(folder.authorities, folder.voms))
    with pytest.raises(ScenarioError, match="cannot be served") as caught:
        Serving(new_live(), Ports(secure=0, plain=None, tls=tls), on_error=print)
    assert isinstance(caught.value.__cause__, ssl.SSLError)
