"""The control plane: what can be done to a live server from outside."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from fakeserver import State
from fakeserver.live.control import CONTROLS
from fakeserver.live.wsgi import is_local
from tests.fakeserver.live.running import JSON
from tests.fakeserver.live.running import PATIENCE_S
from tests.fakeserver.live.running import QUEUE
from tests.fakeserver.live.running import Running
from tests.fakeserver.servers import spec

FORM = {"siteName": QUEUE, "prodSourceLabel": "managed"}


def asked(served: Running, method: str, name: str, **options: Any) -> requests.Response:
    """Return the answer of the control plane, whatever it is."""
    url = f"{served.plain}/flightsim/control/{name}"
    return requests.request(method, url, timeout=PATIENCE_S, **options)


def test_the_index_says_what_can_be_done(plain: Running) -> None:
    index = plain.control("GET", "")
    assert list(CONTROLS) == [(each["method"], each["name"]) for each in index]
    assert all(each["about"] for each in index)


def test_the_state_is_the_models(plain: Running) -> None:
    plain.live.model.define_job(spec(7))
    state = plain.control("GET", "state")
    assert json.loads(json.dumps(plain.live.model.snapshot(), default=str)) == state
    assert state["jobs"]["7"] == plain.control("GET", "state?job=7")
    assert (400, "state: no job 8") == _error(asked(plain, "GET", "state?job=8"))


def _error(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"].partition(" — ")[0]


def test_a_world_comes_in_and_a_pilot_gets_its_job(plain: Running) -> None:
    world = {"queues": {QUEUE: {"status": "online"}}, "jobs": [{"panda_id": 5, "queue": QUEUE}]}
    assert {"jobs": 1, "queues": 1} == plain.control("POST", "world", **world)
    url = f"{plain.plain}/server/panda/getJob"
    got = requests.post(url, data=FORM, headers=JSON, timeout=PATIENCE_S).json()
    assert (0, 5) == (got["StatusCode"], got["PandaID"])
    assert (400, "job 5: this id is taken") == _error(asked(plain, "POST", "world", json=world))


def test_the_journal_comes_line_by_line(plain: Running) -> None:
    for panda_id in (1, 2):
        plain.control("POST", "world", jobs=[{"panda_id": panda_id, "queue": QUEUE}])
    answer = asked(plain, "GET", "journal?after=1&count=3")
    assert "application/x-ndjson" == answer.headers["Content-Type"]
    assert [2, 3, 4] == [json.loads(line)["n"] for line in answer.text.splitlines()]
    assert 6 == len(asked(plain, "GET", "journal").text.splitlines())
    assert 400 == asked(plain, "GET", "journal?after=x").status_code


def test_the_clock_advances_and_lost_jobs_are_found(plain: Running) -> None:
    plain.live.model.define_job(spec(1))
    url = f"{plain.plain}/server/panda/getJob"
    requests.post(url, data=FORM, timeout=PATIENCE_S)
    before = plain.control("GET", "clock")
    after = plain.control("POST", "clock", advance_s=7200)
    assert (0.0, 7200.0) == (before["ahead_s"], after["ahead_s"])
    assert after["now"] >= before["now"] + 7200
    assert "failed" == plain.control("GET", "state?job=1")["state"]


@pytest.mark.parametrize("body", [{}, {"advance_s": "1"}, {"advance_s": True}, {"advance_s": -1}])
def test_the_clock_advances_by_seconds_only(plain: Running, body: dict[str, Any]) -> None:
    assert 400 == asked(plain, "POST", "clock", json=body).status_code


def test_a_job_is_killed_commanded_debugged_and_activated(plain: Running) -> None:
    model = plain.live.model
    for panda_id, state in ((1, State.ACTIVATED), (2, State.WAITING), (3, State.ACTIVATED)):
        model.define_job(spec(panda_id), state=state)
    assert {"job": 1, "state": "cancelled"} == plain.control("POST", "job", job=1, kill=True)
    assert {"job": 2, "state": "activated"} == plain.control("POST", "job", job=2, activate=True)
    plain.control("POST", "job", job=3, debug=True, command="tail pilotlog.txt")
    assert "debug,tail pilotlog.txt" == model.jobs[3].instructions()
    plain.control("POST", "job", job=3, debug=False, command="")
    assert "NULL" == model.jobs[3].instructions()
    assert (400, "job: no job 9") == _error(asked(plain, "POST", "job", json={"job": 9}))
    assert 400 == asked(plain, "POST", "job", json={"job": 3, "explode": 1}).status_code


def test_faults_are_set_listed_and_cleared(plain: Running) -> None:
    assert {"number": 1} == plain.control("POST", "faults", fault="delay", delay_s=1, times=2)
    (shown,) = plain.control("GET", "faults")
    expected = {"number": 1, "fault": "delay", "delay_s": 1, "times": 2, "skip": 0, "met": 0}
    assert expected | {"on": "server.*"} == shown
    assert {"cleared": 0} == plain.control("DELETE", "faults?number=4")
    assert {"cleared": 1} == plain.control("DELETE", "faults")
    assert [] == plain.control("GET", "faults")


@pytest.mark.parametrize(
    ("method", "name", "status"),
    [("GET", "stat", 404), ("DELETE", "clock", 405), ("PUT", "world", 405)],
)
def test_what_is_not_there_is_said(plain: Running, method: str, name: str, status: int) -> None:
    answer = asked(plain, method, name, headers={"Content-Type": "application/json"})
    assert status == answer.status_code
    assert "stat" != name or "did you mean 'state'" in answer.text


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
def test_what_is_no_object_is_refused(plain: Running, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    assert 400 == asked(plain, "POST", "faults", data=body, headers=headers).status_code


def test_a_form_of_a_foreign_page_does_nothing(plain: Running) -> None:
    answer = asked(plain, "POST", "world", data={"queues": "{}"})
    assert (415, 0) == (answer.status_code, len(plain.live.model.queues))


def test_a_foreign_name_for_this_machine_is_refused(plain: Running) -> None:
    # A page of evil.example whose name was made to mean 127.0.0.1 sends its own name.
    for name in ("control/state", "jobs", ""):
        url = f"{plain.plain}/flightsim/{name}"
        answer = requests.get(url, headers={"Host": "evil.example"}, timeout=PATIENCE_S)
        assert 403 == answer.status_code


@pytest.mark.parametrize(
    ("address", "host", "local"),
    [
        ("127.0.0.1", "127.0.0.1:25080", True),
        ("127.0.0.1", "localhost", True),
        ("127.0.0.1", "LOCALHOST:1", True),
        ("::1", "[::1]:25080", True),
        ("::1", "[::1]", True),
        ("127.0.0.1", "evil.example", False),
        ("127.0.0.1", "127.0.0.1.evil.example:80", False),
        ("127.0.0.1", "", False),
        ("192.0.2.1", "localhost", False),
        ("", "localhost", False),
    ],
)
def test_who_is_on_this_machine(address: str, host: str, local: bool) -> None:
    assert local is is_local({"REMOTE_ADDR": address, "HTTP_HOST": host})
