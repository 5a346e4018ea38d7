"""Where a flight takes place: the folder that a guest knows as its root.

With namespaces of the kernel the root is seen at one constant path, whatever its real place,
and the rest of the machine is read-only or not there at all. Without them the root has a path of
constant length, so that cuts and sizes in what a pilot writes stay the same.
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


WALLS_VARIABLE = "FLIGHTSIM_WALLS"
FIRST, FILTER, SPACES, BWRAP = "first", "filter", "spaces", "bwrap"
# What each value of the variable leaves out.
LEFT_OUT = {
    FIRST: "the namespaces and the filter of system calls",
    FILTER: "the namespaces",
    SPACES: "the filter of system calls",
    BWRAP: "the namespaces that are not bubblewrap's",
}
KEPT_FORM = 2
"""What is kept has this form; a file of another form is not read."""


@lru_cache(maxsize=1)
def walls_here() -> dict[str, Any]:
    """Return which walls this machine gives (see guest/fence/probe.py).

    FLIGHTSIM_WALLS leaves some out, to see how flights go without: *first* all but the audit
    hook, *filter* the namespaces, *spaces* the filter of system calls; *bwrap* has bubblewrap
    make the namespaces even where this user may.
    """
    wanted = walls_wanted()
    bwrap = shutil.which("bwrap") or ""
    if wanted in (FIRST, FILTER):
        found = {"by": "", "namespaces": False, "read_only": False, "spaces": []}
        return {**_kept(bwrap), **found, "why": f"{WALLS_VARIABLE}={wanted}"}
    return _kept(f"only:{bwrap}" if wanted == BWRAP else bwrap)


def walls_wanted() -> str:
    """Return what FLIGHTSIM_WALLS asks for; raises HarnessError for what it may not be."""
    wanted = os.environ.get(WALLS_VARIABLE, "")
    if wanted and wanted not in LEFT_OUT:
        remedy = f"{', '.join(LEFT_OUT)}, or nothing for all walls"
        raise HarnessError(f"{WALLS_VARIABLE}={wanted!r} is not known", remedy=remedy)
    return wanted


def _kept(bwrap: str) -> dict[str, Any]:
    """Return what was found before on this machine, by this user; else look."""
    kept = cache_folder() / f"walls-{KEPT_FORM}-{_here(bwrap)}.json"
    try:
        found: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = probe(bwrap)
        with suppress(OSError):
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(found), encoding="utf-8")
    return found


def _here(bwrap: str) -> str:
    """Return what tells this start of this machine, or container, from others."""
    path = Path("/proc/sys/kernel/random/boot_id")
    boot = path.read_text(encoding="ascii").strip() if path.is_file() else "unknown"
    with suppress(OSError):
        boot += "-" + "".join(filter(str.isdigit, os.readlink("/proc/self/ns/mnt")))
    by = "only" if bwrap.startswith("only:") else "bwrap" if bwrap else "none"
    return f"{boot}-{os.getuid()}-{by}"


def probe(bwrap: str = "") -> dict[str, Any]:
    """Look which walls this machine gives, now."""
    with tempfile.TemporaryDirectory() as folder:
        return probe_walls(Path(folder), SEEN, bwrap=bwrap)


@contextmanager
def grounds(keep: Path) -> Iterator[Walls]:
    """Give the root of one flight; afterwards its files are found in the folder *keep*."""
    found, wanted = walls_here(), walls_wanted()
    filters = wanted not in (FIRST, SPACES)
    if found["namespaces"]:
        _prepare(keep)
        bwrap = shutil.which("bwrap") or "" if found["by"] == BWRAP else ""
        yield Walls(keep.resolve(), SEEN, namespaces=True, filters=filters, bwrap=bwrap)
        return
    with _slot() as folder:
        _prepare(folder)
        try:
            yield Walls(folder, str(folder), namespaces=False, filters=filters)
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
