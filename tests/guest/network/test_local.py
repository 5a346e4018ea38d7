"""Sockets of one program that talk to each other: a guest's do what real ones do."""

from __future__ import annotations

import pytest

from tests.guest.network.conftest import Agree
from tests.guest.network.net_world import NetWorld

SHOW = """
import errno, os, re, socket, threading, time
def show(label, work):
    try: found = work()
    except BaseException as error: found = (type(error).__name__, error.args)
    print(label, re.sub(r"\\b[345]\\d{4}\\b", "PORT", re.sub(r"fd=\\d+", "fd=N", str(found))))
"""

PROGRAMS = {
    "a pair carries bytes both ways and ends": """
one, two = socket.socketpair()
show("send", lambda: one.send(b"hello"))
show("peek", lambda: two.recv(3, socket.MSG_PEEK))
show("recv", lambda: (two.recv(2), two.recv(99)))
show("back", lambda: (two.sendall(b"x" * 10), one.recv(4, socket.MSG_WAITALL)))
show("shut", lambda: one.shutdown(socket.SHUT_WR))
show("end", lambda: (two.recv(1), two.recv(1)))
show("half", lambda: (two.send(b"still"), one.recv(99)))
show("mute", lambda: one.send(b"x"))
two.close()
show("gone", lambda: one.recv(1))
""",
    "unread data resets its sender": """
one, two = socket.socketpair()
one.send(b"unread"); two.send(b"read this"); two.close()
show("data", lambda: one.recv(99))
show("reset", lambda: one.recv(99))
show("then", lambda: one.recv(99))
""",
    "a full buffer blocks its writer until the reader has read": """
one, two = socket.socketpair()
done = []
def write():
    one.sendall(b"x" * 3_000_000); done.append(True); one.close()
thread = threading.Thread(target=write); thread.start()
time.sleep(0.1); print(done)
total = 0
while part := two.recv(100_000): total += len(part)
thread.join(); print(total, done)
""",
    "a time-out of sendall covers all of it": """
one, two = socket.socketpair(); one.settimeout(0.2)
show("sendall", lambda: one.sendall(b"x" * 10_000_000))
one.setblocking(False)
show("now", lambda: one.send(b"x"))
show("recv", lambda: one.recv(1))
one.settimeout(0.1)
show("late", lambda: one.recv(1))
""",
    "a thread serves and the main one asks": """
listening = socket.create_server(("127.0.0.1", 0))
def serve():
    for _ in range(3):
        conn, peer = listening.accept()
        with conn, conn.makefile("rwb") as stream:
            for line in stream: stream.write(line.upper()); stream.flush()
threading.Thread(target=serve, daemon=True).start()
for word in ("one", "two", "three"):
    with socket.create_connection(listening.getsockname(), 5) as sock:
        stream = sock.makefile("rw", newline="\\n", encoding="utf-8")
        stream.write(word + "\\n"); stream.flush(); sock.shutdown(socket.SHUT_WR)
        show(word, lambda: stream.read())
""",
    "accept has a time-out, a backlog and may not wait": """
listening = socket.socket(); listening.bind(("127.0.0.1", 0)); listening.listen(1)
listening.settimeout(0.1)
show("late", listening.accept)
listening.setblocking(False)
show("now", listening.accept)
one = socket.create_connection(listening.getsockname())
conn, peer = listening.accept()
show("blocking", lambda: (conn.gettimeout(), peer == one.getsockname()))
show("names", lambda: (conn.getsockname() == one.getpeername(), conn.family, conn.type))
listening.close()
show("refused", lambda: socket.create_connection(one.getpeername(), 1))
""",
    "a connection that is not accepted is reset when the listener goes": """
listening = socket.create_server(("127.0.0.1", 0))
one = socket.create_connection(listening.getsockname()); one.send(b"x")
listening.close(); time.sleep(0.05)
show("recv", lambda: one.recv(1))
""",
    "addresses are taken once": """
one = socket.create_server(("127.0.0.1", 0))
show("again", lambda: socket.socket().bind(one.getsockname()))
show("other", lambda: socket.socket().bind(("127.0.0.2", one.getsockname()[1])))
show("any", lambda: socket.socket().bind(("", one.getsockname()[1])))
show("foreign", lambda: socket.socket().bind(("192.0.2.1", 0)))
show("twice", lambda: one.bind(("127.0.0.1", 0)))
one.close()
show("free", lambda: socket.create_server(one_name).close())
""".replace("one.close()\n", "one_name = one.getsockname(); one.close()\n"),
    "both families meet": """
six = socket.create_server(("::1", 0), family=socket.AF_INET6)
with socket.create_connection(six.getsockname()[:2]) as sock:
    conn, peer = six.accept()
    show("six", lambda: (conn.family, peer[0], sock.getpeername()[0], len(peer)))
both = socket.create_server(("", 0), family=socket.AF_INET6, dualstack_ipv6=True)
with socket.create_connection(("127.0.0.1", both.getsockname()[1])) as sock:
    conn, peer = both.accept()
    show("both", lambda: (conn.family, peer[0], conn.getsockname()[0], sock.family))
only = socket.create_server(("::1", 0), family=socket.AF_INET6)
show("only", lambda: socket.create_connection(("127.0.0.1", only.getsockname()[1])))
show("wrong", lambda: socket.socket(socket.AF_INET).connect(("::1", 80)))
show("mapped", lambda: socket.socket(socket.AF_INET6).connect(("::ffff:127.0.0.1", 9)))
""",
    "numbers are shared, duplicated and detached": """
one, two = socket.socketpair()
twin = one.dup(); one.close(); twin.send(b"a"); show("twin", lambda: two.recv(1))
again = socket.fromfd(twin.fileno(), socket.AF_UNIX, socket.SOCK_STREAM)
twin.close(); again.send(b"b"); show("again", lambda: two.recv(1))
number = again.detach(); show("detached", lambda: again.fileno())
back = socket.socket(fileno=number)
show("kind", lambda: (back.family, back.type, back.proto))
back.send(b"c"); show("back", lambda: two.recv(1)); back.close()
show("end", lambda: two.recv(1))
show("bad", lambda: socket.socket(fileno=number))
show("closed", lambda: back.recv(1))
""",
    "os and fcntl take the numbers": """
import fcntl, stat
one, two = socket.socketpair()
show("write", lambda: os.write(one.fileno(), b"hello"))
show("read", lambda: os.read(two.fileno(), 99))
show("is", lambda: stat.S_ISSOCK(os.fstat(one.fileno()).st_mode))
show("flags", lambda: (fcntl.fcntl(one, fcntl.F_GETFD), os.get_inheritable(one.fileno())))
os.set_blocking(two.fileno(), False); show("now", lambda: os.read(two.fileno(), 1))
show("tty", lambda: os.isatty(one.fileno()))
number = one.fileno(); os.close(number)
show("end", lambda: os.read(two.fileno(), 1))
show("closed", lambda: one.send(b"x"))
one.detach()
""",
    "buffers are filled in place": """
one, two = socket.socketpair()
one.sendall(b"0123456789"); space = bytearray(4)
show("into", lambda: (two.recv_into(space), bytes(space)))
show("some", lambda: (two.recv_into(space, 2), bytes(space)))
show("large", lambda: two.recv_into(space, 9))
show("msg", lambda: two.recvmsg_into([bytearray(1), space])[0])
show("sendmsg", lambda: (one.sendmsg([b"a", b"b"]), two.recvmsg(9)[0]))
show("from", lambda: (one.send(b"z"), two.recvfrom(9)))
""",
    "files are sent": """
one, two = socket.socketpair()
with open("file", "wb") as target: target.write(b"content" * 10)
with open("file", "rb") as source: show("sent", lambda: one.sendfile(source, 7, 14))
show("came", lambda: two.recv(99))
""",
    "local sockets have names": """
listening = socket.socket(socket.AF_UNIX); listening.bind("sock"); listening.listen()
show("there", lambda: os.path.exists("sock"))
one = socket.socket(socket.AF_UNIX); one.connect("sock")
conn, peer = listening.accept()
show("names", lambda: (conn.getsockname(), peer, one.getpeername(), one.getsockname()))
one.send(b"x"); show("recv", lambda: conn.recv(1))
show("taken", lambda: socket.socket(socket.AF_UNIX).bind("sock"))
listening.close()
show("closed", lambda: socket.socket(socket.AF_UNIX).connect("sock"))
os.unlink("sock")
show("gone", lambda: socket.socket(socket.AF_UNIX).connect("sock"))
show("long", lambda: socket.socket(socket.AF_UNIX).bind("x" * 200))
open("plain", "w").close()
show("plain", lambda: socket.socket(socket.AF_UNIX).connect("plain"))
show("folder", lambda: socket.socket(socket.AF_UNIX).bind("no/such"))
""",
    "abstract names leave no file": """
listening = socket.socket(socket.AF_UNIX); listening.bind("\\0flightsim-test"); listening.listen()
one = socket.socket(socket.AF_UNIX); one.connect("\\0flightsim-test")
show("names", lambda: (listening.getsockname(), one.getpeername()))
show("none", lambda: socket.socket(socket.AF_UNIX).connect("\\0flightsim-none"))
show("files", lambda: [each for each in os.listdir() if each != "program.py"])
""",
    "datagrams keep their bounds": """
one = socket.socket(type=socket.SOCK_DGRAM); one.bind(("127.0.0.1", 0))
two = socket.socket(type=socket.SOCK_DGRAM)
two.sendto(b"first", one.getsockname()); two.sendto(b"second", one.getsockname())
show("cut", lambda: one.recv(3)); show("next", lambda: one.recvfrom(99)[0])
one.setblocking(False); show("none", lambda: one.recv(1))
two.connect(one.getsockname()); two.send(b"third"); data, source = one.recvfrom(9)
show("source", lambda: source[0]); one.sendto(b"back", source); show("back", lambda: two.recv(9))
one.close()
show("nobody", lambda: two.send(b"x")); show("heard", lambda: two.send(b"x"))
show("long", lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x" * 70000, ("127.0.0.1", 9)))
a, b = socket.socketpair(type=socket.SOCK_DGRAM)
a.send(b"one"); a.send(b"two"); show("pair", lambda: (b.recv(9), b.recv(9)))
""",
    "with blocks, files and leftovers": """
listening = socket.create_server(("127.0.0.1", 0))
with socket.create_connection(listening.getsockname()) as sock:
    stream = sock.makefile("rb")
show("open", lambda: (sock._closed, sock.fileno() >= 0)); stream.close()
show("shut", lambda: sock.fileno())
conn, _ = listening.accept(); show("end", lambda: conn.recv(1))
one, two = socket.socketpair(); del one; show("dropped", lambda: two.recv(1))
raw = two.makefile("rb", buffering=0); show("raw", lambda: raw.read(1))
show("modes", lambda: two.makefile("x"))
""",
    "default time-outs": """
show("none", socket.getdefaulttimeout); socket.setdefaulttimeout(0.1)
one, two = socket.socketpair()
show("pair", lambda: (one.gettimeout(), socket.socket().gettimeout()))
show("late", lambda: one.recv(1))
show("bad", lambda: one.settimeout(-1)); show("never", lambda: one.settimeout("x"))
one.settimeout(3); show("int", one.gettimeout); one.setblocking(True); show("on", one.gettimeout)
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_guest_agrees_with_the_kernel(agree: Agree, name: str) -> None:
    assert agree(SHOW + PROGRAMS[name])


def test_what_is_inside_one_guest_costs_no_message_and_no_time(world: NetWorld) -> None:
    program = """
import socket, threading, time
listening = socket.create_server(("127.0.0.1", 0))
def serve():
    conn, _ = listening.accept()
    while data := conn.recv(99): conn.sendall(data)
threading.Thread(target=serve).start()
with socket.create_connection(listening.getsockname()) as sock:
    for _ in range(100): sock.sendall(b"x"); sock.recv(1)
print(time.monotonic())
"""
    before = world.clock.now
    assert f"{before}\n" == world.fly(program).replace("0.0", "0.0")
    assert [] == [kind for kind in world.kinds if kind.startswith(("ask", "note"))]


def test_who_listens_to_the_world_is_told_that_nobody_comes(world: NetWorld) -> None:
    world.fly("import socket; socket.create_server(('', 8080))")
    notes = [event["text"] for event in world.events("guest.note")]
    assert ["0.0.0.0 port 8080: nobody outside of the pilot can connect"] == notes


@pytest.mark.parametrize(
    ("family", "kind", "number"), [("AF_INET", "SOCK_RAW", 1), ("AF_PACKET", "SOCK_RAW", 97)]
)
def test_raw_sockets_are_refused(world: NetWorld, family: str, kind: str, number: int) -> None:
    program = f"""
import socket
try: socket.socket(socket.{family}, socket.{kind})
except OSError as error: print(error.errno)
"""
    assert f"{number}\n" == world.fly(program)
    assert ["socket"] == [event["kind"] for event in world.events("guest.refused")]


def test_a_local_socket_outside_the_root_is_an_escape(world: NetWorld) -> None:
    program = """
import socket
for call in ("bind", "connect"):
    try: getattr(socket.socket(socket.AF_UNIX), call)("/usr/flightsim.sock")
    except OSError as error: print(error.errno)
"""
    assert "13\n2\n" == world.fly(program)
    assert ["write"] == [event["kind"] for event in world.events("guest.escape")]
    assert ["socket"] == [event["kind"] for event in world.events("guest.refused")]


def test_no_more_sockets_than_files_may_be_open(world: NetWorld) -> None:
    program = """
import socket
kept = []
try:
    while True: kept.append(socket.socket())
except OSError as error: print(len(kept), error.errno)
kept.clear(); print(socket.socket().fileno() > 0)
"""
    assert "1024 24\nTrue\n" == world.fly(program)
