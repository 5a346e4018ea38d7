"""What the application adds to PanDA: faults, and the way to what is flightsim's own."""

from __future__ import annotations

import http.client
import threading
from typing import Any
from urllib.parse import urlencode
from urllib.parse import urlsplit

import pytest
import requests

from simkernel import HarnessError
from tests.fakeserver.live.running import JSON
from tests.fakeserver.live.running import PATIENCE_S
from tests.fakeserver.live.running import QUEUE
from tests.fakeserver.live.running import Running
from tests.fakeserver.live.running import eventually
from tests.fakeserver.servers import spec

FORM = {"siteName": QUEUE, "prodSourceLabel": "managed"}


def get_job(served: Running, **options: Any) -> requests.Response:
    """Ask for a job, once and without any library that would ask again."""
    url = f"{served.plain}/server/panda/getJob"
    return requests.post(url, data=FORM, headers=JSON, timeout=PATIENCE_S, **options)


def refused(served: Running) -> type[Exception]:
    """Return how a request for a job ends that gets no answer."""
    connection = http.client.HTTPConnection(urlsplit(served.plain).netloc, timeout=PATIENCE_S)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection.request("POST", "/server/panda/getJob", urlencode(FORM), headers)
        connection.getresponse()
    except (OSError, http.client.HTTPException) as error:
        return type(error)
    finally:
        connection.close()
    raise AssertionError("there was an answer")


@pytest.fixture
def ready(plain: Running) -> Running:
    """Return a server with three jobs."""
    for panda_id in (1, 2, 3):
        plain.live.model.define_job(spec(panda_id))
    return plain


def states(served: Running) -> list[str]:
    """Return the state of every job."""
    return [job.state.value for job in served.live.model.jobs.values()]


UNTOUCHED = ["activated", "activated", "activated"]


@pytest.mark.parametrize(
    ("fault", "status", "kind"),
    [
        ({"fault": "html"}, 200, "text/html"),
        ({"fault": "garbage"}, 200, "application/json"),
        ({"fault": "http_status"}, 503, "text/plain"),
        ({"fault": "http_status", "status": 418}, 418, "text/plain"),
        ({"fault": "http_status", "status": 599}, 599, "text/plain"),
    ],
)
def test_something_else_answers_and_nothing_is_done(
    ready: Running, fault: dict[str, Any], status: int, kind: str
) -> None:
    ready.control("POST", "faults", **fault)
    answer = get_job(ready)
    assert (status, kind) == (answer.status_code, answer.headers["Content-Type"])
    assert UNTOUCHED == states(ready)
    assert (200, 1) == (get_job(ready).status_code, get_job(ready).json()["PandaID"] - 1)


def test_a_lost_request_does_nothing_and_a_lost_answer_does(ready: Running) -> None:
    ready.control("POST", "faults", fault="request_lost")
    assert issubclass(refused(ready), (ConnectionError, http.client.RemoteDisconnected))
    assert UNTOUCHED == states(ready)
    ready.control("POST", "faults", fault="answer_lost")
    assert issubclass(refused(ready), (ConnectionError, http.client.RemoteDisconnected))
    eventually(lambda: ["sent", "activated", "activated"] == states(ready))


def test_a_duplicate_takes_effect_twice(ready: Running) -> None:
    ready.control("POST", "faults", fault="duplicate", on="server.acquire_jobs")
    assert 2 == get_job(ready).json()["PandaID"]
    assert ["sent", "sent", "activated"] == states(ready)


def test_a_fault_is_only_where_it_was_set(ready: Running) -> None:
    ready.control("POST", "faults", fault="html", on="server.update_job", times=None)
    assert "application/json" == get_job(ready).headers["Content-Type"]
    url = f"{ready.plain}/server/panda/updateJob"
    answer = requests.post(url, data={"jobId": 1, "state": "running"}, timeout=PATIENCE_S)
    assert "text/html" == answer.headers["Content-Type"]


def test_those_who_are_kept_waiting_keep_nobody_else_waiting(ready: Running) -> None:
    ready.control("POST", "faults", fault="hang", hang_s=600, times=30)
    waiting = [threading.Thread(target=refused, args=(ready,)) for _ in range(30)]
    for thread in waiting:
        thread.start()
    eventually(lambda: 30 == ready.control("GET", "faults")[0]["met"])
    assert 1 == get_job(ready).json()["PandaID"]
    # A server that stops lets them go: the fixture would wait for ten minutes.
    assert ready.serving.plain is not None
    ready.serving.plain.stopping.set()
    for thread in waiting:
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


def test_a_delay_is_waited_for_and_then_the_work_is_done(
    ready: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    assert ready.serving.plain is not None
    monkeypatch.setattr(ready.serving.plain.stopping, "wait", waited.append)
    ready.control("POST", "faults", fault="delay", delay_s=33)
    assert 1 == get_job(ready).json()["PandaID"]
    assert [33] == waited


def test_what_passes_is_counted(ready: Running) -> None:
    ready.control("POST", "faults", fault="html")
    get_job(ready)
    get_job(ready)
    requests.get(f"{ready.plain}/server/panda/isAlive", timeout=PATIENCE_S)
    requests.get(f"{ready.plain}/nonsense", timeout=PATIENCE_S)
    meter = ready.serving.meter
    assert {"acquire_jobs": 2, "is_alive": 1, "unknown": 1} == dict(meter.requests)
    assert ({"html": 1}, 4) == (dict(meter.faults), meter.total)
    assert "client-127.0.0.1" == meter.latest[-1].who


def test_the_root_leads_to_the_pages(plain: Running) -> None:
    answer = requests.get(plain.plain, allow_redirects=False, timeout=PATIENCE_S)
    assert (302, "/flightsim/") == (answer.status_code, answer.headers["Location"])
    assert 200 == requests.get(plain.plain, timeout=PATIENCE_S).status_code


def test_a_server_that_cannot_keep_what_it_says_answers_503(
    ready: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise HarnessError("disk full")

    monkeypatch.setattr(ready.live.store, "commit", full)
    answer = get_job(ready)
    assert (503, "disk full") == (answer.status_code, answer.text)
    monkeypatch.undo()
    assert 503 == get_job(ready).status_code
    # Nobody need look for it: the server ends by itself and says why.
    assert ready.serving.wait(PATIENCE_S)
    assert ["disk full"] == list(ready.problems)


def test_every_page_of_ours_may_load_nothing(plain: Running) -> None:
    for path in ("/flightsim/", "/flightsim/control/state"):
        answer = requests.get(plain.plain + path, timeout=PATIENCE_S)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "no-store" == answer.headers["Cache-Control"]
