"""File times: whatever is written at virtual instant t has mtime t.

Time moves only when nothing runs, so what changed since the last move was written *at* this
instant. inotify tells what that is, at the price of one poll a move; each changed file is
stamped before the clock goes on, and before the host is asked anything.
"""

from __future__ import annotations

import os
import struct
from posix import read

POLLIN = 1
IN_MODIFY, IN_ATTRIB, IN_CREATE, IN_MOVED_TO, IN_DELETE = 0x2, 0x4, 0x100, 0x80, 0x200
IN_CLOSE_WRITE, IN_MOVED_FROM = 0x8, 0x40
IN_ISDIR, IN_IGNORED, IN_Q_OVERFLOW = 0x40000000, 0x8000, 0x4000
IN_ONLYDIR = 0x01000000
WATCHED = IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_MOVED_FROM | IN_ONLYDIR
AT_FDCWD, AT_SYMLINK_NOFOLLOW = -100, 0x100
EVENT = struct.Struct("iIII")
EVENT_MAX = EVENT.size + 256
EVENTS_MAX = 1 << 16
KNOWN_MAX = 100
JUST_S = 3600.0


class Stamps:
    """Stamps what changes under *root* with the hub's time."""

    def __init__(self, hub, root, writes):
        import ctypes
        import select

        self._hub = hub
        self._root = root
        self._lstat = os.lstat
        self._writes = writes
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._fd = -1
        self._new_poll = select.poll
        self._utimensat = self._libc.utimensat  # looked up now: the fence refuses it later
        self._times = (ctypes.c_int64 * 4)()
        self._compiled = hub.compiled
        # Events that told of nothing but writes, and the paths that they told of.
        self._known = {}
        self.renew()

    def renew(self):
        """Begin to watch; a forked copy does so anew, with an eye of its own."""
        if self._fd >= 0:
            os.close(self._fd)
        self._fd = self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        self._folders = {}
        self._known.clear()
        poll = self._new_poll()
        poll.register(self._fd, POLLIN)
        self.ask = poll.poll
        self.watch(self._root)

    def watch(self, folder):
        """Watch *folder* and all folders below it."""
        number = self._libc.inotify_add_watch(self._fd, os.fsencode(folder), WATCHED)
        if number < 0:
            return
        self._folders[number] = folder
        self._known.clear()
        with os.scandir(folder) as entries:
            inner = sorted(entry.path for entry in entries if entry.is_dir(follow_symlinks=False))
        for path in inner:
            self.watch(path)

    def __call__(self):
        """Stamp what changed since the last call."""
        writes = self._writes
        if writes.maybe:
            writes.maybe = writes.always
            # Stamping is itself no modification: IN_ATTRIB is not watched.
            if self._compiled is None:
                for path in self._changed():
                    self._stamp(path)
            else:
                self._compiled.stamp_known(self._fd, self._known, self._stamp_rest)

    def _stamp_rest(self, data):
        """Stamp what the events *data* tell of, and what else has changed."""
        changed = self._taken(data, {})
        if len(data) >= EVENTS_MAX - EVENT_MAX:
            changed.update(self._changed())
        for path in changed:
            self._stamp(path)

    def absorb(self):
        """Take note of what others changed while the guest had nothing to do; they stamp it."""
        if self.ask(0):
            self._changed()

    def _changed(self):
        changed = {}
        while True:
            try:
                data = read(self._fd, EVENTS_MAX)
            except BlockingIOError:
                return changed
            self._taken(data, changed)
            # As much is read as there is and there is room for: no need to ask for more in vain.
            if len(data) < EVENTS_MAX - EVENT_MAX:
                return changed

    def _taken(self, data, changed):
        """Add what events *data* tell of to *changed*, and return that."""
        known = self._known.get(data)
        if known is None:
            known = self._understood(data, changed)
        changed.update(known)
        return changed

    def _understood(self, data, changed):
        """Return what events *data* tell of; new folders with all in them go to *changed*."""
        found, seen = {}, 0
        for path, mask in self._read(data):
            found[path] = None
            seen |= mask
            if mask & IN_ISDIR and mask & IN_CREATE:
                changed.update(self._adopt(path))
        if seen == IN_MODIFY:
            # The same few files are written again and again, and nothing else happens to them.
            if len(self._known) >= KNOWN_MAX:
                self._known.clear()
            self._known[data] = found
        return found

    def _adopt(self, folder):
        self.watch(folder)
        found = {}
        for where, folders, files in os.walk(folder):
            for name in folders + files:
                found[f"{where}/{name}"] = None
        return found

    def _changed_everywhere(self):
        # The kernel lost count. What was stamped has been changed, by that, at another time than
        # it says it was written; what was just written, at that very time.
        for where, folders, files in os.walk(self._root):
            for path in (f"{where}/{name}" for name in folders + files):
                found = self._lstat(path)
                if abs(found.st_ctime - found.st_mtime) < JUST_S:
                    yield path

    def _read(self, data):
        """Yield each path that events *data* tell of, with the mask of its event."""
        at = 0
        while at < len(data):
            number, mask, _, size = EVENT.unpack_from(data, at)
            name = os.fsdecode(data[at + EVENT.size : at + EVENT.size + size].rstrip(b"\0"))
            at += EVENT.size + size
            folder = self._folders.get(number)
            if mask & IN_IGNORED:
                self._folders.pop(number, None)
                self._known.clear()
            elif mask & IN_Q_OVERFLOW:
                self.watch(self._root)
                yield from ((path, mask) for path in self._changed_everywhere())
            elif folder is not None:
                if mask & (IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_MOVED_FROM):
                    yield folder, IN_ATTRIB
                if name and not mask & (IN_DELETE | IN_MOVED_FROM):
                    # What is moved keeps its time, as rename(2) has it.
                    if not mask & IN_MOVED_TO:
                        yield f"{folder}/{name}", mask
                    elif mask & IN_ISDIR:
                        self.watch(f"{folder}/{name}")

    def _stamp(self, path):
        # Not os.utime: the fence looks at each call of it, and this is our own. A file that is
        # gone again fails, and has nothing left to stamp.
        seconds, rest = divmod(int(self._hub.posix * 1e9), 1_000_000_000)
        self._times[:] = (seconds, rest, seconds, rest)
        name = path.encode("utf-8", "surrogateescape")
        self._utimensat(AT_FDCWD, name, self._times, AT_SYMLINK_NOFOLLOW)


class Timed:
    """The functions of ``os`` to which the time of a file matters: all is stamped before they act.

    What is renamed or given a time at the instant at which it was written would otherwise be
    taken for written after that.
    """

    def __init__(self, hub, stamp):
        self._hub = hub
        self._stamp = stamp
        self._utime = os.utime
        self._rename, self._replace = os.rename, os.replace

    def utime(self, path, times=None, *, ns=None, dir_fd=None, follow_symlinks=True):
        """Stand for ``os.utime``; without times it means the virtual now."""
        self._stamp()
        if times is not None and ns is not None:
            raise ValueError("utime: you may specify either 'times' or 'ns' but not both")
        if times is not None:
            return self._utime(path, times, dir_fd=dir_fd, follow_symlinks=follow_symlinks)
        ns = (int(self._hub.posix * 1e9),) * 2 if ns is None else ns
        return self._utime(path, ns=ns, dir_fd=dir_fd, follow_symlinks=follow_symlinks)

    def rename(self, *args, **kwargs):
        """Stand for ``os.rename``."""
        self._stamp()
        return self._rename(*args, **kwargs)

    def replace(self, *args, **kwargs):
        """Stand for ``os.replace``."""
        self._stamp()
        return self._replace(*args, **kwargs)


def install(hub, stamp):
    """Replace the functions of ``os`` that give a file a time, or a name that keeps it."""
    timed = Timed(hub, stamp)
    os.utime, os.rename, os.replace = timed.utime, timed.rename, timed.replace
