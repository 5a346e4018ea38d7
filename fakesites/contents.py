"""What a simulated file contains.

Models a file as its first few bytes, drawn from a named stream, and a hole up to its nominal
size: a 2 GB file costs nothing, yet no two files have the same checksum. The Adler-32 of the
zeros has a closed form. A file that came from elsewhere (a log tarball) keeps its real bytes
up to BODY_LIMIT; past that it keeps its true size and checksum and forgets the rest.
"""

from __future__ import annotations

import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import IO

PREFIX_LIMIT = 4096
BODY_LIMIT = 4 * 1024 * 1024
MODULUS = 65521
CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file of *size* bytes with checksum *adler32*: the bytes of *prefix*, then zeros."""

    size: int
    adler32: str
    prefix: bytes

    def truncated(self, size: int) -> FileContent:
        """Return the first *size* bytes of this content."""
        return content_of(self.prefix[:size], size=size) if size < self.size else self

    def corrupted(self) -> FileContent:
        """Return content of the same size with one byte changed; an empty file stays empty."""
        if not self.size:
            return self
        first = self.prefix[0] if self.prefix else 0
        return content_of(bytes([first ^ 0xFF]) + self.prefix[1:], size=self.size)


def content_of(prefix: bytes, *, size: int) -> FileContent:
    """Return the content of *size* bytes that begins with *prefix* and goes on with zeros.

    Raises ValueError if *prefix* is longer than *size*.
    """
    if len(prefix) > size:
        raise ValueError(f"a prefix of {len(prefix)} bytes does not fit into {size} bytes")
    zeros = size - len(prefix)
    return FileContent(size, hexadecimal(add_zeros(zlib.adler32(prefix), zeros)), bare(prefix))


def make(rng: Random, size: int) -> FileContent:
    """Draw the content of a file of *size* bytes from *rng*."""
    return content_of(rng.randbytes(min(size, PREFIX_LIMIT)), size=size)


def read(path: Path) -> FileContent:
    """Return the content of the real file at *path*, skipping its holes. Raises OSError."""
    with path.open("rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        state, body = 1, bytearray()
        position = 0
        for start, end in extents(stream, size):
            state = add_zeros(state, start - position)
            if start <= BODY_LIMIT:
                body.extend(bytes(start - len(body)))
            state = _add_extent(stream, start, end, state, body)
            position = end
    return FileContent(size, hexadecimal(add_zeros(state, size - position)), bare(bytes(body)))


def extents(stream: IO[bytes], size: int) -> list[tuple[int, int]]:
    """Return the (start, end) of each stretch of data, as opposed to holes, in order."""
    found: list[tuple[int, int]] = []
    position = 0
    while position < size:
        try:
            start = os.lseek(stream.fileno(), position, os.SEEK_DATA)
        except OSError:
            break  # ENXIO: nothing but a hole up to the end
        position = os.lseek(stream.fileno(), start, os.SEEK_HOLE)
        found.append((start, position))
    return found


def add_zeros(state: int, count: int) -> int:
    """Return the Adler-32 *state* after *count* zero bytes more."""
    low, high = state & 0xFFFF, state >> 16
    return ((high + count * low) % MODULUS) << 16 | low


def hexadecimal(state: int) -> str:
    """Return an Adler-32 state in the eight digits that grid tools print."""
    return f"{state:08x}"


def bare(prefix: bytes) -> bytes:
    """Return *prefix* without the zeros at its end, which the hole stands for anyway."""
    return prefix.rstrip(b"\0")


def _add_extent(stream: IO[bytes], start: int, end: int, state: int, body: bytearray) -> int:
    stream.seek(start)
    while start < end:
        chunk = stream.read(min(CHUNK, end - start))
        if not chunk:
            break
        state = zlib.adler32(chunk, state)
        if start == len(body):
            body.extend(chunk[: max(0, BODY_LIMIT - len(body))])
        start += len(chunk)
    return state
