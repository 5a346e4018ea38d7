"""Numbers of sockets, and what os makes of them beside real files."""

from __future__ import annotations

from tests.guest.network.net_world import NetWorld


def test_numbers_are_given_again_lowest_first(world: NetWorld) -> None:
    program = """
import socket
one, two, three = socket.socket(), socket.socket(), socket.socket()
first = one.fileno(); print(two.fileno() - first, three.fileno() - first)
two.close(); print(socket.socket().fileno() - first)
kept = [socket.socket() for _ in range(3)]; print([each.fileno() - first for each in kept])
"""
    assert "1 2\n1\n[1, 3, 4]\n" == world.fly(program)


def test_real_files_are_read_as_ever(world: NetWorld) -> None:
    program = """
import fcntl, os
number = os.open("file", os.O_RDWR | os.O_CREAT)
print(os.write(number, b"words"), os.lseek(number, 0, 0), os.read(number, 9), os.isatty(number))
twin = os.dup(number); os.close(number); print(os.fstat(twin).st_size, os.get_inheritable(twin))
print(bool(fcntl.fcntl(twin, fcntl.F_GETFL) & os.O_RDWR))
with open("file") as stream: print(fcntl.fcntl(stream, fcntl.F_GETFD))
os.close(twin)
try: os.read(twin, 1)
except OSError as error: print(error.errno)
"""
    assert "5 0 b'words' False\n5 False\nTrue\n1\n9\n" == world.fly(program)


def test_a_socket_cannot_be_sought(world: NetWorld) -> None:
    program = """
import os, socket
one, two = socket.socketpair()
try: os.lseek(one.fileno(), 0, 0)
except OSError as error: print(error.errno)
import fcntl
print(fcntl.fcntl(one, fcntl.F_GETFL) & os.O_NONBLOCK)
fcntl.fcntl(one, fcntl.F_SETFL, os.O_NONBLOCK)
try: os.read(one.fileno(), 1)
except BlockingIOError: print("again")
twin = fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, 0); os.write(twin, b"x"); print(two.recv(1))
"""
    assert "29\n0\nagain\nb'x'\n" == world.fly(program)
