"""Datagrams to the world: noted, and gone. (Those between sockets of one guest: test_local.)"""

from __future__ import annotations

from tests.guest.network.net_world import NetWorld


def test_what_is_fed_and_forgotten_is_noted_once(world: NetWorld) -> None:
    program = """
import socket
sock = socket.socket(type=socket.SOCK_DGRAM)
for _ in range(3): print(sock.sendto(b"pilot.heartbeat:1|c", ("server.sim", 8125)))
sock.connect(("server.sim", 8126)); print(sock.send(b"x"), sock.getpeername())
sock.settimeout(1)
try: sock.recv(9)
except OSError as error: print(error)
"""
    assert "19\n19\n19\n1 ('10.0.0.3', 8126)\ntimed out\n" == world.fly(program)
    notes = [(event["kind"], event["text"]) for event in world.events("guest.note")]
    assert [
        ("datagram", "server.sim port 8125: 19 bytes, the first of many"),
        ("datagram", "server.sim port 8126: 1 bytes, the first of many"),
    ] == notes
    assert [] == world.events("guest.escape")


def test_a_program_finds_its_own_address_without_sending(world: NetWorld) -> None:
    program = """
import socket
sock = socket.socket(type=socket.SOCK_DGRAM); sock.connect(("8.8.8.8", 80))
print(sock.getsockname()[0])
"""
    assert "10.0.0.2\n" == world.fly(program)
    assert [] == world.events("guest.escape")


def test_a_datagram_that_leaves_the_world_is_an_escape(world: NetWorld) -> None:
    program = """
import socket
sock = socket.socket(type=socket.SOCK_DGRAM)
for _ in range(2):
    try: sock.sendto(b"x", ("8.8.8.8", 53))
    except OSError as error: print(error)
"""
    text = "[Errno 101] Network is unreachable\n"
    assert 2 * text == world.fly(program)
    assert ["8.8.8.8:53"] == [event["target"] for event in world.events("guest.escape")]


def test_syslog_finds_no_daemon(world: NetWorld) -> None:
    program = """
import logging.handlers
try: logging.handlers.SysLogHandler(address="/dev/log")
except OSError as error: print(error.errno)
handler = logging.handlers.SysLogHandler(address=("server.sim", 514))
handler.emit(logging.makeLogRecord({"msg": "hello"})); print("sent")
"""
    assert "sent\n" == world.fly(program).replace("2\n", "")
