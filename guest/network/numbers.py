"""Numbers of open sockets: what ``fileno`` returns, and ``os`` and ``fcntl`` take.

They begin far above those of the interpreter's real files, so that one look tells them apart;
``os.read`` and its like work on either. The lowest free number is given, as by a kernel, and
no more than OPEN_MAX of them.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat

from guest.network.home import OPEN_MAX
from guest.network.home import failure

FIRST_NUMBER = 200_000
MODE = stat.S_IFSOCK | 0o777


class Numbers:
    """Open endpoints by number."""

    def __init__(self):
        self.table = {}
        self.before_open = []
        self._inherited = set()

    def open(self, endpoint):
        """Return a new number of *endpoint*. Raises OSError (EMFILE)."""
        for prepare in self.before_open:
            prepare()
        table = self.table
        if len(table) >= OPEN_MAX:
            raise failure(errno.EMFILE)
        number = FIRST_NUMBER + len(table)
        if number in table:
            number = next(n for n in range(FIRST_NUMBER, number) if n not in table)
        table[number] = endpoint
        endpoint.refs += 1
        return number

    def get(self, number):
        """Return the endpoint of *number*. Raises OSError (EBADF)."""
        endpoint = self.table.get(number)
        if endpoint is None:
            raise failure(errno.EBADF)
        return endpoint

    def dup(self, number):
        """Return another number of the same endpoint. Raises OSError."""
        return self.open(self.get(number))

    def close(self, number):
        """Give *number* back; the last one of an endpoint closes it. Raises OSError (EBADF)."""
        endpoint = self.get(number)
        del self.table[number]
        self._inherited.discard(number)
        endpoint.refs -= 1
        if not endpoint.refs:
            endpoint.release()

    def patience(self, number):
        """Return how long a plain read or write of *number* may wait."""
        return None if self.get(number).blocking else 0

    # -- os, for our numbers

    def read(self, number, size):
        return self.get(number).receive(size, 0, self.patience(number))

    def write(self, number, data):
        return self.get(number).send(data, 0, self.patience(number))

    def fstat(self, number):
        self.get(number)
        return os.stat_result((MODE, number, 8, 1, 0, 0, 0, 0, 0, 0))

    def set_blocking(self, number, flag):
        self.get(number).blocking = bool(flag)

    def get_blocking(self, number):
        return self.get(number).blocking

    def set_inheritable(self, number, flag):
        self.get(number)
        (self._inherited.add if flag else self._inherited.discard)(number)

    def get_inheritable(self, number):
        self.get(number)
        return number in self._inherited

    def isatty(self, number):
        return False

    def lseek(self, number, *args):
        raise failure(errno.ESPIPE)

    def fcntl(self, number, command, argument=0):
        """``fcntl.fcntl`` as far as programs use it on sockets."""
        if command == fcntl.F_GETFL:
            return os.O_RDWR | (0 if self.get_blocking(number) else os.O_NONBLOCK)
        if command == fcntl.F_SETFL:
            self.set_blocking(number, not argument & os.O_NONBLOCK)
            return 0
        if command == fcntl.F_GETFD:
            return 0 if self.get_inheritable(number) else fcntl.FD_CLOEXEC
        if command == fcntl.F_SETFD:
            self.set_inheritable(number, not argument & fcntl.FD_CLOEXEC)
            return 0
        if command in (fcntl.F_DUPFD, fcntl.F_DUPFD_CLOEXEC):
            return self.dup(number)
        raise failure(errno.EINVAL)


numbers = Numbers()

OF_OS = (
    "read",
    "write",
    "close",
    "dup",
    "fstat",
    "set_blocking",
    "get_blocking",
    "set_inheritable",
    "get_inheritable",
    "isatty",
    "lseek",
)


def either(true, ours):
    """Return a function that calls *ours* for numbers of sockets and *true* for all others."""
    table = numbers.table

    def call(fd, *args, **kwargs):
        if fd in table:
            return ours(fd, *args, **kwargs)
        return true(fd, *args, **kwargs)

    call.__name__ = getattr(true, "__name__", "call")
    return call


def install():
    """Let ``os`` and ``fcntl`` take the numbers of sockets."""
    for name in OF_OS:
        setattr(os, name, either(getattr(os, name), getattr(numbers, name)))
    by_number = either(fcntl.fcntl, numbers.fcntl)
    fcntl.fcntl = lambda fd, *args: by_number(fd if isinstance(fd, int) else fd.fileno(), *args)
