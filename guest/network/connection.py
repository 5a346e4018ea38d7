"""Connections to the world: streams whose other end is in the host.

A connection is asked for by a note and opens, or fails, when the host says so; what is sent is
told to it; what arrives is delivered as items at their own time. The send buffer fills at once
and drains at the speed of the path, which the host gives: nothing is asked while it drains.

    guest -> host   connect {conn, host, port, place} · send {conn, data} · shut {conn} · close {conn}
    host -> guest   {"key": "conn-N", "open": [bytes a second, round trip in s, own address]}
                    {"key": "conn-N", "data": text, "end": true} · {"key": "conn-N", "error": errno}

Not modelled: TCP's own time-outs and windows (a failure that takes its time is the world's), the
end of an idle connection, a service that reads by fits and starts.
"""

from __future__ import annotations

import errno
import math
from _socket import SO_SNDBUF
from _socket import SOL_SOCKET

from guest.host import place
from guest.network.addresses import name_of
from guest.network.endpoint import Stream
from guest.network.home import failure
from guest.network.home import home

SEND_ROOM = 2_626_560
"""Bytes that a TCP socket takes before its peer has acknowledged any (Linux, tuned by itself)."""
FULL = 2 / 3


class Connections:
    """Every connection of this guest to the world, by the number that the host knows it by."""

    def __init__(self):
        self._streams = {}
        self._count = 0

    def begin(self, endpoint, host, port):
        """Have the host connect *endpoint* to *host* (an address), and return its stream."""
        self._count += 1
        stream = self._streams[self._count] = WorldStream(endpoint, self._count)
        home.host.note("connect", conn=self._count, host=host, port=port, place=place(home.root))
        return stream

    def forget(self, number):
        """The program has left this connection."""
        if self._streams.pop(number, None) is not None:
            home.host.note("close", conn=number)

    def drop(self, number):
        """The host has left this connection, or never made it."""
        self._streams.pop(number, None)

    def take(self, item):
        """Take what the host delivers for one connection."""
        stream = self._streams.get(int(item["key"][5:]))
        if stream is not None:
            stream.take(item)


connections = Connections()


class WorldStream(Stream):
    """The near end of one connection to the world."""

    is_open = False

    def __init__(self, endpoint, number):
        super().__init__(endpoint)
        self.number = number
        self.rate = math.inf
        self.round_trip_s = 0.0
        self._fill = 0.0
        self._since = 0.0
        self._dead_at = None

    def take(self, item):
        """Take one item of the host's."""
        endpoint = self.endpoint
        if "open" in item:
            self.rate, self.round_trip_s, own = item["open"]
            self.rate = math.inf if self.rate is None else self.rate
            endpoint.local = name_of(endpoint.family, own, endpoint.local[1])
            self.is_open = True
        data = item.get("data")
        if data and not endpoint.deaf:
            self.data += data.encode("latin-1")
        if item.get("end"):
            self.ended = True
        if "error" in item:
            self._fail(item["error"])
        endpoint.changed()

    def _fail(self, number):
        connections.drop(self.number)
        self.endpoint.error = number
        if not self.is_open:
            self.endpoint.stream = self.endpoint.peer = None
        self.ended = True
        self._dead_at = -1.0

    def room(self):
        limit = self._limit()
        if self._fill:
            now = home.hub.now
            self._fill = max(0.0, self._fill - (now - self._since) * self.rate)
            self._since = now
        # Like a kernel's, not for the sake of a byte: a third has to be free again.
        return limit - math.ceil(self._fill) if self._fill <= limit * FULL else 0

    def room_at(self):
        if not self._fill or not self.rate:
            return None
        return home.hub.now + max(0.0, self._fill - self._limit() * FULL) / self.rate

    def _limit(self):
        return self.endpoint.options.get((SOL_SOCKET, SO_SNDBUF), SEND_ROOM)

    def send(self, data):
        now = home.hub.now
        if self.ended:
            self._send_in_vain(now)
            return
        if not self._fill:
            self._since = now
        self._fill += len(data) if self.rate != math.inf else 0
        home.host.note("send", conn=self.number, data=str(data, "latin-1"))

    def _send_in_vain(self, now):
        """The peer has closed: the first piece goes out, and its reset comes a round trip later."""
        if self._dead_at is None:
            self._dead_at = now + self.round_trip_s
        elif now >= self._dead_at:
            raise failure(errno.EPIPE)

    def finish(self):
        if not self.ended:
            home.host.note("shut", conn=self.number)

    def close(self):
        connections.forget(self.number)
