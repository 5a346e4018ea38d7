"""Paths and URLs of files, reduced to what can be compared."""

from __future__ import annotations

import posixpath
import re

from fakesites.turls import bare_path

SCHEME = re.compile(r"^[A-Za-z0-9+]+://[^/?]*")


def path_of(place: object) -> str:
    """Return the absolute path in a URL or a path, without options and doubled slashes."""
    return bare_path(SCHEME.sub("", str(place or "")))


def name_of(place: object) -> str:
    """Return the file name at the end of a path or a URL."""
    return posixpath.basename(path_of(place))


def same_path(one: str, other: str) -> bool:
    """Tell whether two absolute paths name one file; either may lack a door's prefix."""
    return one == other or one.endswith(other) or other.endswith(one)
