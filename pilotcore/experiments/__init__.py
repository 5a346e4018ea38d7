"""Experiments as plug-ins: which there are, and how the one that a pilot flies for is found.

Those of BUILT_IN come with the pilot. Any other is the class that an installed package offers
under its name as an entry point of the group ``pilotcore.experiments``:

    [project.entry-points."pilotcore.experiments"]
    tidal = "tidal_pilot:Tidal"

A package that merely lies on PYTHONPATH, with its ``.dist-info`` beside it, is found as well, by
the pilot that is one file too. The names of BUILT_IN are taken: nobody changes what ``atlas``
means by installing something.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

from pilotcore.experiments.experiment import End
from pilotcore.experiments.experiment import Experiment
from pilotcore.experiments.experiment import Site

__all__ = [
    "BUILT_IN",
    "GROUP",
    "BrokenPlugIn",
    "End",
    "Experiment",
    "Site",
    "UnknownExperiment",
    "load",
]

GROUP = "pilotcore.experiments"
GENERIC = "generic"
OF_NONE = "pilotcore.experiments.experiment:Experiment"
BUILT_IN = {
    GENERIC: OF_NONE,
    "atlas": "pilotcore.experiments.atlas:Atlas",
    "charmm": "pilotcore.experiments.charmm:Charmm",
    "dusel": "pilotcore.experiments.dusel:Dusel",
    "osg": "pilotcore.experiments.osg:Osg",
    # These need nothing here that the generic one does not do.
    "darkside": OF_NONE,
    "eic": OF_NONE,
    "rubin": OF_NONE,
    "ska": OF_NONE,
    "sphenix": OF_NONE,
}


class UnknownExperiment(Exception):
    """No experiment of that name comes with the pilot or is installed."""


class BrokenPlugIn(Exception):
    """A plug-in is there and cannot be used."""


@lru_cache(maxsize=None)
def load(name: str) -> Experiment:
    """Return the experiment called *name*. Raises UnknownExperiment, BrokenPlugIn."""
    if name in BUILT_IN:
        module, _, attribute = BUILT_IN[name].partition(":")
        return _made(getattr(import_module(module), attribute), name)
    offers = _offers()
    mine = [each for each in offers if each.name == name]
    if not mine:
        raise UnknownExperiment(_unknown(name, [*BUILT_IN, *(each.name for each in offers)]))
    if len({each.value for each in mine}) > 1:
        values = ", ".join(sorted(each.value for each in mine))
        raise BrokenPlugIn(f"experiment {name!r} is offered more than once: {values}")
    try:
        found = mine[0].load()
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        raise BrokenPlugIn(
            f"experiment {name!r} ({mine[0].value}) cannot be loaded: {why}"
        ) from error
    return _made(found, name)


def _offers() -> list[Any]:
    """Return the entry points of the group. Until Python 3.9 they come by group, all at once."""
    # Not above: it takes longer to import than the rest of the pilot, which may never need it.
    from importlib import metadata

    points: Any = metadata.entry_points()
    found = points.select(group=GROUP) if hasattr(points, "select") else points.get(GROUP, ())
    return sorted(found, key=lambda each: (each.name, each.value))


def _made(found: Any, name: str) -> Experiment:
    if not isinstance(found, type) or not issubclass(found, Experiment):
        raise BrokenPlugIn(f"experiment {name!r} is no class derived from Experiment: {found!r}")
    return found()


def _unknown(name: str, known: list[str]) -> str:
    # Not above: most pilots are told a name that there is.
    from difflib import get_close_matches

    close = get_close_matches(name.lower(), known, n=1)
    hint = f"did you mean {close[0]!r}? " if close else ""
    return f"no experiment is called {name!r}; {hint}known: {', '.join(sorted(set(known)))}"
