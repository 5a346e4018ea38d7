"""Every kind of fault, by name: one small file each, entered by its decorator."""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any
from typing import Callable
from typing import Iterable
from typing import Protocol
from typing import Sequence
from typing import TypeVar

from harness.faults._fuse import Fuse
from harness.faults._options import build
from harness.faults._options import option_names
from harness.faults._vocabulary import NEED_A_MOMENT
from harness.faults._vocabulary import check_point
from harness.faults._vocabulary import has_calls
from harness.faults._world import FaultPlan
from harness.faults._world import World
from harness.phases import Phases
from harness.phases import follow
from harness.triggers import check_trigger
from harness.triggers import never
from simkernel import HarnessError
from simkernel import ScenarioError
from simkernel import nearest
from simkernel.points import matches


class Fault(Protocol):
    """One fault with its options: a frozen dataclass."""

    def install(self, trigger: Fuse) -> None:
        """Stand in the trigger's world where its plan says, to strike when it says."""


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A kind of fault: its name, the points (or families) it fits, what it does, its class."""

    name: str
    on: tuple[str, ...]
    about: str
    make: type[Any]

    @property
    def options(self) -> tuple[str, ...]:
        """The options as a scenario writes them."""
        return option_names(self.make)

    def fits(self, point: str) -> bool:
        """Tell whether this kind can stand at *point*."""
        return any(matches(pattern, point) for pattern in self.on)


T = TypeVar("T", bound=type[Any])

_KINDS: list[FaultKind] = []


def fault(name: str, *, on: Sequence[str], about: str) -> Callable[[T], T]:
    """Enter a class into the registry under *name*, for the points *on*.

    Two classes may share a name if no point fits both (a signal to a payload, to a pilot).
    """

    def enter(make: T) -> T:
        kind = FaultKind(name, tuple(on), about, make)
        if any(other.name == name and set(other.on) & set(kind.on) for other in _KINDS):
            raise HarnessError(f"fault {name!r} is registered twice for one point")
        _KINDS.append(kind)
        return make

    return enter


@cache
def known_faults() -> tuple[FaultKind, ...]:
    """Return every kind of fault, by name and points."""
    package = import_module("harness.faults")
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        import_module(module.name)
    return tuple(sorted(_KINDS, key=lambda kind: (kind.name, kind.on)))


def points_of(name: str) -> tuple[str, ...]:
    """Return the points and families that the fault called *name* fits."""
    return tuple(sorted(point for kind in known_faults() if kind.name == name for point in kind.on))


def fault_kind(name: str, *, on: str, where: str = "") -> FaultKind:
    """Return the kind called *name* that fits the point *on*.

    Raises ScenarioError, with the nearest name or with what fits there, if there is none.
    """
    fitting = [kind for kind in known_faults() if kind.fits(on)]
    for kind in fitting:
        if kind.name == name:
            return kind
    places = points_of(name)
    if places:
        remedy = f"it stands on {', '.join(places)}"
        raise ScenarioError(f"fault {name!r} does not fit {on!r}", where=where, remedy=remedy)
    close = nearest(name, [kind.name for kind in fitting or known_faults()])
    known = ", ".join(kind.name for kind in fitting)
    remedy = f"did you mean {close[0]!r}?" if close else f"known there: {known or 'none'}"
    raise ScenarioError(f"unknown fault {name!r} on {on!r}", where=where, remedy=remedy)


def check_plan(plan: FaultPlan, *, known: Iterable[str] | None = None) -> Fault:
    """Return the fault that *plan* asks for.

    *known* are the points of the world; without them the point itself is not checked. Raises
    ScenarioError for a wrong point, fault, option or trigger.
    """
    where = str(getattr(plan, "where", ""))
    if known is not None:
        check_point(plan.on, known, where=where)
    kind = fault_kind(plan.do, on=plan.on, where=where)
    check_trigger(plan.at, where=where)
    _check_moment(plan, where=where)
    try:
        made: Fault = build(kind.make, plan.options)
    except ScenarioError as error:
        raise ScenarioError(error.what, where=where, remedy=error.remedy) from error
    return made


def _check_moment(plan: FaultPlan, *, where: str) -> None:
    """Raise ScenarioError for a trigger that a point without calls cannot have."""
    when = plan.at
    if has_calls(plan.on) or when.phase:
        return
    if when.call or when.every:
        what = f"{plan.on!r} has no calls that 'call' or 'every' could count"
        raise ScenarioError(what, where=where, remedy="use after, phase or event")
    if plan.on in NEED_A_MOMENT and not when.after_s and when.event is None:
        what = f"a fault on {plan.on!r} would strike before any pilot runs"
        raise ScenarioError(what, where=where, remedy="say when: after, phase or event")


def install_faults(
    world: World, plans: Iterable[FaultPlan], *, phases: Phases | None = None
) -> tuple[Fuse, ...]:
    """Install the faults of a scenario in *world*, numbered from 1, and return their fuses.

    A fault of probability 0 keeps its number and is not installed: it changes no byte of the
    journal. *phases* are those that already follow the world's journal, if any do.
    """
    followed = phases or follow(world.journal)
    fuses = []
    for number, plan in enumerate(plans, start=1):
        made = check_plan(plan)
        if not never(plan.at):
            fuse = Fuse(world, plan, label=f"{number}/{plan.do}", phases=followed)
            fuse.arm()
            made.install(fuse)
            fuses.append(fuse)
    return tuple(fuses)
