"""Every address of a server gets its turn."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from pilotcore import live_connect
from pilotcore.live_connect import connect


def found(*ports: int) -> list[Any]:
    """Return what a look-up says of a server with an address for each of *ports*."""
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)) for port in ports]


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def test_an_address_that_fails_is_not_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        good = listener.getsockname()[1]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found(closed_port(), good))
        with connect("server.sim", 80, timeout_s=7.0) as end:
            assert good == end.getpeername()[1]
            assert 7.0 == end.gettimeout()


def test_the_address_that_answered_is_asked_first_from_then_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        good, dead = listener.getsockname()[1], closed_port()
        tried: list[int] = []
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found(dead, good))

        class Told(socket.socket):
            def connect(self, address: Any) -> None:
                tried.append(address[1])
                super().connect(address)

        monkeypatch.setattr(socket, "socket", Told)
        for _ in range(2):
            connect("twice.sim", 80, timeout_s=7.0).close()
    assert [dead, good, good] == tried


def test_the_last_failure_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found(closed_port()))
    with pytest.raises(ConnectionRefusedError):
        connect("server.sim", 80, timeout_s=7.0)


def test_no_address_has_less_than_all_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    limits: list[float] = []

    class Deaf:
        def settimeout(self, seconds: float) -> None:
            limits.append(seconds)

        def connect(self, address: object) -> None:
            raise TimeoutError("timed out")

        def close(self) -> None:
            pass

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found(1, 2))
    monkeypatch.setattr(socket, "socket", lambda *_: Deaf())
    with pytest.raises(TimeoutError):
        connect("server.sim", 80, timeout_s=120.0)
    assert [live_connect.CONNECT_S] * 2 == limits
