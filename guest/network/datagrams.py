"""Datagrams: between the sockets of this guest, and to the world, where nothing comes of them.

What is sent to a host of the world is noted once for each target and is gone (a monitor that is
fed and forgotten: statsd, syslog); what is sent elsewhere is an escape. Nothing answers. Read
from Linux: net/ipv4/udp.c, net/unix/af_unix.c. Not modelled: lost datagrams, broadcast, groups.
"""

from __future__ import annotations

import errno
from _socket import AF_UNIX
from collections import deque

from guest.host import Refused
from guest.host import place
from guest.network import addresses
from guest.network.endpoint import Endpoint
from guest.network.home import failure
from guest.network.home import home
from guest.network.local import UNIX_ROOM
from guest.network.local import names

LONGEST = 65507
"""Bytes of the longest datagram."""


class Inbox:
    """Datagrams that came in and were not read: (data, from where)."""

    def __init__(self):
        self._items = deque()
        self._bytes = 0

    def __len__(self):
        return len(self._items)

    def put(self, data, source):
        """Take a datagram; return False if there is no room for it."""
        if self._bytes + len(data) > UNIX_ROOM:
            return False
        self._items.append((data, source))
        self._bytes += len(data)
        return True

    def first(self):
        """Return the oldest datagram and leave it."""
        return self._items[0]

    def take(self):
        """Return the oldest datagram."""
        item = self._items.popleft()
        self._bytes -= len(item[0])
        return item


class DatagramEndpoint(Endpoint):
    """An open datagram socket; *target* is the endpoint or the address that it is connected to."""

    def __init__(self, family, kind, proto):
        super().__init__(family, kind, proto)
        self.inbox = Inbox()
        self.target = None

    def receive_from(self, size, flags, timeout, peek):
        """Return (data, source) of one datagram. Raises OSError or TimedOut."""
        if not self.inbox:
            if not self._wait(self.is_readable, timeout):
                raise failure(errno.EAGAIN)
            if not self.inbox:
                if self.error:
                    raise failure(self.take_error())
                return b"", None
        data, source = self.inbox.first() if peek else self.inbox.take()
        return data[:size], source

    def send_to(self, data, target):
        """Send one datagram to *target*: an endpoint, (host, port), or None. Raises OSError."""
        data = bytes(data)
        if self.error:
            raise failure(self.take_error())
        if len(data) > LONGEST and self.family != AF_UNIX:
            raise failure(errno.EMSGSIZE)
        if isinstance(target, Endpoint):
            self._deliver(data, target, self.local)
        elif target is not None and addresses.is_local(target[0]):
            self._send_here(data, target)
        elif target is not None:
            send_away(data, target)
        return len(data)

    def _send_here(self, data, target):
        found = names.find(self.kind, addresses.unmapped(target[0]), target[1])
        if found is not None:
            source = addresses.unmapped(self.local[0])
            if source in (addresses.ANY, addresses.ANY6):
                source = addresses.source_for(target[0])
            self._deliver(data, found, addresses.name_of(found.family, source, self.local[1]))
        elif self.target is not None:
            # The answer to a datagram that nobody wants reaches the next call.
            self.error = errno.ECONNREFUSED

    def _deliver(self, data, target, source):
        if target.refs == 0:
            raise failure(errno.ECONNREFUSED)
        if target.target is not None and target.target is not self and self.family == AF_UNIX:
            raise failure(errno.EPERM)
        if target.inbox.put(data, source):
            target.changed()
        elif self.family == AF_UNIX:
            raise failure(errno.EAGAIN)

    def is_writable(self):
        """A datagram never waits for room: what does not fit is lost."""
        return True

    def release(self):
        names.leave(self)


_known = {}


def send_away(data, target):
    """Send a datagram to the world: noted once for each target, or an escape. Raises OSError."""
    host, port = addresses.unmapped(target[0]), target[1]
    if (host, port) not in _known:
        try:
            home.host.ask("datagram", host=host, port=port, size=len(data), place=place(home.root))
            _known[host, port] = 0
        except Refused as refusal:
            _known[host, port] = refusal.number
    if _known[host, port]:
        raise failure(_known[host, port])
