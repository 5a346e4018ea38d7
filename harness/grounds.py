"""Where a flight takes place: the folder that a guest knows as its root.

With namespaces of the kernel the root is seen at one constant path, whatever its real place,
and all else is read-only. Without them the root has a path of constant length, so that cuts
and sizes in what a pilot writes stay the same.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import IO
from typing import Any
from typing import Iterator

from harness.guests import Walls
from harness.guests import probe_walls
from harness.pilots.cache import cache_folder
from simkernel import HarnessError

SEEN = "/srv"
FOLDERS = ("cred", "home", "pilot", "python", "tmp", "work")
SLOTS = 100


@lru_cache(maxsize=1)
def walls_here() -> dict[str, Any]:
    """Return which walls this machine gives (see guest/fence/walls.py).

    FLIGHTSIM_WALLS=first leaves the kernel's wall out, to see how flights go without it.
    """
    if os.environ.get("FLIGHTSIM_WALLS") == "first":
        return {"namespaces": False, "read_only": False, "why": "FLIGHTSIM_WALLS=first"}
    kept = cache_folder() / f"walls-{_boot()}-{os.getuid()}.json"
    try:
        found: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = _probe()
        with suppress(OSError):
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(found), encoding="utf-8")
    return found


def _boot() -> str:
    """Return what tells this start of the machine from others: its walls may differ."""
    path = Path("/proc/sys/kernel/random/boot_id")
    return path.read_text(encoding="ascii").strip() if path.is_file() else "unknown"


def _probe() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        return probe_walls(Path(folder), SEEN)


@contextmanager
def grounds(keep: Path) -> Iterator[Walls]:
    """Give the root of one flight; afterwards its files are found in the folder *keep*."""
    if walls_here()["namespaces"]:
        _prepare(keep)
        yield Walls(keep.resolve(), SEEN, namespaces=True)
        return
    with _slot() as folder:
        _prepare(folder)
        try:
            yield Walls(folder, str(folder), namespaces=False)
        finally:
            shutil.move(str(folder), keep)


def _prepare(root: Path) -> None:
    for name in FOLDERS:
        (root / name).mkdir(parents=True)


@contextmanager
def _slot() -> Iterator[Path]:
    """Take the first free of a hundred folders whose names have the same length."""
    place = Path(tempfile.gettempdir()).resolve()
    for number in range(SLOTS):
        lock = _locked(place / f"flightsim.{number:02}.lock")
        if lock is None:
            continue
        with lock:
            folder = place / f"flightsim.{number:02}"
            shutil.rmtree(folder, ignore_errors=True)
            yield folder
            return
    raise HarnessError(f"all {SLOTS} places for flights under {place} are taken")


def _locked(path: Path) -> IO[str] | None:
    lock = path.open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock
