"""The first wall: an audit hook that refuses what would leave the simulation.

CPython raises an audit event before it opens, connects, signals or starts anything, whatever
name the program reached the function by; a hook cannot be removed. What is refused raises
PermissionError in the program, and is told to the host with its call site. ctypes code and
extension modules can go around a Python wall: that is what the second wall (walls.py) is for.
"""

from __future__ import annotations

import errno
import os
import sys

from guest.host import place

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
DEVICES = ("/dev/null", "/dev/tty")

# Audited call -> (index of a path, index of its dir_fd or None) for each path it changes.
PATHS = {
    "os.mkdir": ((0, 2),),
    "os.rmdir": ((0, 1),),
    "os.remove": ((0, 1),),
    "os.truncate": ((0, None),),
    "os.chmod": ((0, 2),),
    "os.chown": ((0, 3),),
    "os.utime": ((0, 3),),
    "os.setxattr": ((0, None),),
    "os.removexattr": ((0, None),),
    "os.rename": ((0, 2), (1, 3)),
    "os.link": ((0, 2), (1, 3)),
    "os.symlink": ((1, 2),),
}

REFUSED = {
    "subprocess.Popen": "process",
    "os.system": "process",
    "os.fork": "process",
    "os.forkpty": "process",
    "os.exec": "process",
    "os.posix_spawn": "process",
    "os.spawn": "process",
    "pty.spawn": "process",
    "os.kill": "signal",
    "os.killpg": "signal",
    "signal.pthread_kill": "signal",
    "socket.__new__": "socket",
    "socket.connect": "socket",
    "socket.bind": "socket",
    "socket.sendto": "socket",
    "socket.getaddrinfo": "socket",
    "socket.gethostbyname": "socket",
    "socket.gethostbyaddr": "socket",
    "os.chroot": "file",
    "os.unshare": "process",
    "os.setns": "process",
    "ctypes.dlopen": "library",
    "ctypes.dlsym": "library",
    "ctypes.cdata": "library",
}


class Fence:
    """Refuses what is not the simulation's; *root* is the only folder that may be written."""

    def __init__(self, host, root):
        self._host = host
        self._root = root
        self._busy = False
        self._realpath = os.path.realpath
        self._readlink = os.readlink

    def install(self):
        """Stand the wall; from here on nothing real can be reached through Python."""
        sys.addaudithook(self)

    def __call__(self, event, args):
        if event == "open":
            self._check_open(*args)
        elif event in REFUSED:
            if event == "ctypes.dlopen" and args[0] is None:
                return
            if event == "ctypes.dlsym" and not isinstance(args[1], str):
                return
            self.refuse(REFUSED[event], f"{event}{_short(args)}")
        elif event in PATHS:
            for path, dir_fd in PATHS[event]:
                self._check_path(args[path], -1 if dir_fd is None else args[dir_fd])

    def refuse(self, kind, target):
        """Note the attempt with its call site, and raise PermissionError."""
        if not self._busy:
            self._busy = True
            try:
                self._host.note(
                    "escape", kind=kind, target=self._inside(target), place=place(self._root)
                )
            finally:
                self._busy = False
        raise PermissionError(errno.EPERM, f"refused by the simulation: {kind} {target}")

    def _check_open(self, path, mode, flags):
        if isinstance(path, int) or path is None:
            return
        if flags & WRITING or (isinstance(mode, str) and set(mode) & set("wax+")):
            self._check_path(path, -1)

    def _check_path(self, path, dir_fd):
        if isinstance(path, int):
            return
        name = os.fsdecode(path)
        if name in DEVICES:
            return
        if isinstance(dir_fd, int) and dir_fd >= 0 and not name.startswith("/"):
            name = f"{self._readlink(f'/proc/self/fd/{dir_fd}')}/{name}"
        folder = self._realpath(os.path.dirname(os.path.abspath(name)))
        target = self._realpath(name) if os.path.lexists(name) else name
        for each in (f"{folder}/", f"{self._realpath(target)}/"):
            if not each.startswith(f"{self._root}/"):
                self.refuse("write", name)

    def _inside(self, target):
        return target[:300]


def _short(args):
    return f"({', '.join(repr(each)[:80] for each in args[:3])})"
