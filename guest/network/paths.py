"""Local sockets (AF_UNIX): names in the file system, below the root only, and abstract ones.

A bound name is a real file of the kind that sockets are, so that programs see and remove it; it
leads to an endpoint of this guest, or nowhere. Read from Linux: net/unix/af_unix.c. Not
modelled: boundaries of SOCK_SEQPACKET, abstract names that another guest could see.
"""

from __future__ import annotations

import errno
import os
import stat
from _socket import SOCK_SEQPACKET

from guest.host import place
from guest.network.home import failure
from guest.network.home import home
from guest.network.local import names


def bind(end, name):
    """Give *end* the name of a local socket. Raises OSError."""
    if end.local is not None:
        raise failure(errno.EINVAL)
    if name[:1] in (b"", b"\0"):
        name = name or b"\0%05x" % names.free_port(SOCK_SEQPACKET)
        names.bind_unix(end, name)
        end.local = name
        return
    path = os.path.abspath(name)
    if not _is_inside(path):
        home.host.note("escape", kind="write", target=os.fsdecode(path), place=place(home.root))
        raise failure(errno.EACCES)
    try:
        os.mknod(path, stat.S_IFSOCK | 0o777)
    except FileExistsError:
        raise failure(errno.EADDRINUSE) from None
    except OSError as error:
        raise failure(error.errno) from None
    names.leave_unix(path)
    names.bind_unix(end, path)
    end.local = os.fsdecode(name)


def _is_inside(path):
    folder = os.path.realpath(os.path.dirname(os.fsdecode(path)))
    return f"{folder}/".startswith(f"{home.root}/")


def find(name):
    """Return the endpoint of a local socket's name. Raises OSError."""
    if name[:1] == b"\0":
        found = names.find_unix(name)
    else:
        path = os.path.abspath(name)
        found = names.find_unix(path)
        if found is None and not _is_inside(path):
            target = os.fsdecode(path)
            home.host.note("refused", kind="socket", target=target, place=place(home.root))
            raise failure(errno.ENOENT)
        if not os.path.lexists(path):
            names.leave_unix(path)
            raise failure(errno.ENOENT)
    if found is None:
        raise failure(errno.ECONNREFUSED)
    return found
