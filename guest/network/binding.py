"""From addresses to endpoints: what bind, listen, connect and accept do.

Read from Linux: net/ipv4/af_inet.c. Raw sockets and families other than internet and local ones
are refused, and told to the host.
"""

from __future__ import annotations

import _socket
import errno
from _socket import AF_INET
from _socket import AF_INET6
from _socket import AF_UNIX
from _socket import SOCK_DGRAM
from _socket import SOCK_SEQPACKET
from _socket import SOCK_STREAM

from guest.host import place
from guest.network import addresses
from guest.network import paths
from guest.network import resolver
from guest.network.connection import connections
from guest.network.datagrams import DatagramEndpoint
from guest.network.endpoint import Endpoint
from guest.network.home import failure
from guest.network.home import home
from guest.network.home import wait_until
from guest.network.local import Backlog
from guest.network.local import join
from guest.network.local import names
from guest.network.numbers import numbers

INTERNET = (AF_INET, AF_INET6)
PROTOCOLS = {SOCK_STREAM: _socket.IPPROTO_TCP, SOCK_DGRAM: _socket.IPPROTO_UDP}
LOCAL_KINDS = (SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET)


def open_endpoint(family, kind, proto):
    """Return a new endpoint. Raises OSError for what this node does not speak."""
    if family in INTERNET and kind in PROTOCOLS:
        if proto not in (0, PROTOCOLS[kind]):
            raise failure(errno.EPROTONOSUPPORT)
        make = Endpoint if kind == SOCK_STREAM else DatagramEndpoint
        return make(family, kind, PROTOCOLS[kind])
    if family == AF_UNIX and kind in LOCAL_KINDS:
        make = DatagramEndpoint if kind == SOCK_DGRAM else Endpoint
        return make(family, kind, 0)
    return _refuse(family, kind, proto)


def _refuse(family, kind, proto):
    target = f"socket.socket({int(family)}, {int(kind)}, {int(proto)})"
    home.host.note("refused", kind="socket", target=target, place=place(home.root))
    if family in (*INTERNET, AF_UNIX):
        raise failure(errno.EPERM if kind == _socket.SOCK_RAW else errno.EINVAL)
    raise failure(errno.EAFNOSUPPORT)


def make_pair(family, kind, proto):
    """Return two endpoints that are connected with each other. Raises OSError."""
    if family != AF_UNIX:
        raise failure(errno.EOPNOTSUPP if family in INTERNET else errno.EAFNOSUPPORT)
    one, two = open_endpoint(family, kind, proto), open_endpoint(family, kind, proto)
    if kind == SOCK_DGRAM:
        one.target, two.target = two, one
    else:
        join(one, two)
    one.local = one.peer = two.local = two.peer = ""
    return one, two


# -- bind, listen, accept


def bind(end, address):
    """Give *end* an address. Raises OSError."""
    if end.family == AF_UNIX:
        paths.bind(end, addresses.read_unix(address))
        return
    host, port = addresses.read(end.family, address, "bind", resolver.to_address)
    if end.local is not None:
        raise failure(errno.EINVAL)
    names.bind(end, host, port)


def listen(end, limit):
    """Have *end* take connections. Raises OSError."""
    if end.inbox is not None:
        raise failure(errno.EOPNOTSUPP)
    if end.stream is not None:
        raise failure(errno.EINVAL)
    if end.local is None:
        if end.family == AF_UNIX:
            raise failure(errno.EINVAL)
        names.bind(end, addresses.ANY if end.family == AF_INET else addresses.ANY6, 0)
    if end.backlog is None:
        end.backlog = Backlog(end, max(limit, 0))
        if end.family != AF_UNIX and not addresses.is_loopback(end.local[0]):
            text = f"{end.local[0]} port {end.local[1]}: nobody outside of the pilot can connect"
            home.host.note("note", kind="listen", text=text, place=place(home.root))
    end.backlog.limit = max(limit, 0)


def accept(end, timeout):
    """Return (number, address) of the next connection. Raises OSError or TimedOut."""
    if end.backlog is None:
        raise failure(errno.EINVAL)
    if not end.backlog.ready:
        if timeout == 0:
            raise failure(errno.EAGAIN)
        wait_until(end.watchers, lambda: end.backlog is None or end.backlog.ready, timeout)
        if end.backlog is None:
            raise failure(errno.EINVAL)
    served = end.backlog.take()
    return numbers.open(served), served.peer or ""


# -- connect


def connect(end, address, timeout):
    """Connect *end*, within *timeout* seconds. Raises OSError or TimedOut."""
    if end.family == AF_UNIX:
        name = addresses.read_unix(address)
        _connect_unix(end, paths.find(name), addresses.shown_unix(name), timeout)
        return
    host, port = addresses.read(end.family, address, "connect", resolver.to_address)
    if end.inbox is not None:
        _aim(end, host, port)
        return
    if _is_done(end):
        return
    end.peer = addresses.name_of(end.family, host, port)
    _have_port(end, host)
    plain = addresses.unmapped(host)
    if addresses.is_local(plain):
        _connect_here(end, plain, port)
    else:
        end.stream = connections.begin(end, plain, port)
    _wait_for_connection(end, timeout)


def _is_done(end):
    """Tell whether there is a connection that its program was not told of; raises OSError."""
    if end.error:
        raise failure(end.take_error())
    if end.backlog is not None:
        raise failure(errno.EISCONN)
    if end.stream is None:
        return False
    if not end.stream.is_open:
        raise failure(errno.EALREADY)
    if not end.fresh:
        raise failure(errno.EISCONN)
    end.fresh = False
    return True


def _have_port(end, host):
    source = addresses.source_for(host)
    port = end.local[1] if end.local else names.free_port(end.kind)
    if end.local is None or end.local[0] in (addresses.ANY, addresses.ANY6):
        end.local = addresses.name_of(end.family, source, port)


def _connect_here(end, host, port):
    if host == addresses.ANY:
        host = addresses.LOOPBACK
    found = names.find(end.kind, "::1" if host == addresses.ANY6 else host, port)
    if found is None or found.backlog is None:
        end.peer = None
        end.error = errno.ECONNREFUSED
    else:
        found.backlog.offer(end, (host, port))


def _wait_for_connection(end, timeout):
    if timeout == 0:
        end.fresh = True
        raise failure(errno.EINPROGRESS)
    wait_until(end.watchers, lambda: end.stream is None or end.stream.is_open, timeout)
    if end.stream is None:
        raise failure(end.take_error() or errno.ECONNREFUSED)


def _connect_unix(end, found, address, timeout):
    if end.kind != found.kind:
        raise failure(errno.EPROTOTYPE)
    if end.inbox is not None:
        end.target, end.peer = found, address
        return
    if _is_done(end):
        return
    if found.backlog is None:
        raise failure(errno.ECONNREFUSED)
    end.local, end.peer = end.local or "", address
    found.backlog.offer(end, address)
    if not end.stream.is_open:
        if timeout == 0:
            found.backlog.waiting.remove((end, address))
            end.stream = None
            raise failure(errno.EAGAIN)
        _wait_for_connection(end, timeout)


# -- datagrams


def _aim(end, host, port):
    """Connect a datagram socket: from now on it sends to, and hears of, that address only."""
    if end.local is None:
        names.bind(end, addresses.source_for(host), 0)
    end.target = (host, port)
    end.peer = addresses.name_of(end.family, host, port)


def target_of(end, address, what):
    """Return what a datagram for *address* is sent to. Raises OSError."""
    if end.family == AF_UNIX:
        return paths.find(addresses.read_unix(address))
    host, port = addresses.read(end.family, address, what, resolver.to_address)
    if end.local is None:
        names.bind(end, addresses.ANY if end.family == AF_INET else addresses.ANY6, 0)
    return host, port
