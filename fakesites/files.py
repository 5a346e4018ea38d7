"""The files of one worker node: a real directory that the guest knows as /srv.

Models the mapping between guest paths and real ones, modification times in virtual time, large
files that are mostly hole, and the room left on the disk. Not modelled: owners, access times,
inode numbers. Paths outside of /srv do not exist here; what the system itself would show there
(/proc, /etc) is text made by fakesites.machine.
"""

from __future__ import annotations

import copy
import errno
import os
import posixpath
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from typing import Iterable
from typing import Iterator
from typing import Protocol

from fakesites import contents
from simkernel.clock import Clock

GUEST_ROOT = "/srv"
FILE_MODE, FOLDER_MODE = 0o644, 0o755
LINKS_LIMIT = 40
# Folders of the root that the batch system fills: they count as used before the flight.
BROUGHT = ("cvmfs", "guest", "pilot", "python")
CHUNK = 1 << 20
# A tool that reads a file as text takes no more than this: nominal sizes go far beyond.
READ_LIMIT = 64 << 20
# Below this a write is not weighed against the room left, unless something fills the disk.
WEIGHED_BYTES = 1 << 20


class OutsideError(PermissionError):
    """A path leads out of the node's own files; to a tool, that is "Permission denied"."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(errno.EACCES, os.strerror(errno.EACCES), path)
        self.why = why

    def __str__(self) -> str:
        return f"{self.filename}: {self.why}"


@dataclass(frozen=True, slots=True)
class Mount:
    """A real folder that a node's programs *see* at a path of their own."""

    seen: str
    real: str
    read_only: bool = False


class Disk(Protocol):
    """What the disk says of itself: how many bytes may still be written."""

    def free_bytes(self) -> int:
        """Return the bytes that are left."""


class NodeFiles:
    """The files under *root*, which the guest sees at *seen*, with the times of *clock*.

    More folders may be mounted: a repository of software, or what a container is shown.
    """

    def __init__(self, root: Path, clock: Clock, *, seen: str = GUEST_ROOT) -> None:
        self.root = Path(os.path.realpath(root))
        self.seen = seen
        self._text = str(self.root)
        self._mounts = [Mount(seen, self._text)]
        self._clock = clock
        self.read_only = False
        self.disk: Disk | None = None
        self.ballast_bytes = 0
        self.over_quota: set[str] = set()
        self.looks = 0

    def real(self, path: str, *, follow: bool = True) -> Path:
        """Return where the guest's absolute *path* lives; its last link is kept if not *follow*.

        Raises OutsideError for a path outside of /srv, or one that a link leads out of it.
        """
        self.looks += 1  # whoever asks where a file lies is about to look at it
        done, parts = self._parts(posixpath.normpath(path), path)
        links = 0
        while parts:
            part = parts.pop()
            here = f"{done}/{part}"
            if (not follow and not parts) or not os.path.islink(here):
                done = here
                continue
            links += 1
            if links > LINKS_LIMIT:
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
            target = self._link_target(done, here)
            done, inner = self._parts(target, path)
            parts.extend(inner)
        return Path(done)

    @staticmethod
    def view(files: NodeFiles, mounts: Iterable[Mount]) -> NodeFiles:
        """Return *files* as a container sees them: nothing but *mounts*."""
        inside = copy.copy(files)
        inside._mounts = sorted(mounts, key=lambda each: (-len(each.seen), each.seen))
        return inside

    def mount(self, real: Path, seen: str, *, read_only: bool = False) -> None:
        """Show the folder *real* at the path *seen* from now on, over what was there."""
        kept = [each for each in self._mounts if each.seen != seen]
        kept.append(Mount(seen, os.path.realpath(real), read_only))
        # The longest first: a mount within another one goes before it.
        self._mounts = sorted(kept, key=lambda each: (-len(each.seen), each.seen))

    def is_mounted(self, path: str) -> bool:
        """Tell whether *path* is a mount or below one, other than that of the node's own files."""
        found = self._mount_of(posixpath.normpath(path))
        return found is not None and found.seen != self.seen

    def _mount_of(self, normal: str) -> Mount | None:
        for each in self._mounts:
            if normal == each.seen or normal.startswith(f"{each.seen}/"):
                return each
        return None

    def guest(self, real: Path | str) -> str:
        """Return the guest's name of a *real* path below the root."""
        text = str(real)
        for each in sorted(self._mounts, key=lambda each: -len(each.real)):
            if text == each.real or text.startswith(f"{each.real}/"):
                return each.seen + text[len(each.real) :]
        raise OutsideError(text, f"outside {self.seen}, the files of this node")

    def shown(self, path: str) -> str:
        """Return *path* as the guest may see it: a real one in its own terms."""
        return self.guest(path) if path.startswith(self._text) else path

    def _parts(self, normal: str, asked: str) -> tuple[str, list[str]]:
        """Return the real folder that a normal guest path begins in, and its names, last first."""
        mount = self._mount_of(normal)
        if mount is None:
            raise OutsideError(asked, f"outside {self.seen}, the files of this node")
        return mount.real, [part for part in reversed(normal[len(mount.seen) :].split("/")) if part]

    def _link_target(self, folder: str, link: str) -> str:
        """Return the guest path that a link means; it may hold a guest's or a real path."""
        target = os.readlink(link)
        if target == self._text or target.startswith(f"{self._text}/"):
            return self.guest(os.path.normpath(target))
        return posixpath.normpath(posixpath.join(self.guest(folder), target))

    def stamp(self, path: str) -> None:
        """Set the modification time of *path* to the present virtual instant."""
        self.stamp_at(path, self._clock.wall())

    def stamp_at(self, path: str, posix: float) -> None:
        """Set the modification time of *path* to *posix* seconds."""
        instant = nanoseconds(posix)
        os.utime(self.real(path), ns=(instant, instant))

    def stamp_folder(self, path: str) -> None:
        """Stamp the folder that holds *path*: a name was added to it or taken from it."""
        if path != self.seen:
            self.stamp(posixpath.dirname(posixpath.normpath(path)))

    def stamp_all(self) -> None:
        """Stamp every file and folder: the node is as it was when the flight began."""
        instant = nanoseconds(self._clock.wall())
        for folder, _, names in os.walk(self._text):
            for each in (folder, *(f"{folder}/{name}" for name in sorted(names))):
                os.utime(each, ns=(instant, instant), follow_symlinks=False)

    def touch(self, path: str) -> None:
        """Create *path* if it is missing, and stamp it."""
        self.weigh(0)
        with self._named(path) as real:
            real.touch()

    def make_folder(self, path: str) -> None:
        """Create the folder *path* and those above it, where they are missing, and stamp them."""
        self.weigh(0)
        folder = posixpath.dirname(posixpath.normpath(path))
        if folder != posixpath.dirname(self.seen) and not self.real(folder).exists():
            self.make_folder(folder)
        with self._named(path) as real:
            real.mkdir(exist_ok=True)

    def remove(self, path: str) -> None:
        """Remove the file or link *path*, or the empty folder."""
        self.weigh(0)
        self._refuse_read_only(path)
        real = self.real(path, follow=False)
        if real.is_dir() and not real.is_symlink():
            real.rmdir()
        else:
            real.unlink()
        self.stamp_folder(path)

    def remove_tree(self, path: str) -> None:
        """Remove the folder *path* with all that is in it."""
        self.weigh(0)
        self._refuse_read_only(path)
        shutil.rmtree(self.real(path, follow=False))
        self.stamp_folder(path)

    @contextmanager
    def _named(self, path: str) -> Iterator[Path]:
        """Give the real path of what is about to be written; stamp it, and its folder if new."""
        if any(path.startswith(f"{folder}/") for folder in self.over_quota):
            raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT), path)
        self._refuse_read_only(path)
        real = self.real(path)
        new = not real.exists()
        yield real
        if new:  # with the modes of a usual umask, whatever the host's is
            real.chmod(FOLDER_MODE if real.is_dir() else FILE_MODE)
            self.stamp_folder(self.guest(real))
        self.stamp(path)

    def _refuse_read_only(self, path: str) -> None:
        if len(self._mounts) > 1:
            mount = self._mount_of(posixpath.normpath(path))
            if mount is not None and mount.read_only:
                raise OSError(errno.EROFS, os.strerror(errno.EROFS), path)

    def write(self, path: str, data: bytes, *, append: bool = False) -> None:
        """Write *data* to *path* and stamp it. Raises OSError, e.g. ENOSPC, EROFS, ENOENT."""
        self.weigh(len(data))
        with self._named(path) as real, open(real, "ab" if append else "wb") as file:
            file.write(data)

    def read(self, path: str) -> bytes:
        """Return the contents of *path*. Raises OSError, EFBIG beyond 64 MB."""
        real = self.real(path)
        if real.stat().st_size > READ_LIMIT:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), path)
        return real.read_bytes()

    def write_sparse(self, path: str, prefix: bytes, size: int) -> None:
        """Make *path* a file of *size* bytes: at most 4096 bytes of *prefix*, then a hole."""
        self.weigh(size)
        with self._named(path) as real, open(real, "wb") as file:
            file.write(prefix[: min(size, contents.PREFIX_LIMIT)])
            file.truncate(size)

    def copy(self, source: str, target: str) -> None:
        """Copy one file with its holes; the copy is stamped with the present instant."""
        origin = self.real(source)
        size = origin.stat().st_size
        self.weigh(size)
        with self._named(target) as real, open(origin, "rb") as read, open(real, "wb") as write:
            write.truncate(size)
            for begin, end in contents.extents(read, size):
                write.seek(begin)
                write.writelines(_chunks(read, begin, end))
        self.real(target).chmod(origin.stat().st_mode & 0o7777)

    def adler32(self, path: str) -> str:
        """Return the adler32 of *path* as eight hex digits; holes cost no reading."""
        return contents.read(self.real(path)).adler32

    def used_bytes(self) -> int:
        """Return the nominal size of all files but those that came with the pilot."""
        with os.scandir(self._text) as entries:
            own = [entry.path for entry in entries if entry.name not in BROUGHT and entry.is_dir()]
        return sum(map(_used, own))

    def weigh(self, size: int) -> None:
        """Raise OSError (ENOSPC, EROFS) if *size* more bytes cannot be written."""
        if self.read_only:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        tight = self.ballast_bytes > 0 or size >= WEIGHED_BYTES
        if tight and self.disk is not None and size >= self.disk.free_bytes():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def walk(self) -> Iterator[Path]:
        """Yield every file that is no folder, in sorted order."""
        for folder, folders, names in os.walk(self._text):
            folders.sort()
            for name in sorted(names):
                yield Path(folder, name)


def _used(folder: str) -> int:
    # df is asked every minute and a root holds a pilot's whole code: no Path objects here.
    total = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                total += _used(entry.path)
            else:
                total += entry.stat(follow_symlinks=False).st_size
    return total


def nanoseconds(posix: float) -> int:
    """Return *posix* seconds as the nanoseconds of a file's time, exact to the microsecond."""
    # A float holds today's microseconds exactly, and its nanoseconds not.
    return round(posix * 1_000_000) * 1000


def _chunks(stream: IO[bytes], begin: int, end: int) -> Iterator[bytes]:
    while begin < end:
        chunk = os.pread(stream.fileno(), min(CHUNK, end - begin), begin)
        if not chunk:
            return
        yield chunk
        begin += len(chunk)
