"""From what a user names to the scenarios that fly.

A name is a file, a folder, a bundled scenario (``sigterm``) or a bundled folder of them
(``incidents``). One variant of a file or of a bundled scenario is named by two colons,
``sigterm::stage-in``, as pytest does, or as the reports write it, ``sigterm[stage-in]``. Nothing
named means every bundled scenario.
"""

from __future__ import annotations

import os
import re
from importlib.resources import files
from pathlib import Path
from typing import Iterable
from typing import Sequence

from harness.scenario import Scenario
from harness.scenario_files import FOLDER
from harness.scenario_files import SUFFIX
from harness.scenario_files import scenario_files
from harness.scenario_text import Reading
from harness.scenario_text import ScenarioFileError
from harness.scenario_text import read_file
from harness.vocabulary import Vocabulary
from simkernel import ScenarioError
from simkernel import nearest

_BUNDLED = re.compile(r"(?P<name>[\w-]+)(?:\[(?P<inside>[\w-]+)\]|::(?P<after>[\w-]+))?")


def discover(names: Sequence[str] = (), *, vocabulary: Vocabulary) -> tuple[Scenario, ...]:
    """Return the scenarios that *names* mean, each once, in the order named.

    Raises ScenarioFileError with every problem of every file, and every name that means none.
    """
    found: dict[tuple[str, str], Scenario] = {}
    problems: list[ScenarioError] = []
    for name in names or sorted(bundled()):
        reading = _named(name, vocabulary)
        problems += reading.problems
        for scenario in reading.scenarios:
            problems += _clash(scenario, found)
            found.setdefault((scenario.name, scenario.source), scenario)
    if problems:
        unique = {str(problem): problem for problem in problems}
        raise ScenarioFileError(list(unique.values()))
    return tuple(found.values())


def bundled() -> dict[str, Path]:
    """Return the scenario files that come with flightsim, by name."""
    return {path.stem: path for path in sorted(_home().rglob(f"*{SUFFIX}"))}


def _home() -> Path:
    """Return the folder of what is bundled; its own folders have names (``incidents``) too."""
    return Path(str(files(FOLDER)))


def _named(name: str, vocabulary: Vocabulary) -> Reading:
    file, mark, variant = name.partition("::")
    match = _BUNDLED.fullmatch(name)
    known = bundled()
    if match and match["name"] in known:
        path = known[match["name"]]
        return _only(
            match["inside"] or match["after"], _read(path, vocabulary, match["name"]), name
        )
    if mark:
        return _only(variant, _read(Path(file), vocabulary, file), name)
    path = Path(name)
    inside = [each for each, file in known.items() if file.parent == _home() / name]
    if inside and not path.exists():
        return _together([_read(known[each], vocabulary, each) for each in inside])
    if not path.exists() and SUFFIX not in name and os.sep not in name:
        close = nearest(name, known)
        remedy = f"did you mean {close[0]!r}?" if close else "flightsim list scenarios shows them"
        return Reading((), (ScenarioError(f"unknown scenario {name!r}", remedy=remedy),))
    return _all(path, vocabulary)


def _all(path: Path, vocabulary: Vocabulary) -> Reading:
    readings = [_read(each, vocabulary, str(each)) for each in scenario_files(path)]
    if not readings:
        what = "no scenario in this folder"
        remedy = f"a scenario file lies in a folder called {FOLDER} or begins with #:schema"
        return Reading((), (ScenarioError(what, where=str(path), remedy=remedy),))
    return _together(readings)


def _together(readings: Sequence[Reading]) -> Reading:
    return Reading(
        tuple(scenario for reading in readings for scenario in reading.scenarios),
        tuple(problem for reading in readings for problem in reading.problems),
    )


def _read(path: Path, vocabulary: Vocabulary, source: str) -> Reading:
    return read_file(_shortest(path), vocabulary=vocabulary, source=source)


def _shortest(path: Path) -> Path:
    """Return *path* relative to where we stand if it lies below, for readable messages."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_absolute() and path.is_relative_to(here) else path


def _only(variant: str | None, reading: Reading, name: str) -> Reading:
    """Return *reading* with the one *variant* that was named, if one was."""
    if not variant or reading.problems:
        return reading
    chosen = tuple(each for each in reading.scenarios if each.variant == variant)
    if chosen:
        return Reading(chosen, ())
    known = [each.variant for each in reading.scenarios if each.variant]
    close = nearest(variant, known)
    remedy = f"did you mean {close[0]!r}?" if close else f"it has {', '.join(known) or 'none'}"
    problem = ScenarioError(f"unknown variant {variant!r}", where=name, remedy=remedy)
    return Reading((), (problem,))


def _clash(scenario: Scenario, found: Iterable[tuple[str, str]]) -> list[ScenarioError]:
    """Return a problem if another file's scenario has this name: their runs would collide."""
    others = [source for name, source in found if name == scenario.name]
    if not others or scenario.source in others:
        return []
    what = f"another scenario is called {scenario.name!r} too: {others[0]}"
    return [ScenarioError(what, where=scenario.source, remedy="rename one of them")]
