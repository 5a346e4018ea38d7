"""Reaching what listens on this machine, or on others."""

from __future__ import annotations

from tests.guest.hostile.ways import Group

GROUP = Group("network")
add = GROUP.add

add("socket.create_connection", "IIII", "import socket; socket.create_connection(D['tcp'])")
add(
    "urllib",
    "IIII",
    "import urllib.request; urllib.request.urlopen('http://%s:%d/' % D['tcp'])",
)
add("_socket.socket", "IIII", "import _socket; _socket.socket().connect(D['tcp'])")
FRESH = "del sys.modules['_socket']\nimport _socket\n"
for family, number, kind in (
    ("inet", 2, 1),
    ("unix", 1, 1),
    ("raw", 2, 3),
    ("netlink", 16, 3),
    ("packet", 17, 3),
    ("alg", 38, 5),
    ("vsock", 40, 1),
):
    code = f"_socket.socket({number}, {kind}, {1 if family == 'raw' else 0})"
    add(f"a fresh _socket, {family}", "RRRR", FRESH + code)
add("a fresh _socket, socketpair", "CCCC", FRESH + "_socket.socketpair()")
add("a fresh _socket, getaddrinfo", "RRRR", FRESH + "_socket.getaddrinfo('localhost', 80)")
add("a fresh _socket, gethostbyname", "RRRR", FRESH + "_socket.gethostbyname('localhost')")
add("socket.socket, AF_UNIX", "IIII", "import socket; socket.socket(1).connect(D['unix'])")
add("socket.socket, abstract", "IIII", "import socket; socket.socket(1).connect(D['abstract'])")
add("the wire as a socket", "RRRR", FRESH + "_socket.socket(1, 1, 0, D['wire']())")
add("lies over the wire", "CCCC", "os.write(D['wire'](), b'\\0\\0\\0\\2[]'); settle()")
add("syslog", "RRRR", "import syslog; syslog.syslog('x')", needs=("syslog",))
add(
    "logging to syslog",
    "IIII",
    "import logging.handlers\nlogging.handlers.SysLogHandler(D['unix'])",
)
ADDRESS = """
import struct
def inet(port): return struct.pack("=HHI8x", 2, port >> 8 | (port & 255) << 8, 0x0100007F)
def local(path): return struct.pack("=H", 1) + path
"""
CONNECT = """
fd = native("socket", {family}, {kind}, 0)
native("connect", fd, {to}, len({to})); settle()
"""
add(
    "TCP by number",
    "RRCN",
    ADDRESS + "to = inet(D['tcp'][1])\n" + CONNECT.format(family=2, kind=1, to="to"),
)
add(
    "UDP by number",
    "RRCN",
    ADDRESS
    + "to = inet(D['udp'][1])\nfd = native('socket', 2, 2, 0)\n"
    + "native('sendto', fd, b'x', 1, 0, to, len(to)); settle()",
)
add(
    "a Unix socket by number",
    "CCCN",
    ADDRESS
    + "to = local(D['unix'].encode() + b'\\0')\n"
    + CONNECT.format(family=1, kind=1, to="to"),
)
add(
    "an abstract socket by number",
    "CCCN",
    ADDRESS + "to = local(D['abstract'].encode())\n" + CONNECT.format(family=1, kind=1, to="to"),
)
add(
    "a listener, by number",
    "RRCN",
    ADDRESS
    + "to = inet(0)\nfd = native('socket', 2, 1, 0)\nnative('bind', fd, to, len(to))\n"
    + "native('listen', fd, 1); "
    + "assert not D['spaces'], 'nobody else is in this network'; out('a listener')",
)
add("io_uring by number", "CCCC", "native('io_uring_setup', 1, (ctypes.c_char * 120)())")
add(
    "a connection over the sockets that sendto may use",
    "CCCC",
    "pair = (ctypes.c_int * 2)()\nnative('socketpair', 1, 1, 0, pair)\n"
    "native('sendto', pair[0], b'x', 1, 0, None, 0)",
)
