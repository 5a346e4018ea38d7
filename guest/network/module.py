"""The functions of ``_socket``, replaced before ``socket`` takes its names from there."""

from __future__ import annotations

import _socket
import errno
import sys

from guest.network import binding
from guest.network import numbers
from guest.network import resolver
from guest.network import services
from guest.network.addresses import INTERFACES
from guest.network.home import failure
from guest.network.home import home
from guest.network.sockets import Socket


def socketpair(family=_socket.AF_UNIX, type=_socket.SOCK_STREAM, proto=0):
    """Return two sockets that are connected with each other. Raises OSError."""
    kind = int(type) & ~(_socket.SOCK_NONBLOCK | _socket.SOCK_CLOEXEC)
    ends = binding.make_pair(int(family), kind, int(proto))
    return tuple(Socket(fileno=numbers.numbers.open(end)) for end in ends)


def close(number):
    """Close a socket by its number. Raises OSError."""
    numbers.numbers.close(number)


def dup(number):
    """Return another number of the same socket. Raises OSError."""
    return numbers.numbers.dup(number)


def gethostname():
    """Return the node's name."""
    return home.hostname


def sethostname(name):
    """Refuse, as to everybody but root."""
    raise failure(errno.EPERM)


def getdefaulttimeout():
    """Return the time-out of new sockets."""
    return home.default_timeout


def setdefaulttimeout(seconds):
    """Set the time-out of new sockets."""
    if seconds is not None and seconds < 0:
        raise ValueError("Timeout value out of range")
    home.default_timeout = None if seconds is None else float(seconds)


def if_nameindex():
    """Return the node's network interfaces."""
    return [(number, name) for name, number in INTERFACES.items()]


def if_nametoindex(name):
    """Return the number of an interface. Raises OSError."""
    if name not in INTERFACES:
        raise OSError("no interface with this name")
    return INTERFACES[name]


def if_indextoname(index):
    """Return the name of an interface. Raises OSError."""
    for name, number in INTERFACES.items():
        if number == index:
            return name
    raise failure(errno.ENXIO)


OURS = (
    close,
    dup,
    getdefaulttimeout,
    gethostname,
    if_indextoname,
    if_nameindex,
    if_nametoindex,
    sethostname,
    setdefaulttimeout,
    socketpair,
    resolver.getaddrinfo,
    resolver.gethostbyaddr,
    resolver.gethostbyname,
    resolver.gethostbyname_ex,
    resolver.getnameinfo,
    services.getprotobyname,
    services.getservbyname,
    services.getservbyport,
)


def install():
    """Replace the functions of ``_socket``, which ``socket`` must not have been made from yet."""
    assert "socket" not in sys.modules, "socket was imported before the network was replaced"
    Socket.__name__ = Socket.__qualname__ = "socket"
    Socket.__module__ = "_socket"
    _socket.socket = _socket.SocketType = Socket
    for each in OURS:
        setattr(_socket, each.__name__, each)
    numbers.install()
