"""Connections that give each address of a server its turn (INC-061).

A server has addresses of several kinds, and some lead nowhere from a node: one that swallows
packets must not use up the time in which another would have answered.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import urllib.request

CONNECT_S = 15.0
"""Seconds for one address; a connection across the world takes less than one."""


def connect(host: str, port: int, *, timeout_s: float) -> socket.socket:
    """Return a connection to the first address that answers, with *timeout_s* for what follows.

    Raises OSError: that of the last address.
    """
    failure = OSError(f"{host} has no address")
    for family, kind, protocol, _, address in socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM
    ):
        end = socket.socket(family, kind, protocol)
        end.settimeout(min(CONNECT_S, timeout_s))
        try:
            end.connect(address)
        except OSError as error:
            end.close()
            failure = error
        else:
            end.settimeout(timeout_s)
            return end
    raise failure


class PlainConnection(http.client.HTTPConnection):
    """An HTTP connection that is made by connect()."""

    def connect(self) -> None:
        """Connect."""
        self.sock = connect(self.host, self.port, timeout_s=float(self.timeout or CONNECT_S))


class SecureConnection(http.client.HTTPSConnection, PlainConnection):
    """An HTTPS connection on top of a plain one."""


class _PlainHandler(urllib.request.HTTPHandler):
    def http_open(self, message: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(PlainConnection, message)


class _SecureHandler(urllib.request.HTTPSHandler):
    def __init__(self, context: ssl.SSLContext | None) -> None:
        super().__init__(context=context)
        self._shown = context

    def https_open(self, message: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(SecureConnection, message, context=self._shown)


def open_url(
    message: urllib.request.Request, *, timeout_s: float, context: ssl.SSLContext | None
) -> http.client.HTTPResponse:
    """Send *message* and return the answer with its body unread; raises as urlopen() does."""
    opener = urllib.request.build_opener(_PlainHandler, _SecureHandler(context))
    opened: http.client.HTTPResponse = opener.open(message, timeout=timeout_s)
    return opened
