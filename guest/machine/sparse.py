"""Large files that are mostly hole, read at the price of what is in them.

The files of a simulated site have their nominal size, gigabytes, and a few kilobytes of content.
A pilot that computes their checksum byte by byte gets the same bytes and the same checksum here:
a mapped hole is read as one shared block of zeros, and the Adler-32 of that block is known in
closed form (a stays, b grows by n times a). Whatever is not a plain read of a map is the real one.
"""

from __future__ import annotations

import errno
import mmap as real
import os
import zlib

from guest.clock.writes import Writes

MODULO = 65521

last = [b"", 0]
true_adler32 = zlib.adler32
true_mmap = real.mmap


def zeros(count):
    """Return *count* zero bytes: the same object as long as the same count is asked for."""
    if last[1] != count or not count:
        last[:] = bytes(count), count
    return last[0]


def adler32(data, value=1, /):
    """Return what ``zlib.adler32`` does, at once for a block of zeros."""
    if data is last[0]:
        low = value & 0xFFFF
        return ((value >> 16) + last[1] * low) % MODULO << 16 | low
    return true_adler32(data, value)


class Mapping:
    """A map of a whole file that is read from its start to its end; else a real map."""

    writes = Writes()

    def __init__(self, fileno, length, *args, **kwargs):
        self._fd = os.dup(fileno) if fileno != -1 else -1
        self._arguments = (length, args, kwargs)
        self._map = None
        self._at = 0
        size = os.fstat(self._fd).st_size if self._fd != -1 else 0
        if fileno == -1 or length not in (0, size) or not size:
            self._real()
        self._size = length or size
        self._hole = (0, 0)

    def _real(self):
        if self._map is None:
            length, args, kwargs = self._arguments
            if kwargs.get("access") != real.ACCESS_READ:
                self.writes.cannot_be_seen()
            try:
                self._map = true_mmap(self._fd, length, *args, **kwargs)
            except BaseException:
                self.close()
                raise
            self._map.seek(self._at)
        return self._map

    def read(self, count=None):
        at = self._at
        if self._map is not None or count is None or count <= 0:
            return self._real().read(*(() if count is None else (count,)))
        end = at + count
        begin, until = self._hole
        if begin <= at and end <= until:
            self._at = end
            return last[0] if last[1] == count else zeros(count)
        return self._read_on(at, min(end, self._size))

    def _read_on(self, at, end):
        if self._hole[1] <= at < self._size:
            self._hole = self._next_hole(at)
        self._at = end
        if self._hole[0] <= at and end <= self._hole[1]:
            return zeros(end - at)
        return os.pread(self._fd, end - at, at)

    def _next_hole(self, at):
        try:
            begin = os.lseek(self._fd, at, os.SEEK_HOLE)
            end = os.lseek(self._fd, begin, os.SEEK_DATA)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            return begin, self._size
        return begin, end

    def tell(self):
        return self._at if self._map is None else self._map.tell()

    def size(self):
        return self._size if self._map is None else self._map.size()

    def close(self):
        if self._map is not None:
            self._map.close()
        if self._fd != -1:
            os.close(self._fd)
            self._fd = -1

    @property
    def closed(self):
        return self._fd == -1 if self._map is None else self._map.closed

    def __len__(self):
        return self._size if self._map is None else len(self._map)

    def __getitem__(self, index):
        return self._real()[index]

    def __setitem__(self, index, value):
        self._real()[index] = value

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def __del__(self):
        self.close()

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._real(), name)


def install(writes):
    """Replace ``mmap.mmap`` and ``zlib.adler32``; *writes* is told of maps that may be written."""
    Mapping.writes = writes
    real.mmap = Mapping
    zlib.adler32 = adler32
