"""HTTP against a real socket that misbehaves."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from contextlib import suppress
from typing import Iterator

import pytest

from pilotcore.live_http import Browser
from pilotcore.options import parse
from pilotcore.platform import HttpFailure
from pilotcore.platform import Request
from pilotcore.platform import Response

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"


@contextmanager
def door(*answer: bytes, hold: bool = False, pause_s: float = 0.0) -> Iterator[str]:
    """Serve one connection with *answer*, then close it unless *hold*; yield its URL."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(1 << 16)
            for part in answer:
                over.wait(pause_s)
                # The client may have given up by now; that is what some tests want.
                with suppress(OSError):
                    connection.sendall(part)
            if hold:
                over.wait(30)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    over.set()
    listener.close()


def fetch(url: str, timeout_s: float = 10.0) -> Response:
    return Browser(parse(["-q", "Q"]), {}).fetch(Request("GET", url, timeout_s=timeout_s))


def reached(url: str, timeout_s: float = 10.0) -> bool:
    with pytest.raises(HttpFailure) as caught:
        fetch(url, timeout_s)
    return caught.value.reached


def test_an_answer_is_its_status_and_its_body() -> None:
    with door(OK, b"hello") as url:
        assert Response(200, b"hello") == fetch(url)


def test_an_error_status_is_an_answer_too() -> None:
    with door(b"HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy") as url:
        assert Response(503, b"busy") == fetch(url)


def test_a_body_that_is_cut_is_no_answer() -> None:
    with door(OK, b"hel") as url:
        assert reached(url)


def test_a_connection_that_is_closed_may_have_had_an_effect() -> None:
    with door() as url:
        assert reached(url)


def test_an_answer_that_never_comes_may_have_had_an_effect() -> None:
    with door(hold=True) as url:
        assert reached(url, 0.2)


def test_a_body_that_never_ends_is_given_up() -> None:
    with door(OK, b"h", hold=True) as url:
        assert reached(url, 0.2)


def test_a_body_that_drips_is_given_up_as_a_whole() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n"
    with door(head, *[b"x"] * 20, pause_s=0.05) as url:
        assert reached(url, 0.3)


def test_a_connection_that_is_refused_had_none() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert not reached(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize("url", ["nonsense", "http://[bad/", "ftp2://x/"])
def test_what_is_no_url_reaches_nobody(url: str) -> None:
    assert not reached(url)


def test_a_proxy_that_is_missing_reaches_nobody() -> None:
    browser = Browser(parse(["-q", "Q"]), {"X509_USER_PROXY": "/nowhere/x509up"})
    with pytest.raises(HttpFailure, match="x509up"):
        browser.fetch(Request("GET", "https://127.0.0.1:1/", private=True))
