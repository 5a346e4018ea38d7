"""The server on a port of this machine. No test here asserts how long anything takes."""

from __future__ import annotations

import http.client
import io
import json
import socket
import threading
from pathlib import Path
from typing import Any
from typing import Iterator

import pytest
import requests

import fakeserver.serve
from fakeserver.serve import Serving
from fakeserver.serve import check_host
from fakeserver.serve import fill
from fakeserver.serve import live_server
from fakeserver.serve import main
from fakeserver.serve import serve
from simkernel import ScenarioError
from simkernel import read_journal
from tests.fakeserver.servers import QUEUE
from tests.fakeserver.servers import report
from tests.fakeserver.servers import spec

PATIENCE_S = 20.0


class Live:
    """A server that answers on loopback, and its journal."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        self.server = live_server(stream=self.stream)
        self._ready = threading.Event()
        self.serving: Serving | None = None
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        serve(self.server, on_ready=self._note)

    def _note(self, serving: Serving) -> None:
        self.serving = serving
        self._ready.set()

    def start(self) -> Serving:
        """Begin and return where it is."""
        self.thread.start()
        assert self._ready.wait(PATIENCE_S)
        assert self.serving is not None
        return self.serving

    def stop(self) -> None:
        """End and wait for it."""
        assert self.serving is not None
        self.serving.stop()
        self.thread.join(PATIENCE_S)
        assert not self.thread.is_alive()


@pytest.fixture
def live() -> Iterator[Live]:
    """Return a server that runs for one test."""
    server = Live()
    server.start()
    yield server
    server.stop()


def url(live: Live, path: str) -> str:
    """Return the address of *path*."""
    assert live.serving is not None
    return live.serving.url + path


def test_a_job_goes_through_a_real_connection(live: Live) -> None:
    live.server.define_job(spec(1))
    form = {"siteName": QUEUE, "prodSourceLabel": "managed"}
    with requests.Session() as session:
        got = session.post(
            url(live, "/server/panda/getJob"), data=form, headers={"Accept": "application/json"}
        )
        values: dict[str, Any] = {"job_id": 1, "job_status": "running"}
        ran = session.post(url(live, "/api/v1/pilot/update_job"), json=values)
        final = values | {"job_status": "finished", "job_output_report": report(1)}
        done = session.post(url(live, "/api/v1/pilot/update_job"), json=final)
    assert (1, "application/json") == (got.json()["PandaID"], got.headers["Content-Type"])
    assert ("NULL", "NULL") == (ran.json()["data"]["command"], done.json()["data"]["command"])
    states = [
        line["new"]
        for line in map(json.loads, live.stream.getvalue().splitlines())
        if line.get("what") == "job.state"
    ]
    assert ["assigned", "activated", "sent", "running", "holding", "finished"] == states
    assert "client-127.0.0.1" == live.server.jobs[1].pilot


def test_one_connection_carries_several_requests(live: Live) -> None:
    assert live.serving is not None
    connection = http.client.HTTPConnection(live.serving.host, live.serving.port, timeout=20)
    connection.connect()
    wire = connection.sock
    for _ in range(3):
        connection.request("GET", "/server/panda/isAlive")
        answer = connection.getresponse()
        assert (200, 11, b"alive=yes") == (answer.status, answer.version, answer.read())
        assert wire is connection.sock
    connection.close()


def test_a_head_has_no_body(live: Live) -> None:
    assert live.serving is not None
    asked = b"HEAD /ddmendpoints.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = b""
    with socket.create_connection((live.serving.host, live.serving.port), PATIENCE_S) as wire:
        wire.sendall(asked)
        while piece := wire.recv(4096):
            answer += piece
    assert b"Content-Length: 2\r\n" in answer
    assert answer.endswith(b"\r\n\r\n")


def test_a_query_and_an_unknown_path_arrive(live: Live) -> None:
    path = "/api/v1/pilot/get_job_status?job_ids=1&job_ids=2"
    answer = requests.get(
        url(live, path), headers={"Accept": "application/json"}, timeout=PATIENCE_S
    )
    assert [1, 2] == [each["job_id"] for each in answer.json()["data"]]
    assert 404 == requests.get(url(live, "/nonsense"), timeout=PATIENCE_S).status_code


def test_a_body_without_length_is_not_waited_for(live: Live) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"x"

    answer = requests.post(url(live, "/server/panda/isAlive"), data=pieces(), timeout=PATIENCE_S)
    assert 411 == answer.status_code


def test_simultaneous_requests_take_effect_one_after_another(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    for panda_id in range(1, 17):
        live.server.define_job(spec(panda_id))
    form = {"siteName": QUEUE, "prodSourceLabel": "managed"}
    given: list[int] = []
    inside: list[int] = []
    crowds: list[int] = []
    dispatch = live.server.dispatch

    def watched(*arguments: Any, **options: Any) -> Any:
        inside.append(1)
        threading.Event().wait(0.005)  # long enough for another to come in, if it could
        crowds.append(len(inside))
        try:
            return dispatch(*arguments, **options)
        finally:
            inside.pop()

    monkeypatch.setattr(live.server, "dispatch", watched)

    def pilot() -> None:
        for _ in range(4):
            answer = requests.post(
                url(live, "/server/panda/getJob"),
                data=form,
                headers={"Accept": "application/json"},
                timeout=PATIENCE_S,
            )
            given.append(answer.json()["PandaID"])

    threads = [threading.Thread(target=pilot) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert list(range(1, 17)) == sorted(given)
    assert {1} == set(crowds)


def test_the_reaper_runs_by_itself() -> None:
    live = Live()
    reaped = threading.Event()
    live.server.reap = lambda now: reaped.set() or []  # type: ignore[func-returns-value,method-assign]
    live.start()
    assert reaped.wait(PATIENCE_S)
    live.stop()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.org", ""])
def test_a_host_that_is_not_loopback_is_refused_unless_meant(host: str) -> None:
    with pytest.raises(ScenarioError, match="not a loopback address"):
        check_host(host, remote=False)
    check_host(host, remote=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_loopback_is_fine(host: str) -> None:
    check_host(host, remote=False)


def test_a_world_of_plain_tables_fills_a_server() -> None:
    server = live_server()
    fill(
        server,
        {
            "queues": {QUEUE: {"status": "online"}},
            "endpoints": {"E": {}},
            "transforms": {"t": "text"},
            "jobs": [{"panda_id": 5, "queue": QUEUE}],
        },
    )
    assert ([QUEUE], ["E"], "text", [5]) == (
        list(server.queues),
        list(server.endpoints),
        server.transforms["t"],
        list(server.jobs),
    )


def test_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}

    def interrupted(server: Any, **options: Any) -> None:
        seen.update(options, jobs=list(server.jobs))
        raise KeyboardInterrupt

    monkeypatch.setattr(fakeserver.serve, "serve", interrupted)
    world = tmp_path / "world.json"
    world.write_text(json.dumps({"jobs": [{"panda_id": 5, "queue": QUEUE}]}))
    journal = tmp_path / "events.jsonl"
    assert 130 == main([str(world), "--port", "0", "--journal", str(journal), "--seed", "4"])
    assert ([5], "127.0.0.1", 0, False) == (
        seen["jobs"],
        seen["host"],
        seen["port"],
        seen["remote"],
    )
    header, events = read_journal(journal)
    assert (4, "job.defined") == (header["seed"], events[0].what)
