"""The first wall: an audit hook that refuses what would leave the simulation.

CPython raises an audit event before it opens, connects, signals or starts anything, whatever
name the program reached the function by; a hook cannot be removed. What is refused raises
PermissionError in the program, and is told to the host with its call site. What no event tells
of is replaced by name (guard.py); native code can go around both, and meets the filter of system
calls (seccomp.py) and the second wall (walls.py). Read from the table of audit events of CPython
3.9 to 3.13.
"""

from __future__ import annotations

import _signal
import errno
import os
import sys

from guest.fence import landlock
from guest.fence import seccomp
from guest.fence.events import LOOKS
from guest.host import place

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
DEVICES = ("/dev/null", "/dev/tty")
ST_RDONLY = 1
STEPS = ("", ".", "..")
NATIVE = "a system call of native code"


class Fence:
    """Refuses what is not the simulation's; *root* is the only folder that may be written."""

    def __init__(self, host, root):
        self.stands = False
        self._host = host
        self._root = root
        self._inside = f"{root}/"
        self._busy = False
        self.mapped = None
        self._pid = os.getpid()
        self._realpath = os.path.realpath
        self._readlink = os.readlink
        self._getcwd = os.getcwd
        self._statvfs = os.statvfs

    def install(self, *, filters, word=0):
        """Stand the wall; from here on nothing real can be reached through Python.

        With *filters* the kernel, too, keeps native code from processes, signals and sockets;
        whoever says *word* may make a copy of this one (guest/processes/copying.py).
        """
        if filters:
            self._put_up_filters(word)
        self.stands = True
        sys.addaudithook(self)

    def __call__(self, event, args):
        """Look at one audited call."""
        look = LOOKS.get(event)
        if look is not None:
            look(self, event, args)

    def refuse(self, kind, target):
        """Note the attempt with its call site, and raise PermissionError."""
        self._tell("escape", kind, target)

    def decline(self, kind, target):
        """Note what is no attempt to leave, but not simulated either, and raise PermissionError."""
        self._tell("refused", kind, target)

    def _tell(self, what, kind, target):
        if not self._busy:
            self._busy = True
            try:
                self._host.note(what, kind=kind, target=target[:300], place=place(self._root))
            finally:
                self._busy = False
        raise PermissionError(errno.EPERM, f"refused by the simulation: {kind} {target}")

    def holds(self, path):
        """Tell whether *path*, whatever links it goes through, is in the root."""
        return f"{self._realpath(path)}/".startswith(self._inside)

    def check_open(self, path, mode, flags):
        """Refuse to open for writing what is outside of the root."""
        if flags & WRITING or (isinstance(mode, str) and set(mode) & set("wax+")):
            self.check_path(path)

    def check_path(self, path, dir_fd=-1, *, follow=True):
        """Refuse a change of *path* if it is outside; its last link counts only if *follow*."""
        if path is None or isinstance(path, int):
            return
        name = os.fsdecode(path)
        if name in DEVICES:
            return
        full = self._absolute(name, dir_fd)
        if full is None:
            self.refuse("write", name)
        folder, last = os.path.split(full)
        # Of "link/.." the kernel makes what is above the link's target: nothing is cut short here.
        if not self.holds(folder) or ((follow or last in STEPS) and not self.holds(full)):
            self.refuse("write", name)

    def check_descriptor(self, number):
        """Refuse a change of the file that is open as *number* if it is outside."""
        try:
            name = self._readlink(f"/proc/self/fd/{number}")
        except OSError:
            return
        # What has no path, a pipe or a memfd, belongs to nobody else.
        if name.startswith("/") and not name.startswith(("/memfd:", self._inside)):
            self.refuse("write", name)

    def _absolute(self, name, dir_fd):
        if name.startswith("/"):
            return name
        if not isinstance(dir_fd, int) or dir_fd < 0:
            return f"{self._getcwd()}/{name}"
        try:
            return f"{self._readlink(f'/proc/self/fd/{dir_fd}')}/{name}"
        except OSError:
            return None  # Without a /proc nobody knows where that is.

    def _put_up_filters(self, word):
        if not self._statvfs("/").f_flag & ST_RDONLY:
            landlock.put_up(self._root, DEVICES)
        if seccomp.put_up(seccomp.inner(self._pid, word)):
            _signal.signal(_signal.SIGSYS, self._trapped)

    def _trapped(self, number, frame):
        """The kernel has refused a call: the Python code that made it is the call site."""
        self.refuse("native", NATIVE)
