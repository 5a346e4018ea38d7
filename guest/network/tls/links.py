"""What carries the records of TLS: a connected socket, or two buffers in memory."""

from __future__ import annotations

import weakref

from guest.network.home import TimedOut
from guest.network.home import home
from guest.network.tls import errors

PIECE = 1 << 16


class SocketLink:
    """Carries records over a connected socket, as patiently as the socket is."""

    def __init__(self, sock):
        self._sock = weakref.ref(sock)
        self._deadline = None
        self._unsent = b""

    def begin(self):
        """An operation begins: its time-out is that of the whole of it."""
        seconds = self._sock().gettimeout()
        self._deadline = home.hub.now + seconds if seconds else seconds

    def _left(self):
        if not self._deadline:
            return self._deadline
        return max(self._deadline - home.hub.now, 1e-6)

    def send(self, data, doing):
        """Send all of *data*, or what was left of it. Raises SSLWantWriteError, TimedOut, OSError.

        After SSLWantWriteError the same call has to be made again, as OpenSSL demands.
        """
        view = memoryview(self._unsent or data)
        end = self._sock()._end
        try:
            while view:
                view = view[end.send(view, 0, self._left()) :]
        except TimedOut:
            raise errors.timed_out(doing) from None
        except BlockingIOError:
            self._unsent = bytes(view)
            raise errors.want_write(doing) from None
        self._unsent = b""

    def receive(self, doing):
        """Return what came in, b"" at the end. Raises SSLWantReadError, TimedOut, OSError."""
        try:
            return self._sock()._end.receive(PIECE, 0, self._left())
        except TimedOut:
            raise errors.timed_out(doing) from None
        except BlockingIOError:
            raise errors.want_read(doing) from None


class BufferLink:
    """Carries records through the two ``ssl.MemoryBIO`` of an ``SSLObject``."""

    def __init__(self, incoming, outgoing):
        self._incoming = incoming
        self._outgoing = outgoing

    def begin(self):
        """Buffers have no time-outs."""

    def send(self, data, doing):
        """Append *data* to the outgoing buffer."""
        self._outgoing.write(data)

    def receive(self, doing):
        """Return what is in the incoming buffer. Raises SSLWantReadError."""
        data = self._incoming.read()
        if not data and not self._incoming.eof:
            raise errors.want_read(doing)
        return data
