"""``flightsim doctor``: what this machine gives to flights, and what to do about the rest."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Callable

from harness.grounds import SEEN
from harness.grounds import walls_here
from harness.pilots.cache import cache_folder
from simkernel import FlightsimError

GOOD, WEAK, BAD = "good", "weak", "bad"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at: good, weak (flights work, with less), or bad (they do not)."""

    state: str
    what: str
    remedy: str = ""


def examine() -> tuple[Diagnosis, ...]:
    """Look at everything, in the order in which it is needed."""
    return tuple(look() for look in LOOKS)


def run() -> int:
    """Print what was found; 0 unless flights cannot work (4)."""
    found = examine()
    for each in found:
        print(f"{each.state:5} {each.what}")
        if each.remedy:
            print(f"      {each.remedy}")
    return 4 if any(each.state == BAD for each in found) else 0


def _python() -> Diagnosis:
    text = f"Python {platform.python_version()} on {platform.system()}"
    if platform.system() != "Linux":
        return Diagnosis(BAD, text, "guests need Linux: inotify, sparse files, namespaces")
    return Diagnosis(GOOD, text)


def _package() -> Diagnosis:
    return Diagnosis(GOOD, f"panda-flightsim {metadata.version('panda-flightsim')}")


def _first_wall() -> Diagnosis:
    return Diagnosis(GOOD, "first wall: an audit hook in every guest")


def _second_wall() -> Diagnosis:
    found = walls_here()
    if not found["namespaces"]:
        remedy = f"no namespaces: {found['why']}; paths in runs differ from those of other machines"
        return Diagnosis(WEAK, "second wall: none", remedy)
    if not found["read_only"]:
        remedy = "mount_setattr(2) failed: native code could write outside the run"
        return Diagnosis(WEAK, f"second wall: namespaces, the run seen at {SEEN}", remedy)
    return Diagnosis(GOOD, f"second wall: namespaces, the run seen at {SEEN}, the rest read-only")


def _cache() -> Diagnosis:
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK)
    except OSError as error:
        return Diagnosis(BAD, f"pilot cache: {error}", "set FLIGHTSIM_CACHE to a folder of yours")
    kept = sum(1 for _ in Path(folder).glob("pilots/*"))
    if not writable:
        return Diagnosis(BAD, f"pilot cache {folder} cannot be written", "set FLIGHTSIM_CACHE")
    return Diagnosis(GOOD, f"pilot cache {folder}: {kept} pilot(s)")


def _catalogue() -> Diagnosis:
    try:
        from harness.known import vocabulary

        known = vocabulary()
    except FlightsimError as error:
        return Diagnosis(BAD, f"the catalogue of sites: {error}")
    return Diagnosis(GOOD, f"{len(known.sites)} sites, {len(known.points)} points for faults")


LOOKS: tuple[Callable[[], Diagnosis], ...] = (
    _python,
    _package,
    _first_wall,
    _second_wall,
    _cache,
    _catalogue,
)
