"""What the first wall makes of each audit event: a table, one look an event.

An event that is not in the table changes nothing outside: reading, listing, importing Python.
"""

from __future__ import annotations

import os

SHARED_OBJECT = (".so", ".pyd")
# Interpreters of their own, with no audit hook; and what CPython keeps for its own tests.
WALLLESS = frozenset(
    ("_interpreters", "_interpchannels", "_xxsubinterpreters", "_testcapi", "_testinternalcapi")
)
# fcntl(2): who is to get a signal, and which one, when a descriptor becomes ready.
FCNTL_OWNERS = (8, 10, 15)
# ioctl(2): the same for sockets and terminals, and typing into a terminal.
IOCTL_OWNERS = (0x8901, 0x8902, 0x5412, 0x541C)

REFUSED = {
    "subprocess.Popen": "process",
    "os.system": "process",
    "os.fork": "process",
    "os.forkpty": "process",
    "os.exec": "process",
    "os.posix_spawn": "process",
    "os.spawn": "process",
    "pty.spawn": "process",
    "cpython.PyInterpreterState_New": "process",
    "os.kill": "signal",
    "os.killpg": "signal",
    "signal.pthread_kill": "signal",
    "socket.__new__": "socket",
    "socket.connect": "socket",
    "socket.bind": "socket",
    "socket.sendto": "socket",
    "socket.sendmsg": "socket",
    "socket.getaddrinfo": "socket",
    "socket.getnameinfo": "socket",
    "socket.gethostbyname": "socket",
    "socket.gethostbyaddr": "socket",
    "socket.sethostname": "socket",
    "syslog.openlog": "socket",
    "syslog.syslog": "socket",
    "ctypes.call_function": "library",
    "ctypes.dlsym/handle": "library",
    "ctypes.PyObj_FromPtr": "library",
    "sqlite3.enable_load_extension": "library",
    "sqlite3.load_extension": "library",
}

# Audited call -> (index of a path, index of its dir_fd or None) for each path it changes.
CHANGED = {
    "os.truncate": ((0, None),),
    "os.chmod": ((0, 2),),
    "os.chown": ((0, 3),),
    "os.utime": ((0, 3),),
    "os.setxattr": ((0, None),),
    "os.removexattr": ((0, None),),
}
# The same, where it is the name in its folder that changes, and no link is followed.
NAMED = {
    "os.mkdir": ((0, 2),),
    "os.rmdir": ((0, 1),),
    "os.remove": ((0, 1),),
    "os.rename": ((0, 2), (1, 3)),
    "os.link": ((0, 2), (1, 3)),
    "os.symlink": ((1, 2),),
}


def _refuse(fence, event, args):
    fence.refuse(REFUSED[event], f"{event}{short(args)}")


def _open(fence, event, args):
    path, mode, flags = args
    if path is not None and not isinstance(path, int):
        fence.check_open(path, mode, flags)


def _changed(fence, event, args):
    for path, dir_fd in CHANGED[event]:
        if isinstance(args[path], int):
            fence.check_descriptor(args[path])
        else:
            fence.check_path(args[path], -1 if dir_fd is None else args[dir_fd])


def _named(fence, event, args):
    for path, dir_fd in NAMED[event]:
        fence.check_path(args[path], -1 if dir_fd is None else args[dir_fd], follow=False)


def _import(fence, event, args):
    """Native code of the program's own, and interpreters without a fence."""
    name, path = args[0], args[1]
    if name in WALLLESS or (
        isinstance(path, str) and path.endswith(SHARED_OBJECT) and fence.holds(path)
    ):
        fence.refuse("library", f"import of {path or name}")


def _dlopen(fence, event, args):
    if args[0] is not None:
        fence.refuse("library", f"{event}{short(args)}")


def _dlsym(fence, event, args):
    # By number there is nothing in a library of the system.
    if isinstance(args[1], str):
        fence.refuse("library", f"{event}{short(args)}")


def _sqlite(fence, event, args):
    path = args[0]
    name = os.fsdecode(path) if isinstance(path, (str, bytes, os.PathLike)) else ""
    if name.startswith("file:"):
        name = name[5:].partition("?")[0]
    if name and name != ":memory:":
        fence.check_path(name)


def _fcntl(fence, event, args):
    if args[1] in FCNTL_OWNERS:
        fence.refuse("signal", f"{event}{short(args)}")


def _ioctl(fence, event, args):
    if args[1] & 0xFFFFFFFF in IOCTL_OWNERS:
        fence.refuse("signal", f"{event}{short(args)}")


def _prlimit(fence, event, args):
    if args[0] != 0:
        fence.refuse("process", f"{event}{short(args)}")


def _buffer(fence, event, args):
    fence.mapped = args[0]


def _cdata(fence, event, args):
    # from_buffer() raises it, too, for memory that the program has anyway.
    if args[0] != fence.mapped:
        fence.refuse("library", f"{event}{short(args)}")
    fence.mapped = None


def short(args):
    """Return the first arguments of a call, for people."""
    return f"({', '.join(repr(each)[:80] for each in args[:3])})"


LOOKS = {
    **dict.fromkeys(REFUSED, _refuse),
    **dict.fromkeys(CHANGED, _changed),
    **dict.fromkeys(NAMED, _named),
    "open": _open,
    "import": _import,
    "ctypes.cdata": _cdata,
    "ctypes.cdata/buffer": _buffer,
    "ctypes.dlopen": _dlopen,
    "ctypes.dlsym": _dlsym,
    "sqlite3.connect": _sqlite,
    "fcntl.fcntl": _fcntl,
    "fcntl.ioctl": _ioctl,
    "resource.prlimit": _prlimit,
}
