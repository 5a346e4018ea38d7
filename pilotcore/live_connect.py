"""Connections that give each address of a server its turn (INC-061).

A server has addresses of several kinds, and some lead nowhere from a node: one that swallows
packets must not use up the time in which another would have answered.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import urllib.request
from functools import partial
from typing import Any
from typing import Callable
from typing import Dict
from typing import Tuple

CONNECT_S = 15.0
"""Seconds for one address; a connection across the world takes less than one."""

Answered = Dict[Tuple[str, int], Any]
"""Host and port -> the address that answered last."""
_answered: Answered = {}


def connect(
    host: str, port: int, *, timeout_s: float, net: Any = socket, answered: Answered = _answered
) -> socket.socket:
    """Return a connection to the first address that answers, with *timeout_s* for what follows.

    The one that answered last time is asked first. Raises OSError: that of the last address.
    *net* is the module socket, or has its getaddrinfo() and socket().
    """
    failure = OSError(f"{host} has no address")
    found = net.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    found.sort(key=lambda each: each[4] != answered.get((host, port)))
    for family, kind, protocol, _, address in found:
        end: socket.socket = net.socket(family, kind, protocol)
        end.settimeout(min(CONNECT_S, timeout_s))
        try:
            end.connect(address)
        except OSError as error:
            end.close()
            failure = error
        else:
            answered[(host, port)] = address
            end.settimeout(timeout_s)
            return end
    raise failure


Connect = Callable[..., socket.socket]


class PlainConnection(http.client.HTTPConnection):
    """An HTTP connection that is made by *by*, which is connect() or works like it."""

    def __init__(self, host: str, *, by: Connect, **rest: Any) -> None:
        super().__init__(host, **rest)
        self._by = by

    def connect(self) -> None:
        """Connect."""
        self.sock = self._by(self.host, self.port, timeout_s=float(self.timeout or CONNECT_S))


class SecureConnection(PlainConnection):
    """An HTTPS connection: a plain one, wrapped by *context*."""

    default_port = http.client.HTTPS_PORT

    def __init__(self, host: str, *, context: ssl.SSLContext | None, **rest: Any) -> None:
        super().__init__(host, **rest)
        self._context = context

    def connect(self) -> None:
        """Connect and shake hands."""
        super().connect()
        assert self._context is not None
        self.sock = self._context.wrap_socket(self.sock, server_hostname=self.host)


class _PlainHandler(urllib.request.HTTPHandler):
    def __init__(self, by: Connect) -> None:
        super().__init__()
        self._by = by

    def http_open(self, message: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(partial(PlainConnection, by=self._by), message)


class _SecureHandler(urllib.request.HTTPSHandler):
    def __init__(self, by: Connect, context: ssl.SSLContext | None) -> None:
        super().__init__()
        self._by = by
        self._shown = context

    def https_open(self, message: urllib.request.Request) -> http.client.HTTPResponse:
        made = partial(SecureConnection, by=self._by, context=self._shown)
        return self.do_open(made, message)


def open_url(
    message: urllib.request.Request,
    *,
    timeout_s: float,
    context: ssl.SSLContext | None,
    connect: Connect = connect,
) -> http.client.HTTPResponse:
    """Send *message* and return the answer with its body unread; raises as urlopen() does."""
    opener = urllib.request.build_opener(_PlainHandler(connect), _SecureHandler(connect, context))
    opened: http.client.HTTPResponse = opener.open(message, timeout=timeout_s)
    return opened
