"""Sockets and certificates as far as they need no network."""

from __future__ import annotations

from tests.guest.tiny_host import TinyHost


def test_an_unknown_name_does_not_resolve(host: TinyHost) -> None:
    program = """
import socket, time
try: socket.create_connection(("nowhere.example", 80))
except socket.gaierror as error: print(error, time.monotonic())
"""
    assert "[Errno -2] Name or service not known 10.5\n" == host.fly(program)


def test_a_datagram_socket_connects_and_sends_nothing(host: TinyHost) -> None:
    program = """
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(("8.8.8.8", 80)); print(s.getsockname()[0])
try: s.send(b"x")
except OSError as error: print(error.errno)
"""
    assert "10.0.0.1\n101\n" == host.fly(program)


def test_listening_is_refused(host: TinyHost) -> None:
    program = """
import socket
try: socket.socket().bind(("", 8080))
except OSError as error: print(error.strerror)
"""
    assert "the simulated node has no listening sockets\n" == host.fly(program)
    assert ["refused"] == [note["what"] for note in host.notes]


def test_a_certificate_file_that_is_none_is_refused_when_it_is_loaded(host: TinyHost) -> None:
    program = """
import ssl
open("empty.pem", "w")
for name in ("empty.pem", "missing.pem"):
    try: ssl.create_default_context().load_cert_chain(name)
    except OSError as error: print(type(error).__name__)
"""
    assert "SSLError\nFileNotFoundError\n" == host.fly(program)
