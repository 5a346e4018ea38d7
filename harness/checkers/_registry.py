"""Every checker, by name: one small file each, entered by its decorator."""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Callable
from typing import Collection

from harness.findings import Finding
from harness.findings import in_order
from harness.record import Flight
from simkernel import HarnessError
from simkernel import ScenarioError
from simkernel import nearest

Check = Callable[[Flight], list[Finding]]


@dataclass(frozen=True, slots=True)
class Checker:
    """One invariant: its name, what it says, and the function that looks for breaches."""

    name: str
    about: str
    check: Check


_CHECKERS: dict[str, Checker] = {}


def checker(name: str, *, about: str) -> Callable[[Check], Check]:
    """Enter a function (Flight) -> list[Finding] into the registry under *name*."""

    def enter(check: Check) -> Check:
        if name in _CHECKERS:
            raise HarnessError(f"checker {name!r} is registered twice")
        _CHECKERS[name] = Checker(name, about, check)
        return check

    return enter


@cache
def known_checkers() -> tuple[Checker, ...]:
    """Return every checker, by name."""
    package = import_module("harness.checkers")
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        import_module(module.name)
    return tuple(_CHECKERS[name] for name in sorted(_CHECKERS))


def checker_names() -> tuple[str, ...]:
    """Return the name of every checker, sorted: what a scenario's violations may list."""
    return tuple(each.name for each in known_checkers())


def find_checker(name: str) -> Checker:
    """Return the checker called *name*. Raises ScenarioError, with the nearest name."""
    found = {each.name: each for each in known_checkers()}
    if name not in found:
        close = nearest(name, found)
        remedy = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(found)}"
        raise ScenarioError(f"unknown checker {name!r}", remedy=remedy)
    return found[name]


def inspect(flight: Flight, *, only: Collection[str] = ()) -> list[Finding]:
    """Return what all checkers (or those called *only*) find in *flight*, in order of time."""
    chosen = [find_checker(name) for name in sorted(only)] if only else known_checkers()
    return in_order([finding for each in chosen for finding in each.check(flight)])
