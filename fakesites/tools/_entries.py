"""What ls, stat, find and du see of a file, without anything that depends on the host.

Block counts, the sizes of folders and inode numbers differ from one host's file system to the
next, so they are made up from what does not: nominal sizes and names.
"""

from __future__ import annotations

import os
import stat
import zlib
from dataclasses import dataclass
from pathlib import Path

from fakesites.files import NodeFiles

FOLDER_BYTES = 4096
BLOCK_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Entry:
    """One file, folder or link, at *path* for the guest and *real* for the host."""

    path: str
    real: Path
    mode: int
    size: int
    mtime: float
    links: int
    target: str = ""

    @property
    def is_folder(self) -> bool:
        """Tell whether it is a folder."""
        return stat.S_ISDIR(self.mode)

    @property
    def kind(self) -> str:
        """Return f, d or l, as find -type names them; ? for what a node does not have."""
        kinds = {stat.S_IFREG: "f", stat.S_IFDIR: "d", stat.S_IFLNK: "l"}
        return kinds.get(stat.S_IFMT(self.mode), "?")

    @property
    def blocks_bytes(self) -> int:
        """Return the room that it takes on a disk without holes."""
        return -(-self.size // BLOCK_BYTES) * BLOCK_BYTES

    @property
    def inode(self) -> int:
        """Return an inode number: the same for the same name."""
        return zlib.crc32(os.fsencode(self.path)) % 1_000_000_000 + 1


def entry(files: NodeFiles, path: str, *, follow: bool = False) -> Entry:
    """Return what stands at the guest's *path*. Raises OSError."""
    real = files.real(path, follow=follow)
    status = real.lstat()
    mode, size, links = status.st_mode, status.st_size, status.st_nlink
    target = ""
    if stat.S_ISDIR(mode):
        size = FOLDER_BYTES
        links = 2 + sum(1 for each in os.scandir(real) if each.is_dir(follow_symlinks=False))
    if stat.S_ISLNK(mode):
        target = link_text(files, real)
        size = len(target)
    return Entry(path, real, mode, size, status.st_mtime_ns / 1e9, links, target)


def link_text(files: NodeFiles, real: Path) -> str:
    """Return what a link holds, in the guest's terms."""
    target = os.readlink(real)
    return files.guest(target) if target.startswith(f"{files.root}/") else target


def names(real: Path) -> list[str]:
    """Return the names in a folder, sorted."""
    return sorted(os.listdir(real))
