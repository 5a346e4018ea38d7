"""Connections to the world: how they are made, how they fail, how they end."""

from __future__ import annotations

import pytest

from simkernel.network import Link
from tests.guest.network.net_world import SERVER
from tests.guest.network.net_world import NetWorld

HEAD = """
import errno, socket, time
def show(work):
    began = time.monotonic()
    try: found = work()
    except OSError as error: found = (type(error).__name__, error.errno, str(error))
    print(found, round(time.monotonic() - began, 3))
ASK = b"GET / HTTP/1.1\\r\\nHost: server.sim\\r\\n\\r\\n"
ADDRESS = socket.getaddrinfo("server.sim", 80)[0][4]
"""


def test_a_connection_takes_a_round_trip(world: NetWorld) -> None:
    world.network.link("wn001", SERVER, Link(latency_s=0.5))
    program = """
sock = socket.socket(); show(lambda: sock.connect(ADDRESS))
print(sock.getsockname()[0], sock.getpeername())
show(lambda: sock.connect(ADDRESS)); show(lambda: sock.connect_ex(ADDRESS))
sock.sendall(ASK); show(lambda: sock.recv(9)); sock.close(); show(lambda: sock.recv(1))
"""
    expected = (
        "None 1.0\n"
        "10.0.0.2 ('10.0.0.3', 80)\n"
        "('OSError', 106, '[Errno 106] Transport endpoint is already connected') 0.0\n"
        "106 0.0\n"
        "b'HTTP/1.1 ' 1.0\n"
        "('OSError', 9, '[Errno 9] Bad file descriptor') 0.0\n"
    )
    assert expected == world.fly(HEAD + program)


def test_a_name_will_do_for_an_address(world: NetWorld) -> None:
    program = "sock = socket.socket(); show(lambda: sock.connect((b'server.sim', 80)))"
    assert "None 0.012\n" == world.fly(HEAD + program)


def test_a_port_without_a_service_refuses(world: NetWorld) -> None:
    program = """
show(lambda: socket.create_connection(("server.sim", 81)))
sock = socket.socket(); show(lambda: sock.connect_ex(("server.sim", 81)))
sock.setblocking(False); show(lambda: sock.connect_ex((ADDRESS[0], 81)))
time.sleep(1); show(lambda: sock.connect((ADDRESS[0], 81)))
show(lambda: sock.connect_ex((ADDRESS[0], 80))); show(lambda: sock.connect_ex(ADDRESS))
time.sleep(1); show(lambda: sock.connect_ex(ADDRESS)); show(lambda: sock.connect_ex(ADDRESS))
"""
    refused = "('ConnectionRefusedError', 111, '[Errno 111] Connection refused')"
    expected = (
        f"{refused} 0.012\n111 0.012\n115 0.0\n{refused} 0.0\n115 0.0\n114 0.0\n0 0.0\n106 0.0\n"
    )
    assert expected == world.fly(HEAD + program)


def test_a_time_out_of_ones_own_leaves_the_attempt(world: NetWorld) -> None:
    world.install("black_hole")
    program = """
show(lambda: socket.create_connection(("server.sim", 80), timeout=3))
sock = socket.socket(); sock.settimeout(2); show(lambda: sock.connect_ex(ADDRESS))
show(lambda: sock.connect_ex(ADDRESS)); sock.settimeout(None)
show(lambda: socket.socket().connect(ADDRESS))
"""
    expected = (
        "('TimeoutError', None, 'timed out') 3.002\n11 2.0\n114 0.0\n"
        "('TimeoutError', 110, '[Errno 110] Connection timed out') 127.0\n"
    )
    assert expected == world.fly(HEAD + program).replace("('timeout'", "('TimeoutError'")
    # What was given up is told to the host, which forgets it.
    assert world.kinds.index("note close") < world.kinds.index("exit")


@pytest.mark.parametrize("address", ["192.0.2.1", "8.8.8.8", "2001:4860:4860::8888"])
def test_an_address_outside_the_world_is_an_escape(world: NetWorld, address: str) -> None:
    program = f"show(lambda: socket.create_connection(({address!r}, 53)))"
    text = "('OSError', 101, '[Errno 101] Network is unreachable') 0.0\n"
    assert text == world.fly(HEAD + program)
    escapes = [(event["kind"], event["target"]) for event in world.events("guest.escape")]
    assert [("connect", f"{address}:53")] == escapes


def test_a_server_that_has_closed_takes_one_piece_and_no_second(world: NetWorld) -> None:
    program = """
sock = socket.create_connection(ADDRESS)
sock.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
while sock.recv(999): pass
show(lambda: sock.send(b"x")); show(lambda: sock.send(b"x")); time.sleep(1)
show(lambda: sock.send(b"x")); show(lambda: sock.recv(1))
"""
    pipe = "('BrokenPipeError', 32, '[Errno 32] Broken pipe') 0.0\n"
    assert f"1 0.0\n1 0.0\n{pipe}b'' 0.0\n" == world.fly(HEAD + program)


def test_a_reset_is_told_once_and_after_the_data(world: NetWorld) -> None:
    world.install("reset", during="answer")
    program = """
sock = socket.create_connection(ADDRESS); sock.sendall(ASK); time.sleep(1)
data = sock.recv(999); print(data[-2:])
show(lambda: sock.recv(1)); show(lambda: sock.recv(1)); show(lambda: sock.send(b"x"))
"""
    expected = (
        "b'he'\n('ConnectionResetError', 104, '[Errno 104] Connection reset by peer') 0.0\n"
        "b'' 0.0\n('BrokenPipeError', 32, '[Errno 32] Broken pipe') 0.0\n"
    )
    assert expected == world.fly(HEAD + program)


def test_half_a_connection_may_be_shut(world: NetWorld) -> None:
    program = """
sock = socket.create_connection(ADDRESS); sock.sendall(ASK); sock.shutdown(socket.SHUT_WR)
show(lambda: sock.send(b"x"))
data = b""
while part := sock.recv(999): data += part
print(data[-5:]); show(lambda: sock.shutdown(socket.SHUT_RD)); show(lambda: sock.recv(1))
"""
    expected = (
        "('BrokenPipeError', 32, '[Errno 32] Broken pipe') 0.0\nb'hello'\nNone 0.0\nb'' 0.0\n"
    )
    assert expected == world.fly(HEAD + program)


def test_a_thread_reads_while_another_writes(world: NetWorld) -> None:
    program = """
import threading
sock = socket.create_connection(ADDRESS); found = []
reader = threading.Thread(target=lambda: found.append(sock.recv(8))); reader.start()
time.sleep(2); sock.sendall(ASK); reader.join(); print(found, time.monotonic() < 2.1)
"""
    assert "[b'HTTP/1.1'] True\n" == world.fly(HEAD + program)


def test_a_connection_that_nobody_holds_is_closed(world: NetWorld) -> None:
    program = "socket.create_connection(ADDRESS); time.sleep(1); print(world)"
    world.fly(HEAD + program.replace("; print(world)", ""))
    assert ["note resolve", "note connect", "note close"] == [
        kind for kind in world.kinds if kind.startswith("note")
    ]


def test_send_buffers_may_be_made_smaller(world: NetWorld) -> None:
    world.network.link("wn001", SERVER, Link(latency_s=0.0, bandwidth=10_000))
    program = """
sock = socket.create_connection(ADDRESS)
sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 5000)
sock.setblocking(False); show(lambda: sock.send(b"x" * 100_000)); show(lambda: sock.send(b"x"))
time.sleep(0.1); show(lambda: sock.send(b"x"))
import select
show(lambda: len(select.select([], [sock], [], 10)[1])); show(lambda: sock.send(b"x" * 100_000))
"""
    again = "('BlockingIOError', 11, '[Errno 11] Resource temporarily unavailable') 0.0\n"
    # A third of 10,000 bytes has to drain at 10,000 a second.
    assert f"10000 0.0\n{again}{again}1 0.233\n3333 0.0\n" == world.fly(HEAD + program)
