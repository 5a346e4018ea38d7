"""One open socket: what all of its descriptors and handles share.

An endpoint is unconnected, listens, or has a *stream* (a connection to the world, or to another
endpoint of this guest) or an *inbox* (datagrams). Order of what a reader meets, as in Linux
(net/ipv4/tcp.c, tcp_recvmsg): data, then the error (once), then the end.
"""

from __future__ import annotations

import errno
from _socket import AF_UNIX
from _socket import MSG_DONTWAIT
from _socket import MSG_PEEK
from _socket import MSG_WAITALL
from _socket import SHUT_RD
from _socket import SHUT_RDWR
from _socket import SHUT_WR
from _socket import SOCK_STREAM
from select import POLLERR
from select import POLLHUP
from select import POLLIN
from select import POLLOUT
from select import POLLRDHUP

from guest.network.home import TimedOut
from guest.network.home import failure
from guest.network.home import home
from guest.network.home import wait_until


class Stream:
    """The near end of a connected stream of bytes: what came in and was not read yet."""

    # Connections to the world may not be open yet; two ends in one guest are so at once.
    is_open = True
    is_left = False

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.data = bytearray()
        self.ended = False

    def took(self):
        """Some of the data was read: whoever sends may go on."""

    def room(self):
        """Return how many bytes may be sent without waiting; 0 for none now."""
        raise NotImplementedError

    def room_at(self):
        """Return when there will be room by itself, or None if somebody has to make it."""

    def send(self, data):
        """Send *data*, for which there is room; raises OSError (EPIPE)."""
        raise NotImplementedError

    def finish(self):
        """Say that nothing more will be sent."""

    def close(self):
        """Leave the connection."""


class Endpoint:
    """One open socket. *refs* counts its descriptors; *changes* what happened to it."""

    def __init__(self, family, kind, proto):
        self.family = family
        self.kind = kind
        self.proto = proto
        self.options = {}
        self.blocking = True
        self.local = None
        self.peer = None
        self.error = 0
        self.stream = None
        self.backlog = None
        self.inbox = None
        self.fresh = False
        self.deaf = self.mute = False
        self.watchers = []
        self.changes = 0
        self.refs = 0

    def changed(self):
        """Wake everybody who waits for this socket; they look for themselves."""
        self.changes += 1
        if self.watchers:
            watchers, self.watchers[:] = self.watchers[:], []
            wake = home.hub.wake
            for waiter in watchers:
                wake(waiter, True)

    def fail(self, number):
        """Note a pending error (SO_ERROR) and wake whoever waits."""
        self.error = number
        self.changed()

    def take_error(self):
        """Return the pending error, and forget it."""
        number, self.error = self.error, 0
        return number

    # -- readiness

    def is_readable(self):
        """Tell whether a read, or an accept, would not block."""
        stream = self.stream
        if stream is not None:
            return bool(stream.data) or stream.ended or self.deaf or self.error != 0
        if self.backlog is not None:
            return bool(self.backlog.ready)
        if self.inbox is not None:
            return bool(self.inbox) or self.deaf or self.error != 0
        return True

    def is_writable(self):
        """Tell whether a write would not block; an error counts."""
        stream = self.stream
        if stream is None:
            return self.backlog is None
        if self.error or self.mute:
            return True
        return stream.is_open and stream.room() > 0

    def poll_mask(self):
        """Return what poll(2) says of this socket."""
        stream = self.stream
        if stream is None:
            if self.inbox is not None or self.backlog is not None:
                mask = POLLIN if self.is_readable() else 0
                return mask | (POLLOUT if self.is_writable() else 0) | (POLLERR * bool(self.error))
            return POLLOUT | POLLHUP | (POLLERR | POLLIN) * bool(self.error)
        mask = (POLLIN if self.is_readable() else 0) | (POLLOUT if self.is_writable() else 0)
        if self.error:
            mask |= POLLERR | POLLHUP
        if stream.ended or self.deaf:
            mask |= POLLRDHUP
            if self.mute or (stream.is_left and self.family == AF_UNIX):
                mask |= POLLHUP
        return mask

    def ready_at(self):
        """Return when this socket becomes writable by itself, or None."""
        return self.stream.room_at() if self.stream is not None else None

    # -- streams

    def receive(self, size, flags, timeout):
        """Return at most *size* bytes, b"" at the end. Raises OSError or TimedOut."""
        stream = self.stream
        if stream is None:
            raise failure(self.take_error() or errno.ENOTCONN)
        if flags & MSG_WAITALL and not flags & MSG_PEEK:
            return self._receive_all(size, flags & ~MSG_WAITALL, timeout)
        if not stream.data:
            if not self._wait(self.is_readable, 0 if flags & MSG_DONTWAIT else timeout):
                raise failure(errno.EAGAIN)
            if not stream.data:
                if self.error:
                    raise failure(self.take_error())
                return b""
        data = bytes(stream.data[:size])
        if not flags & MSG_PEEK:
            del stream.data[:size]
            stream.took()
        return data

    def _receive_all(self, size, flags, timeout):
        parts, left = [], size
        while left:
            part = self.receive(left, flags, timeout)
            if not part:
                break
            parts.append(part)
            left -= len(part)
        return b"".join(parts)

    def send(self, data, flags, timeout):
        """Send *data*, or what there is room for unless *timeout* is None; return how much."""
        sent, view = 0, memoryview(data).cast("B")
        while True:
            stream = self._stream_out()
            room = stream.room() if stream.is_open else 0
            if not room and not self._wait(self.is_writable, self._patience(flags, timeout), True):
                raise failure(errno.EAGAIN)
            if room:
                piece = view[sent : sent + room]
                stream.send(piece)
                sent += len(piece)
                if sent >= len(view) or timeout is not None or flags & MSG_DONTWAIT:
                    return sent

    def send_all(self, data, flags, timeout):
        """Send all of *data* within *timeout* seconds."""
        view = memoryview(data).cast("B")
        deadline = home.hub.now + timeout if timeout else None
        left = timeout
        while True:
            view = view[self.send(view, flags, left) :]
            if not view:
                return
            if deadline is not None:
                left = deadline - home.hub.now
                if left <= 0:
                    raise TimedOut("timed out")

    def _stream_out(self):
        if self.error:
            raise failure(self.take_error())
        if self.stream is None or self.mute:
            raise failure(errno.EPIPE if self.kind == SOCK_STREAM else errno.ENOTCONN)
        return self.stream

    def _patience(self, flags, timeout):
        return 0 if flags & MSG_DONTWAIT else timeout

    def _wait(self, ready, timeout, writing=False):
        """Wait for *ready*; return False, at once, if *timeout* is 0 and it is not."""
        if timeout == 0:
            return ready()
        wait_until(self.watchers, ready, timeout, again_at=self.ready_at if writing else None)
        return True

    def shut(self, how):
        """Shut down one way or both (``SHUT_RD`` …). Raises OSError."""
        if self.backlog is not None:
            self.backlog.close()
            return
        if self.stream is None or not self.stream.is_open:
            raise failure(errno.ENOTCONN)
        if how in (SHUT_RD, SHUT_RDWR):
            self.deaf = True
        if how in (SHUT_WR, SHUT_RDWR) and not self.mute:
            self.mute = True
            self.stream.finish()
        self.changed()

    def release(self):
        """The last descriptor was closed."""
        if self.stream is not None:
            self.stream.close()
        if self.backlog is not None:
            self.backlog.close()
