"""``socket`` on the simulated network: stream sockets whose other end is in the host.

A connection is asked of the host, what is sent is told to it, and what arrives is delivered
as items at their own time; time-outs are the strand's own. UDP sockets connect to anywhere
and send nowhere. Not modelled: listening, socket pairs, options (accepted and forgotten).
Read from CPython 3.11 Lib/socket.py.
"""

from __future__ import annotations

import errno
import io
import os
import socket as real

from guest.host import Refused
from guest.host import place


class Connection:
    """The guest's end of one connection; the host feeds it."""

    def __init__(self, hub, number):
        self._hub = hub
        self.number = number
        self._data = bytearray()
        self._ended = False
        self._error = None
        self._waiters = []

    def take(self, item):
        """Take what the host delivers: data, the end of the stream, or an error."""
        self._data += item.get("data", "").encode("latin-1")
        self._ended = self._ended or bool(item.get("end"))
        if "error" in item:
            self._error = item["error"]
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            self._hub.wake(waiter, True)

    def is_ready(self):
        """Tell whether a read would not block."""
        return bool(self._data) or self._ended or self._error is not None

    def read(self, size, timeout):
        """Return at most *size* bytes, b"" at the end; raises OSError or TimeoutError."""
        while not self._data:
            if self._error is not None:
                raise OSError(*self._error)
            if self._ended:
                return b""
            waiter = self._hub.waiter()
            self._waiters.append(waiter)
            if self._hub.wait(waiter, timeout) is None and not self.is_ready():
                raise TimeoutError("timed out")
        taken = bytes(self._data[:size])
        del self._data[:size]
        return taken


def make_socket(hub, host, root, facts):
    """Return the socket class of this guest and the table of its open descriptors."""
    connections = {}
    default = [None]
    counter = [200_000]

    def take(item):
        connection = connections.get(item["key"])
        if connection is not None:
            connection.take(item)

    host.takers["conn"] = take

    def raise_error(refusal):
        if refusal.number == -1:
            raise real.gaierror(real.EAI_NONAME, refusal.text) from None
        raise OSError(refusal.number, refusal.text) from None

    class Socket:
        """One socket of the simulated node."""

        def __init__(self, family=real.AF_INET, type=real.SOCK_STREAM, proto=0, fileno=None):
            if fileno is not None:
                raise OSError(errno.EBADF, "sockets cannot be made from descriptors here")
            counter[0] += 1
            self._number = counter[0]
            self.family = real.AF_INET if family == -1 else family
            self.type = real.SOCK_STREAM if type == -1 else type
            self.proto = max(proto, 0)
            self._timeout = default[0]
            self._connection = None
            self._peer = None
            self._io_refs = 0
            self._closed = False

        def connect(self, address):
            self._peer = tuple(address[:2])
            if self.type & 0xF != real.SOCK_STREAM:
                return
            key, waiter = None, None
            try:
                key, waiter = host.begin(
                    "connect", host=address[0], port=int(address[1]), place=place(root)
                )
                number = host.finish(key, waiter, self._timeout)
            except Refused as refusal:
                raise_error(refusal)
            self._connection = connections[f"conn-{number}"] = Connection(hub, number)
            open_numbers[self._number] = self._connection

        def connect_ex(self, address):
            try:
                self.connect(address)
            except OSError as error:
                return error.errno or errno.EAGAIN
            return 0

        def sendall(self, data, flags=0):
            if self._connection is None:
                raise OSError(errno.ENOTCONN, os.strerror(errno.ENOTCONN))
            if self._connection._error is not None:
                raise OSError(*self._connection._error)
            host.note("send", conn=self._connection.number, data=bytes(data).decode("latin-1"))

        def send(self, data, flags=0):
            if self.type & 0xF != real.SOCK_STREAM:
                raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))
            self.sendall(data)
            return len(data)

        def sendto(self, data, *where):
            raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))

        def recv(self, size, flags=0):
            if self._connection is None:
                raise OSError(errno.ENOTCONN, os.strerror(errno.ENOTCONN))
            if self._timeout == 0 and not self._connection.is_ready():
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
            return self._connection.read(size, self._timeout)

        def recv_into(self, buffer, nbytes=0, flags=0):
            data = self.recv(nbytes or len(buffer))
            buffer[: len(data)] = data
            return len(data)

        def makefile(self, mode="r", buffering=None, *, encoding=None, errors=None, newline=None):
            self._io_refs += 1
            raw = real.SocketIO(self, "".join(c for c in mode if c in "rw"))
            if buffering == 0:
                return raw
            buffered = io.BufferedReader(raw) if "w" not in mode else io.BufferedRWPair(raw, raw)
            if "b" in mode:
                return buffered
            return io.TextIOWrapper(buffered, encoding, errors, newline)

        def _decref_socketios(self):
            self._io_refs = max(self._io_refs - 1, 0)
            if self._closed and not self._io_refs:
                self._really_close()

        def close(self):
            self._closed = True
            if not self._io_refs:
                self._really_close()

        def _really_close(self):
            open_numbers.pop(self._number, None)
            if self._connection is not None:
                connections.pop(f"conn-{self._connection.number}", None)
                host.note("close", conn=self._connection.number)
                self._connection = None

        def shutdown(self, how):
            if self._connection is None:
                raise OSError(errno.ENOTCONN, os.strerror(errno.ENOTCONN))

        def detach(self):
            number, self._closed = self._number, True
            return number

        def settimeout(self, seconds):
            self._timeout = seconds

        def gettimeout(self):
            return self._timeout

        @property
        def timeout(self):
            return self._timeout

        def setblocking(self, flag):
            self._timeout = None if flag else 0.0

        def getblocking(self):
            return self._timeout != 0

        def setsockopt(self, *args):
            pass

        def getsockopt(self, *args):
            return 0

        def fileno(self):
            return -1 if self._closed else self._number

        def getpeername(self):
            if self._peer is None:
                raise OSError(errno.ENOTCONN, os.strerror(errno.ENOTCONN))
            return self._peer

        def getsockname(self):
            return (facts["address"] if self._peer else "0.0.0.0", 40000 + self._number % 20000)

        def bind(self, address):
            host.note("refused", kind="listen", target=f"{address!r}", place=place(root))
            raise OSError(errno.EACCES, "the simulated node has no listening sockets")

        listen = accept = bind

        def __enter__(self):
            return self

        def __exit__(self, *exc_info):
            self.close()

    open_numbers = {}
    _install_functions(host, root, facts, Socket, default, raise_error)
    return Socket, open_numbers


def is_address(name):
    """Tell whether *name* is an IPv4 or IPv6 address, which stands for itself."""
    for family in (real.AF_INET, real.AF_INET6):
        try:
            real.inet_pton(family, name)
        except OSError:
            continue
        return True
    return False


def _install_functions(host, root, facts, socket_class, default, raise_error):
    def resolve(name):
        if name in ("", None, "localhost", "127.0.0.1", "::1"):
            return "127.0.0.1"
        if is_address(name):
            return name
        try:
            return host.call("resolve", name=name)
        except Refused as refusal:
            raise_error(refusal)

    def getaddrinfo(name, port, family=0, type=0, proto=0, flags=0):
        name = name.decode() if isinstance(name, bytes) else name
        if family == real.AF_INET6:
            raise real.gaierror(real.EAI_NONAME, "Name or service not known")
        address = (resolve(name), int(port or 0))
        kinds = [type] if type else [real.SOCK_STREAM, real.SOCK_DGRAM]
        return [(real.AF_INET, kind, proto, "", address) for kind in kinds]

    def gethostbyaddr(address):
        return facts["hostname"], [], [facts["address"]]

    def refuse(*args, **kwargs):
        host.note("refused", kind="socketpair", target="socket.socketpair", place=place(root))
        raise OSError(errno.EACCES, "socket pairs are not simulated")

    def setdefaulttimeout(seconds):
        default[0] = seconds

    real.socket = real.SocketType = socket_class
    real.getaddrinfo = getaddrinfo
    real.gethostbyname = resolve
    real.gethostbyname_ex = lambda name: (name, [], [resolve(name)])
    real.gethostbyaddr = gethostbyaddr
    real.gethostname = lambda: facts["hostname"]
    real.getfqdn = lambda name="": name or facts["hostname"]
    real.getdefaulttimeout = lambda: default[0]
    real.setdefaulttimeout = setdefaulttimeout
    real.socketpair = real.fromfd = real.create_server = refuse
