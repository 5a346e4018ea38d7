"""``flightsim doctor``: what this machine gives to flights, and what to do about the rest."""

from __future__ import annotations

import os
import platform
import shutil
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Callable

from harness import hotpath
from harness.grounds import BWRAP
from harness.grounds import walls_here
from harness.grounds import walls_wanted
from harness.pilots.cache import cache_folder
from harness.standing_walls import Wall
from harness.standing_walls import walls
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
    looked = [look() for look in LOOKS]
    looked[WALLS_AT:WALLS_AT] = _walls()
    return tuple(looked)


def run() -> int:
    """Print what was found; 0 unless flights cannot work (4)."""
    found = examine()
    remedy = ""
    for each in found:
        if remedy and remedy != each.remedy:
            print(f"      {remedy}")
        print(f"{each.state:5} {each.what}")
        remedy = each.remedy
    if remedy:
        print(f"      {remedy}")
    return 4 if any(each.state == BAD for each in found) else 0


def _python() -> Diagnosis:
    text = f"Python {platform.python_version()} on {platform.system()}"
    if platform.system() != "Linux":
        return Diagnosis(BAD, text, "guests need Linux: inotify, sparse files, namespaces")
    return Diagnosis(GOOD, text)


def _package() -> Diagnosis:
    return Diagnosis(GOOD, f"panda-flightsim {metadata.version('panda-flightsim')}")


def _walls() -> tuple[Diagnosis, ...]:
    return tuple(map(_wall, walls(walls_here(), wanted=walls_wanted())))


def _wall(wall: Wall) -> Diagnosis:
    text = f"wall: {wall.name} ({wall.contains})"
    if wall.stands:
        return Diagnosis(GOOD, text)
    return Diagnosis(WEAK, f"missing {text}", wall.remedy)


def _bubblewrap() -> Diagnosis:
    found, by = shutil.which(BWRAP), walls_here()["by"]
    if by == BWRAP:
        return Diagnosis(GOOD, f"bubblewrap: {found} makes the namespaces")
    if by:
        return Diagnosis(GOOD, f"bubblewrap: {found or 'not installed'}; not needed")
    remedy = "it may give the namespaces that this user does not get himself"
    text = f"bubblewrap: {found} gives no namespaces either" if found else "bubblewrap: not there"
    return Diagnosis(WEAK, text, walls_here()["why"] if found else f"install it: {remedy}")


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


def _compiled() -> Diagnosis:
    made = {each.minor: hotpath.part(each.path) for each in hotpath.flown()}
    missing = {minor: part.why for minor, part in made.items() if part.folder is None}
    stands = ", ".join(minor for minor in made if minor not in missing)
    if not missing:
        return Diagnosis(GOOD, f"compiled runtime: stands for Python {stands}")
    whys = "; ".join(f"{minor}: {why}" for minor, why in missing.items())
    text = f"compiled runtime: not for Python {whys[:300]}"
    return Diagnosis(WEAK, f"{text}; it stands for {stands}" if stands else text, hotpath.REMEDY)


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
    _bubblewrap,
    _cache,
    _compiled,
    _catalogue,
)
WALLS_AT = LOOKS.index(_bubblewrap)
