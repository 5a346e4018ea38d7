"""A folder that keeps what took time to make: texts that follow from a key."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Callable

# To be raised when the same words come to mean other bytes.
FORMAT = 1


def cached_pem(folder: Path, key: str, make: Callable[[], str]) -> str:
    """Return the text kept in *folder* under *key*, or what *make* returns, which is then kept.

    The key has to name everything that the text follows from: seed, names, times. A folder that
    cannot be written costs time, not the text. Raises nothing but what *make* raises.
    """
    digest = hashlib.sha256(f"{FORMAT}\0{key}".encode()).hexdigest()
    path = folder / f"{digest[:32]}.pem"
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        text = make()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(path, text)
    except OSError:
        # A full disk or a folder of somebody else: the next flight makes the text again.
        return text
    return text


def _write(path: Path, text: str) -> None:
    """Write *text* so that no other process ever sees half of it."""
    part = path.with_suffix(f".{os.getpid()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
    part.replace(path)
