"""Ports: HTTP as cheroot speaks it, and what was added."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from pathlib import Path
from typing import Any
from typing import Iterator
from urllib.parse import urlsplit

import pytest
import requests

from fakeserver.live.web import reason_of
from tests.fakeserver.live.running import JSON
from tests.fakeserver.live.running import PATIENCE_S
from tests.fakeserver.live.running import QUEUE
from tests.fakeserver.live.running import Running
from tests.fakeserver.live.running import eventually
from tests.fakeserver.servers import report
from tests.fakeserver.servers import spec

FORM = {"siteName": QUEUE, "prodSourceLabel": "managed"}


def address(url: str) -> tuple[str, int]:
    """Return host and port of *url*."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port


def test_a_job_goes_through_a_real_connection(plain: Running) -> None:
    plain.live.model.define_job(spec(1))
    with requests.Session() as session:
        url = f"{plain.plain}/api/v1/pilot/update_job"
        got = session.post(
            f"{plain.plain}/server/panda/getJob", data=FORM, headers=JSON, timeout=PATIENCE_S
        )
        values: dict[str, Any] = {"job_id": 1, "job_status": "running"}
        ran = session.post(url, json=values, timeout=PATIENCE_S)
        final = values | {"job_status": "finished", "job_output_report": report(1)}
        done = session.post(url, json=final, timeout=PATIENCE_S)
    assert (1, "application/json") == (got.json()["PandaID"], got.headers["Content-Type"])
    assert ("NULL", "NULL") == (ran.json()["data"]["command"], done.json()["data"]["command"])
    job = plain.live.model.jobs[1]
    assert ("finished", "client-127.0.0.1") == (job.state.value, job.pilot)


@pytest.mark.parametrize("tls", [False, True])
def test_one_connection_carries_several_requests(secure: Running, tls: bool) -> None:
    host, port = address(secure.secure if tls else secure.plain)
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE_S)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection(host, port, timeout=PATIENCE_S, context=context)
    connection.connect()
    wire = connection.sock
    for _ in range(3):
        connection.request("GET", "/server/panda/isAlive")
        answer = connection.getresponse()
        assert (200, 11, b"alive=yes") == (answer.status, answer.version, answer.read())
        assert wire is connection.sock
    connection.close()


def test_a_head_has_no_body(plain: Running) -> None:
    asked = b"HEAD /ddmendpoints.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = b""
    with socket.create_connection(address(plain.plain), PATIENCE_S) as wire:
        wire.sendall(asked)
        while piece := wire.recv(4096):
            answer += piece
    assert b"Content-Length: 2\r\n" in answer
    assert answer.endswith(b"\r\n\r\n")


def test_a_query_and_an_unknown_path_arrive(plain: Running) -> None:
    path = "/api/v1/pilot/get_job_status?job_ids=1&job_ids=2"
    answer = requests.get(plain.plain + path, headers=JSON, timeout=PATIENCE_S)
    assert [1, 2] == [each["job_id"] for each in answer.json()["data"]]
    assert 404 == requests.get(f"{plain.plain}/nonsense", timeout=PATIENCE_S).status_code


def test_a_body_without_length_is_not_waited_for(plain: Running) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"x"

    url = f"{plain.plain}/server/panda/isAlive"
    assert 411 == requests.post(url, data=pieces(), timeout=PATIENCE_S).status_code


def test_a_body_that_is_too_long_is_refused_unread(
    plain: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain.serving.plain, "max_request_body_size", 1000)
    connection = http.client.HTTPConnection(*address(plain.plain), timeout=PATIENCE_S)
    connection.putrequest("POST", "/server/panda/updateJob")
    connection.putheader("Content-Length", "1001")
    connection.endheaders()
    assert 413 == connection.getresponse().status
    connection.close()


@pytest.mark.parametrize("said", [b"", b"\x16\x03\x01"])
def test_a_client_that_does_not_go_on_keeps_nobody_waiting(secure: Running, said: bytes) -> None:
    # Its handshake never begins, or never ends.
    with socket.create_connection(address(secure.secure), PATIENCE_S) as wire:
        wire.sendall(said)
        with secure.session(None) as one:
            url = f"{secure.secure}/server/panda/isAlive"
            assert "alive=yes" == one.get(url, timeout=PATIENCE_S).text


def test_idle_connections_keep_nobody_waiting(secure: Running) -> None:
    with contextlib.ExitStack() as stack:
        for url in (secure.secure, secure.plain) * 30:
            stack.enter_context(socket.create_connection(address(url), PATIENCE_S))
        one = stack.enter_context(secure.session(None))
        for url in (secure.secure, secure.plain):
            assert "alive=yes" == one.get(f"{url}/server/panda/isAlive", timeout=5).text


def test_plain_http_to_the_port_with_tls_is_counted_and_ended(secure: Running) -> None:
    with socket.create_connection(address(secure.secure), PATIENCE_S) as wire:
        wire.sendall(b"GET /server/panda/isAlive HTTP/1.0\r\n\r\n")
        while wire.recv(4096):
            pass
    eventually(lambda: {"http request": 1} == secure.serving.meter.refusals)


def test_many_clients_at_once_are_all_answered(plain: Running) -> None:
    for panda_id in range(1, 41):
        plain.live.model.define_job(spec(panda_id))
    given: list[int] = []

    def pilot() -> None:
        with requests.Session() as session:
            for _ in range(5):
                answer = session.post(
                    f"{plain.plain}/server/panda/getJob",
                    data=FORM,
                    headers=JSON,
                    timeout=PATIENCE_S,
                )
                given.append(answer.json()["PandaID"])

    threads = [threading.Thread(target=pilot) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert list(range(1, 41)) == sorted(given)


def test_an_error_of_ours_is_a_500_and_is_said(
    plain: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr("fakeserver.live.wsgi.respond", broken)
    answer = requests.get(f"{plain.plain}/server/panda/isAlive", timeout=PATIENCE_S)
    assert 500 == answer.status_code
    assert "ZeroDivisionError: ours" in plain.problems[0]
    monkeypatch.undo()
    answer = requests.get(f"{plain.plain}/server/panda/isAlive", timeout=PATIENCE_S)
    assert 200 == answer.status_code


def test_a_client_that_goes_away_is_no_problem(plain: Running) -> None:
    for _ in range(3):
        with socket.create_connection(address(plain.plain), PATIENCE_S) as wire:
            wire.sendall(b"GET /server/panda/isAlive HTTP/1.1\r\nHo")
    answer = requests.get(f"{plain.plain}/server/panda/isAlive", timeout=PATIENCE_S)
    assert (200, []) == (answer.status_code, list(plain.problems))


def test_the_server_does_not_say_what_it_is_made_of(plain: Running) -> None:
    answer = requests.get(f"{plain.plain}/server/panda/isAlive", timeout=PATIENCE_S)
    assert "flightsim" == answer.headers["Server"]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ssl.SSLError(1, "[SSL: HTTP_REQUEST] http request (_ssl.c:1006)"), "http request"),
        (ConnectionResetError(104, "Connection reset by peer"), "Connection reset by peer"),
        (TimeoutError("timed out"), "timed out"),
        (OSError(), "OSError"),
    ],
)
def test_reasons_are_short(error: OSError, reason: str) -> None:
    if isinstance(error, ssl.SSLError):
        error.reason = "HTTP_REQUEST"
    assert reason == reason_of(error)


def test_the_files_of_the_credentials_are_nobody_elses(secure: Running) -> None:
    assert secure.folder is not None
    modes = {path.stat().st_mode & 0o77 for path in Path(secure.folder.path).rglob("*.pem")}
    assert {0} == modes
