"""Sockets whose both ends are in this guest: pairs, loopback connections, and who listens where.

What is sent is there at once. A buffer that is full blocks its writer until the reader has read.
Read from Linux: net/unix/af_unix.c, net/ipv4/inet_connection_sock.c. Not modelled: a connection
from outside the guest (nobody there can), SO_REUSEPORT's sharing among listeners.
"""

from __future__ import annotations

import errno
from _socket import AF_UNIX
from _socket import IPPROTO_IPV6
from _socket import IPV6_V6ONLY
from _socket import SO_REUSEADDR
from _socket import SO_REUSEPORT
from _socket import SOL_SOCKET
from collections import deque

from guest.network import addresses
from guest.network.endpoint import Endpoint
from guest.network.endpoint import Stream
from guest.network.home import failure
from guest.network.home import home

UNIX_ROOM, LOOPBACK_ROOM = 212_992, 2_626_560
FIRST_PORT, LAST_PORT = 32768, 60999
"""Ports that the kernel gives away by itself (ip_local_port_range)."""

LOWEST_FREE_PORT = 1024


class LocalStream(Stream):
    """One of two ends; *other* is the stream at the far one, None once that has left."""

    def __init__(self, endpoint, limit):
        super().__init__(endpoint)
        self.other = None
        self.limit = limit
        self.aborted = False
        self._refused = False

    def room(self):
        if self.other is None:
            return self.limit
        return max(0, self.limit - len(self.other.data))

    def send(self, data):
        other = self.other
        if other is None or other.endpoint.deaf:
            self._send_in_vain()
            return
        other.data += data
        other.endpoint.changed()

    def _send_in_vain(self):
        # TCP learns of it by the reset that its first piece earns.
        if self._refused or self.endpoint.family == AF_UNIX:
            raise failure(errno.EPIPE)
        self._refused = True

    def took(self):
        if self.other is not None and self.other.endpoint.watchers:
            self.other.endpoint.changed()

    def finish(self):
        if self.other is not None:
            self.other.ended = True
            self.other.endpoint.changed()

    def close(self):
        other, self.other = self.other, None
        if other is None:
            return
        other.other = None
        other.ended = other.is_left = True
        if self.data or self.aborted:
            # What was sent and never read is a reset to the sender.
            other.endpoint.error = errno.ECONNRESET
        other.endpoint.changed()


def join(one, two):
    """Connect two endpoints with each other."""
    limit = UNIX_ROOM if one.family == AF_UNIX else LOOPBACK_ROOM
    one.stream, two.stream = LocalStream(one, limit), LocalStream(two, limit)
    one.stream.other, two.stream.other = two.stream, one.stream


class Backlog:
    """Connections to a listening endpoint that nobody has accepted yet."""

    def __init__(self, endpoint, limit):
        self.endpoint = endpoint
        self.limit = limit
        self.ready = deque()
        self.waiting = deque()

    def offer(self, client, reached):
        """Connect *client*, which has *reached* this address, or have it wait for room."""
        if len(self.ready) > self.limit:
            self.waiting.append((client, reached))
            client.stream = Waiting(client)
        else:
            self._connect(client, reached)

    def _connect(self, client, reached):
        listening = self.endpoint
        served = Endpoint(listening.family, listening.kind, listening.proto)
        if listening.family == AF_UNIX:
            served.local, served.peer = listening.local, client.local
        else:
            for name, host, port in (("local", *reached), ("peer", *client.local[:2])):
                plain = addresses.unmapped(host)
                setattr(served, name, addresses.name_of(listening.family, plain, port))
        join(client, served)
        self.ready.append(served)
        listening.changed()
        client.changed()

    def take(self):
        """Return the next connection; there is one."""
        served = self.ready.popleft()
        while self.waiting and len(self.ready) <= self.limit:
            client, reached = self.waiting.popleft()
            if client.stream is not None:
                self._connect(client, reached)
        return served

    def close(self):
        """Nobody will accept these any more."""
        names.leave(self.endpoint)
        for served in self.ready:
            served.stream.aborted = True
            served.stream.close()
        for client, _ in self.waiting:
            client.stream = None
            client.fail(errno.ECONNREFUSED)
        self.ready.clear()
        self.waiting.clear()
        self.endpoint.backlog = None
        self.endpoint.changed()


class Waiting(Stream):
    """A connection that the listener has no room for yet."""

    is_open = False

    def room(self):
        return 0

    def close(self):
        self.endpoint.stream = None


class Names:
    """Which endpoint has which port or name of this node."""

    def __init__(self):
        self._ports = {}
        self._unix = {}
        self._next = FIRST_PORT

    def bind(self, endpoint, host, port):
        """Give *endpoint* an address of this node; port 0 is any free one. Raises OSError."""
        if not addresses.is_local(host):
            raise failure(errno.EADDRNOTAVAIL)
        if 0 < port < LOWEST_FREE_PORT and home.ids[1] != 0:
            raise failure(errno.EACCES)
        port = port or self.free_port(endpoint.kind)
        taken = self._ports.setdefault((endpoint.kind, port), [])
        if any(self._clash(endpoint, host, other) for other in taken):
            raise failure(errno.EADDRINUSE)
        taken.append(endpoint)
        endpoint.local = addresses.name_of(endpoint.family, host, port)

    def _clash(self, endpoint, host, other):
        mine, theirs = addresses.unmapped(host), addresses.unmapped(other.local[0])
        everywhere = (addresses.ANY, addresses.ANY6)
        if mine != theirs and mine not in everywhere and theirs not in everywhere:
            return False
        if ":" in mine + theirs and (":" in mine) != (":" in theirs):
            six = endpoint if ":" in mine else other
            if six.options.get((IPPROTO_IPV6, IPV6_V6ONLY)):
                return False
        for option in (SO_REUSEADDR, SO_REUSEPORT):
            both = all(each.options.get((SOL_SOCKET, option)) for each in (endpoint, other))
            if both and (option == SO_REUSEPORT or other.backlog is None):
                return False
        return True

    def free_port(self, kind):
        """Return the next port that nobody has."""
        while True:
            port, self._next = self._next, self._next + 1
            if self._next > LAST_PORT:
                self._next = FIRST_PORT
            if not self._ports.get((kind, port)):
                return port

    def find(self, kind, host, port):
        """Return the endpoint that has *port* at the local address *host*, or None."""
        wildcard = None
        for each in self._ports.get((kind, port), ()):
            theirs = addresses.unmapped(each.local[0])
            if theirs == host:
                return each
            six_only = each.options.get((IPPROTO_IPV6, IPV6_V6ONLY))
            if (theirs == addresses.ANY6 and (":" in host or not six_only)) or (
                theirs == addresses.ANY and ":" not in host
            ):
                wildcard = each
        return wildcard

    def bind_unix(self, endpoint, name):
        """Give *endpoint* the name of a local socket. Raises OSError (EADDRINUSE)."""
        if name in self._unix:
            raise failure(errno.EADDRINUSE)
        self._unix[name] = endpoint

    def find_unix(self, name):
        """Return the endpoint of that name, or None."""
        return self._unix.get(name)

    def leave_unix(self, name):
        """The file of that name is another one by now."""
        self._unix.pop(name, None)

    def leave(self, endpoint):
        """Give back what *endpoint* was bound to."""
        if endpoint.family == AF_UNIX:
            for name in [name for name, each in self._unix.items() if each is endpoint]:
                del self._unix[name]
        elif endpoint.local:
            taken = self._ports.get((endpoint.kind, endpoint.local[1]), [])
            if endpoint in taken:
                taken.remove(endpoint)


names = Names()
