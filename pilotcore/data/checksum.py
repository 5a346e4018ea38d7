"""Checksums of files, at no cost for their holes.

adler32 of n zero bytes after the state (a, b) has a closed form: a stays, b grows by n·a modulo
65521. Holes are found with lseek(SEEK_DATA, SEEK_HOLE), so that a sparse file of many gigabytes
is read only where there is something to read.
"""

from __future__ import annotations

import hashlib
import zlib
from pathlib import Path

from pilotcore.files import extents
from pilotcore.files import read_at

MODULUS = 65521
CHUNK = 1 << 20


def skip_zeros(value: int, count: int) -> int:
    """Return the adler32 *value* after *count* more zero bytes."""
    low, high = value & 0xFFFF, value >> 16
    return ((high + count * low) % MODULUS) << 16 | low


def adler32_of(path: Path) -> str:
    """Return the adler32 of the file at *path* as eight hex digits. Raises OSError."""
    value, at = 1, 0
    with path.open("rb") as source:
        size = path.stat().st_size
        for begin, end in extents(path):
            value = skip_zeros(value, begin - at)
            at = begin
            while at < end and (data := read_at(source, at, min(CHUNK, end - at))):
                value = zlib.adler32(data, value)
                at += len(data)
    return f"{skip_zeros(value, size - at):08x}"


def md5_of(path: Path) -> str:
    """Return the md5 of the file at *path*; every byte is read. Raises OSError."""
    digest = hashlib.md5()
    with path.open("rb") as source:
        while data := source.read(CHUNK):
            digest.update(data)
    return digest.hexdigest()


def matches(path: Path, wanted: str) -> tuple[bool, str]:
    """Compare *path* with ``ad:hex`` or ``md:hex``; return whether it fits and what it has.

    Leading zeros are often lost on the way, so that adler32 is compared as a number.
    """
    kind, _, digits = wanted.rpartition(":")
    if kind == "md" or (not kind and len(digits) == 32):
        found = md5_of(path)
        return found == digits.lower(), f"md:{found}"
    found = adler32_of(path)
    return same_adler32(found, digits), f"ad:{found}"


def same_adler32(one: str, other: str) -> bool:
    """Tell whether two hex texts are the same adler32; one that is no number equals nothing."""
    try:
        return int(one, 16) == int(other, 16)
    except ValueError:
        return False
