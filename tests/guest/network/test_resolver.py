"""Names, addresses and services: what a guest is told, by whom, and after how long."""

from __future__ import annotations

import pytest

from simkernel import NetError
from tests.guest.network.conftest import Agree
from tests.guest.network.net_world import SERVER
from tests.guest.network.net_world import NetWorld
from tests.guest.network.test_local import SHOW

NUMBERS = """
for arguments in (
    ("127.0.0.1", 80), ("127.0.0.1", "https"), ("::1", 80), ("fe80::1%1", 80), ("127.1", 80),
    ("1", 80), (None, 80), ("127.0.0.1", None), ("127.0.0.1", "80"), (None, None), ("", 80),
    ("127.0.0.1", "nosuch"), (b"127.0.0.1", b"http"), ("::ffff:127.0.0.1", 1),
    ("127.0.0.1", 80, socket.AF_INET6),
    ("::1", 80, socket.AF_INET), ("127.0.0.1", 80, 0, 99), ("127.0.0.1", 80, 99),
    ("127.0.0.1", 80, 0, socket.SOCK_STREAM), ("127.0.0.1", 80, 0, socket.SOCK_DGRAM),
    ("127.0.0.1", "domain", 0, 0, socket.IPPROTO_UDP), ("127.0.0.1", "ntp", 0, socket.SOCK_STREAM),
    ("x", 80, 0, 1, 0, socket.AI_NUMERICHOST), (None, 80, 0, 1, 0, socket.AI_PASSIVE),
    ("127.0.0.1", 80, 0, 1, 0, socket.AI_CANONNAME), ("127.0.0.1", 80, 0, socket.SOCK_RAW),
    ("127.0.0.1", 80, socket.AF_INET6, 1, 0, socket.AI_V4MAPPED), ("127.0.0.1", 80, 0, 1, 17),
    ("127.0.0.1", "http", 0, 1, 0, socket.AI_NUMERICSERV), (3, 80), ("x" * 70, 80), ("a..b", 80),
):
    show(arguments, lambda: socket.getaddrinfo(*arguments))
for call in (
    lambda: socket.gethostbyname("127.0.0.1"), lambda: socket.gethostbyname(""),
    lambda: socket.gethostbyname("<broadcast>"), lambda: socket.gethostbyname("::1"),
    lambda: socket.gethostbyname_ex("127.0.0.1"), lambda: socket.getnameinfo(("127.0.0.1", 80), 3),
    lambda: socket.getnameinfo(("127.0.0.1", 80), 1), lambda: socket.getnameinfo(("x", 80), 0),
    lambda: socket.getservbyname("https"), lambda: socket.getservbyname("nosuch"),
    lambda: socket.getservbyname("domain", "udp"), lambda: socket.getservbyname("ntp", "tcp"),
    lambda: socket.getservbyport(443), lambda: socket.getservbyport(65000, "tcp"),
    lambda: socket.getservbyport(-1), lambda: socket.getprotobyname("tcp"),
    lambda: socket.getprotobyname("nosuch"), lambda: socket.inet_pton(socket.AF_INET6, "::1"),
    lambda: socket.has_dualstack_ipv6(), lambda: socket.if_nametoindex("lo"),
    lambda: socket.if_indextoname(99), lambda: socket.if_nametoindex("none"),
    lambda: socket.create_connection(("127.0.0.1", 70000)),
    lambda: socket.socket().connect(("127.0.0.1", "x")), lambda: socket.socket().connect("x"),
    lambda: socket.socket().connect(("127.0.0.1",)), lambda: socket.socket().connect((1, 2)),
):
    show("call", call)
"""


def test_numbers_need_nobody(agree: Agree) -> None:
    assert agree(SHOW + NUMBERS)


def test_a_name_is_looked_up_at_the_cost_of_a_round_trip(world: NetWorld) -> None:
    program = """
import socket, time
began = time.monotonic(); print(socket.getaddrinfo("server.sim", 443, type=socket.SOCK_STREAM))
print(round(time.monotonic() - began, 3), socket.gethostbyname("server.sim"))
print(socket.gethostbyname_ex("SERVER.sim."), socket.gethostbyaddr("10.0.0.3")[0])
print(socket.getnameinfo(("10.0.0.3", 443), 0), socket.getfqdn("server.sim"))
"""
    expected = (
        "[(<AddressFamily.AF_INET: 2>, <SocketKind.SOCK_STREAM: 1>, 6, '', ('10.0.0.3', 443))]\n"
        "0.002 10.0.0.3\n"
        "('SERVER.sim.', [], ['10.0.0.3']) server.sim\n"
        "('server.sim', 'https') server.sim\n"
    )
    assert expected == world.fly(program)


def test_the_nodes_own_names_are_known_at_once(world: NetWorld) -> None:
    program = """
import socket, time
began = time.monotonic()
print([each[4][0] for each in socket.getaddrinfo("localhost", 1, type=1)], socket.gethostname())
own = socket.gethostbyname(socket.gethostname())
print(own, socket.getfqdn(), socket.gethostbyname("localhost"))
print(socket.gethostbyaddr(own)[0], time.monotonic() - began)
"""
    name = world.node.hostname
    expected = f"['::1', '127.0.0.1'] {name}\n10.0.0.2 {name} 127.0.0.1\n{name} 0.0\n"
    assert expected == world.fly(program)
    assert [] == [kind for kind in world.kinds if "resolve" in kind]


def test_an_unknown_name_has_no_address(world: NetWorld) -> None:
    program = """
import socket
for call in (socket.gethostbyname, lambda name: socket.create_connection((name, 80)),
             socket.gethostbyaddr):
    try: call("nowhere.sim")
    except OSError as error: print(repr(error), error)
try: socket.gethostbyaddr("10.9.9.9")
except OSError as error: print(repr(error))
print(socket.getfqdn("nowhere.sim"))
"""
    line = "gaierror(-2, 'Name or service not known') [Errno -2] Name or service not known\n"
    assert 3 * line + "herror(1, 'Unknown host')\nnowhere.sim\n" == world.fly(program)
    assert "nowhere.sim" in {event["name"] for event in world.events("net.unresolved")}


@pytest.mark.parametrize(
    ("number", "text"),
    [(-3, "Temporary failure in name resolution"), (-2, "Name or service not known")],
)
def test_a_name_server_may_fail_in_several_ways(world: NetWorld, number: int, text: str) -> None:
    def fail(call: object, proceed: object) -> object:
        yield world.clock.timeout(10.0)
        raise NetError("dns", "no", errno=number)

    world.points.attach(f"net.{SERVER}", fail)  # type: ignore[arg-type]
    program = """
import socket, time
try: socket.create_connection(("server.sim", 80), timeout=1)
except socket.gaierror as error: print(error.errno, error.strerror, time.monotonic())
"""
    # No time-out of a socket's ends a look-up.
    assert f"{number} {text} 10.0\n" == world.fly(program)


def test_a_name_may_have_several_addresses_of_both_families(world: NetWorld) -> None:
    world.network.add_address(SERVER, "10.9.9.9")
    six = world.network.add_address(SERVER)
    own = world.network.add_address("wn001")
    program = """
import socket
print([each[4] for each in socket.getaddrinfo("server.sim", 80, type=socket.SOCK_STREAM)])
print([each[4] for each in socket.getaddrinfo("server.sim", 80, socket.AF_INET6, 1)])
print(socket.gethostbyname_ex("server.sim")[2])
with socket.create_connection(("server.sim", 80)) as sock:
    print(sock.family, sock.getpeername(), sock.getsockname()[0])
"""
    expected = (
        f"[('{six}', 80, 0, 0), ('10.0.0.3', 80), ('10.9.9.9', 80)]\n[('{six}', 80, 0, 0)]\n"
        f"['10.0.0.3', '10.9.9.9']\n10 ('{six}', 80, 0, 0) {own}\n"
    )
    assert expected == world.fly(program).replace("AddressFamily.AF_INET6", "10")


def test_a_program_falls_back_to_the_other_family(world: NetWorld) -> None:
    six = world.network.add_address(SERVER)

    def no_route(call: tuple[object, ...], proceed: object) -> object:
        if call[2] == six:
            raise NetError("unreachable", "no route")
        return (yield from proceed())  # type: ignore[operator]

    world.points.attach(f"net.{SERVER}", no_route)  # type: ignore[arg-type]
    program = """
import socket
with socket.create_connection(("server.sim", 80)) as sock: print(sock.getpeername())
try: socket.create_connection(socket.getaddrinfo("server.sim", 80, socket.AF_INET6)[0][4][:2])
except OSError as error: print(error)
"""
    expected = "('10.0.0.3', 80)\n[Errno 101] Network is unreachable\n"
    assert expected == world.fly(program)


def test_a_world_of_both_families_is_reached_by_ipv6(world: NetWorld) -> None:
    world.network.add_ipv6()
    program = """
import socket, urllib.request
print([each[4][0] for each in socket.getaddrinfo(socket.gethostname(), 80, type=1)])
config = socket.AI_ADDRCONFIG
print([each[4][0] for each in socket.getaddrinfo("server.sim", 80, 0, 1, 0, config)])
with socket.create_connection(("server.sim", 80)) as sock: print(sock.getsockname()[0])
print(urllib.request.urlopen("http://[2001:db8::3]/").read())
"""
    own, server = "2001:db8::2", "2001:db8::3"
    expected = f"['{own}', '10.0.0.2']\n['{server}', '10.0.0.3']\n{own}\nb'hello'\n"
    assert expected == world.fly(program)
