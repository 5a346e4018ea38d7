"""Options of sockets: remembered, and those that a kernel knows by itself.

Read from Linux: net/core/sock.c. Not modelled: any effect but that of SO_SNDBUF, SO_REUSEADDR,
SO_REUSEPORT, SO_ERROR and IPV6_V6ONLY; TCP_INFO is all zeros.
"""

from __future__ import annotations

import _socket
import errno
import struct
from _socket import SOCK_DGRAM
from _socket import SOCK_STREAM
from _socket import SOL_SOCKET

from guest.network.home import failure
from guest.network.home import home

LEVELS = (
    SOL_SOCKET,
    _socket.IPPROTO_IP,
    _socket.IPPROTO_TCP,
    _socket.IPPROTO_UDP,
    _socket.IPPROTO_IPV6,
)
BUFFERS = (_socket.SO_SNDBUF, _socket.SO_RCVBUF)
LEAST_BUFFER, MOST_BUFFER = 4608, 425_984
DEFAULTS = {
    (SOL_SOCKET, _socket.SO_SNDBUF): 16_384,
    (SOL_SOCKET, _socket.SO_RCVBUF): 131_072,
    (_socket.IPPROTO_TCP, _socket.TCP_MAXSEG): 536,
    (_socket.IPPROTO_TCP, _socket.TCP_KEEPIDLE): 7200,
    (_socket.IPPROTO_TCP, _socket.TCP_KEEPINTVL): 75,
    (_socket.IPPROTO_TCP, _socket.TCP_KEEPCNT): 9,
    (_socket.IPPROTO_IP, _socket.IP_TTL): 64,
}
DATAGRAM_BUFFER = 212_992
NO_SUCH_OPTION = errno.ENOPROTOOPT


def put(endpoint, level, option, value):
    """Remember one option; *value* is an int or bytes. Raises OSError, TypeError."""
    if level not in LEVELS:
        raise failure(NO_SUCH_OPTION)
    if isinstance(value, int):
        if level == SOL_SOCKET and option in BUFFERS:
            value = max(LEAST_BUFFER, min(2 * value, MOST_BUFFER))
        endpoint.options[level, option] = value
    elif value is None or isinstance(value, (bytes, bytearray, memoryview)):
        endpoint.options[level, option] = bytes(value or b"")
    else:
        raise TypeError(f"a bytes-like object is required, not {type(value).__name__!r}")


def get(endpoint, level, option, length):
    """Return one option, as an int if *length* is 0, else as so many bytes. Raises OSError."""
    if level not in LEVELS:
        raise failure(errno.EOPNOTSUPP)
    value = _known(endpoint, level, option)
    if length:
        data = value if isinstance(value, bytes) else struct.pack("i", value)
        return data[:length].ljust(length, b"\0") if isinstance(value, bytes) else data[:length]
    if isinstance(value, bytes):
        return int.from_bytes(value[:4], "little", signed=True)
    return value


def _known(endpoint, level, option):
    if level == SOL_SOCKET:
        if option == _socket.SO_ERROR:
            return endpoint.take_error()
        if option == _socket.SO_PEERCRED:
            return struct.pack("3i", *home.ids)
        if option == _socket.SO_LINGER:
            return endpoint.options.get((level, option), b"\0" * 8)
        facts = {
            _socket.SO_TYPE: endpoint.kind,
            _socket.SO_DOMAIN: endpoint.family,
            _socket.SO_PROTOCOL: endpoint.proto,
            _socket.SO_ACCEPTCONN: int(endpoint.backlog is not None),
        }
        if option in facts:
            return facts[option]
        if option in BUFFERS and endpoint.kind == SOCK_DGRAM:
            return endpoint.options.get((level, option), DATAGRAM_BUFFER)
    elif option == getattr(_socket, "TCP_INFO", None) and level == _socket.IPPROTO_TCP:
        # tcpi_state: established, or closed.
        return bytes([1 if endpoint.kind == SOCK_STREAM and endpoint.stream else 7]) + b"\0" * 103
    return endpoint.options.get((level, option), DEFAULTS.get((level, option), 0))
