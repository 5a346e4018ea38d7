"""``_socket.socket``: a handle on an endpoint, with a time-out of its own.

``Lib/socket.py`` is built on it unchanged: makefile, accept, dup, create_connection and the rest
are CPython's. Read from CPython 3.11: Modules/socketmodule.c.
"""

from __future__ import annotations

import _socket
import errno
import warnings
from _socket import AF_INET
from _socket import AF_INET6
from _socket import AF_UNIX
from _socket import MSG_PEEK
from _socket import SOCK_STREAM

from guest.network import options
from guest.network.binding import accept
from guest.network.binding import bind
from guest.network.binding import connect
from guest.network.binding import listen
from guest.network.binding import open_endpoint
from guest.network.binding import target_of
from guest.network.home import failure
from guest.network.home import home
from guest.network.home import no_integer
from guest.network.numbers import numbers
from guest.network.sweeper import sweeper

FLAGS = _socket.SOCK_NONBLOCK | _socket.SOCK_CLOEXEC


class Socket:
    """What ``_socket.socket`` is in a guest."""

    __slots__ = ("_end", "_family", "_number", "_proto", "_timeout", "_type")

    def __new__(cls, *args, **kwargs):
        self = object.__new__(cls)
        self._number = -1
        self._end = self._timeout = None
        self._family = self._type = self._proto = 0
        return self

    @property
    def family(self):
        return self._family

    @property
    def type(self):
        return self._type

    @property
    def proto(self):
        return self._proto

    def __init__(self, family=-1, type=-1, proto=-1, fileno=None):
        if fileno is not None:
            self._adopt(fileno, family, type, proto)
            return
        family = AF_INET if family == -1 else int(family)
        type = SOCK_STREAM if type == -1 else int(type)
        end = open_endpoint(family, type & ~FLAGS, max(int(proto), 0))
        self._attach(numbers.open(end), end)
        self._proto = max(int(proto), 0)
        if type & _socket.SOCK_NONBLOCK:
            self.settimeout(0.0)
        elif home.default_timeout is not None:
            self.settimeout(home.default_timeout)

    def _adopt(self, number, family, type, proto):
        if isinstance(number, float):
            raise TypeError("integer argument expected, got float")
        if number < 0:
            raise ValueError("negative file descriptor")
        self._attach(number, numbers.get(number))
        self._family = self._family if family == -1 else int(family)
        self._type = self._type if type == -1 else int(type)
        self._proto = self._proto if proto == -1 else int(proto)
        if home.default_timeout is not None:
            self.settimeout(home.default_timeout)

    def _attach(self, number, end):
        self._number, self._end = number, end
        self._family, self._type, self._proto = end.family, end.kind, end.proto

    def _open(self):
        end = self._end
        if end is None or not end.refs:
            raise failure(errno.EBADF)
        return end

    # -- life

    def fileno(self):
        return self._number

    def close(self):
        number, self._number, self._end = self._number, -1, None
        if number != -1 and number in numbers.table:
            numbers.close(number)

    def detach(self):
        number, self._number, self._end = self._number, -1, None
        return number

    def __del__(self):
        if self._number != -1 and self._end is not None:
            if home.hub is not None and home.hub.over is None:
                warnings.warn(f"unclosed {self!r}", ResourceWarning, stacklevel=2)
            sweeper.leave(self._number, self._end)

    def __repr__(self):
        return (
            f"<socket object, fd={self._number}, family={self.family}, type={self.type}, "
            f"proto={self.proto}>"
        )

    # -- time-outs

    def settimeout(self, seconds):
        if seconds is not None:
            if not isinstance(seconds, (int, float)) and not hasattr(seconds, "__index__"):
                raise no_integer(seconds)
            seconds = float(seconds)
            if not seconds >= 0:
                raise ValueError("Timeout value out of range")
        self._timeout = seconds
        if self._end is not None:
            self._end.blocking = seconds is None

    def gettimeout(self):
        return self._timeout

    @property
    def timeout(self):
        return self._timeout

    def setblocking(self, flag):
        self.settimeout(None if flag else 0.0)

    def getblocking(self):
        return self._timeout != 0

    # -- addresses

    def bind(self, address):
        bind(self._open(), address)

    def connect(self, address):
        connect(self._open(), address, self._timeout)

    def connect_ex(self, address):
        try:
            connect(self._open(), address, self._timeout)
        except _socket.timeout:
            return errno.EAGAIN
        except OSError as error:
            if error.errno is None or error.errno < 0:
                raise
            return error.errno
        return 0

    def listen(self, backlog=128):
        listen(self._open(), backlog)

    def _accept(self):
        return accept(self._open(), self._timeout)

    def getsockname(self):
        end = self._open()
        if end.local is None:
            return _nowhere(end.family)
        return end.local

    def getpeername(self):
        end = self._open()
        if end.peer is None or (end.stream is not None and not end.stream.is_open):
            raise failure(errno.ENOTCONN)
        return end.peer

    # -- data

    def recv(self, size, flags=0):
        end = self._open()
        if size < 0:
            raise ValueError("negative buffersize in recv")
        if end.inbox is None:
            return end.receive(size, flags, self._timeout)
        return end.receive_from(size, flags, self._timeout, flags & MSG_PEEK)[0]

    def recv_into(self, buffer, nbytes=0, flags=0):
        view = memoryview(buffer).cast("B")
        if nbytes < 0:
            raise ValueError("negative buffersize in recv_into")
        if nbytes > len(view):
            raise ValueError("buffer too small for requested bytes")
        data = Socket.recv(self, nbytes or len(view), flags)
        view[: len(data)] = data
        return len(data)

    def recvfrom(self, size, flags=0):
        end = self._open()
        if end.inbox is None:
            return end.receive(size, flags, self._timeout), None
        return end.receive_from(size, flags, self._timeout, flags & MSG_PEEK)

    def recvfrom_into(self, buffer, nbytes=0, flags=0):
        view = memoryview(buffer).cast("B")
        data, source = Socket.recvfrom(self, nbytes or len(view), flags)
        view[: len(data)] = data
        return len(data), source

    def recvmsg(self, bufsize, ancbufsize=0, flags=0):
        data, source = Socket.recvfrom(self, bufsize, flags)
        return data, [], 0, source

    def recvmsg_into(self, buffers, ancbufsize=0, flags=0):
        views = [memoryview(each).cast("B") for each in buffers]
        data, source = Socket.recvfrom(self, sum(map(len, views)), flags)
        rest = data
        for view in views:
            view[: len(rest[: len(view)])] = rest[: len(view)]
            rest = rest[len(view) :]
        return len(data), [], 0, source

    def send(self, data, flags=0):
        end = self._open()
        if end.inbox is None:
            return end.send(data, flags, self._timeout)
        if end.target is None:
            raise failure(errno.EDESTADDRREQ if end.family != AF_UNIX else errno.ENOTCONN)
        return end.send_to(data, end.target)

    def sendall(self, data, flags=0):
        end = self._open()
        if end.inbox is None:
            end.send_all(data, flags, self._timeout)
        else:
            Socket.send(self, data, flags)

    def sendto(self, data, flags_or_address, address=None):
        end = self._open()
        address = flags_or_address if address is None else address
        if end.inbox is None:
            return end.send(data, 0, self._timeout)
        return end.send_to(data, target_of(end, address, "sendto"))

    def sendmsg(self, buffers, ancdata=(), flags=0, address=None):
        data = b"".join(bytes(each) for each in buffers)
        if ancdata:
            raise failure(errno.EOPNOTSUPP)
        if address is not None:
            return Socket.sendto(self, data, address)
        return Socket.send(self, data, flags)

    def shutdown(self, how):
        self._open().shut(how)

    # -- options

    def setsockopt(self, level, option, value, length=None):
        options.put(self._open(), level, option, value)

    def getsockopt(self, level, option, length=0):
        return options.get(self._open(), level, option, length)


def _nowhere(family):
    if family == AF_UNIX:
        return ""
    return ("::", 0, 0, 0) if family == AF_INET6 else ("0.0.0.0", 0)
