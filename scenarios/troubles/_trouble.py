"""One trouble: what it changes, and what it allows."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Mapping

from harness.scenario import ALWAYS
from harness.scenario import Expectation
from harness.scenario import FaultPlan
from harness.triggers import Trigger

HARMLESS = Expectation(states=("finished", "closed"))
"""The jobs end well: a clone that was not needed is closed."""
OPEN = Expectation()
"""Nothing is claimed but the rules, which hold in every flight."""
MARGIN_S = 1800.0


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something to meet in a flight.

    *place* is site and queue, where it has to be a certain one; *world* overrides by section as
    a scenario has them; *job*, *record*, *payload* and *pilot* are fields of those that differ.
    *claim* must hold if every one of the faults strikes; if none does, nothing has happened. A
    claim for *one_job* is about the one that was hit, if there are several. *cost_s* is by how
    much later than otherwise the jobs may end.
    """

    faults: tuple[FaultPlan, ...] = ()
    place: tuple[str, str] | None = None
    world: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    job: Mapping[str, object] = field(default_factory=dict)
    record: Mapping[str, object] = field(default_factory=dict)
    payload: Mapping[str, object] = field(default_factory=dict)
    pilot: Mapping[str, object] = field(default_factory=dict)
    claim: Expectation = HARMLESS
    one_job: bool = False
    cost_s: float = MARGIN_S

    @property
    def settings(self) -> dict[tuple[str, ...], object]:
        """Everything that it wants to be so, by name: two troubles must not want different."""
        wanted: dict[tuple[str, ...], object] = {}
        if self.place is not None:
            wanted[("place",)] = self.place
        for section, values in self.world.items():
            wanted |= {("world", section, key): value for key, value in values.items()}
        for name in ("job", "record", "payload", "pilot"):
            wanted |= {(name, key): value for key, value in getattr(self, name).items()}
        states = {fault.on: fault.do for fault in self.faults if is_state(fault.on)}
        return wanted | {("fault", point): do for point, do in states.items()}


def is_state(point: str) -> bool:
    """Tell whether two faults at *point* would contradict: it is a piece of state, or one's life.

    Who is stopped cannot be told to stop, and who is dead not either.
    """
    return point.startswith(("node.", "queuedata.", "credential.", "batch.")) or point == "payload"


def fault(on: str, do: str, at: Trigger = ALWAYS, /, **options: object) -> FaultPlan:
    """Return a fault; *options* as a scenario writes them."""
    return FaultPlan(on, do, at, options)


def failed(*codes: int, **fields: str) -> Expectation:
    """Return the claim that every job fails with one of *codes* (any, if none is named)."""
    said = {name: (pattern,) for name, pattern in fields.items()}
    return Expectation(states=("failed",), pilot_error_codes=codes or None, fields=said or None)


BNL = ("BNL", "BNL_ATLAS_1")
ATLAS: Mapping[str, Any] = {
    "place": ("BNL", "BNL_ATLAS_2"),
    "job": {"kind": "production"},
    "record": {
        "transformation": "Reco_tf.py",
        "swRelease": "Atlas-25.0.20",
        "homepackage": "Athena/25.0.20",
        "cmtConfig": "x86_64-el9-gcc13-opt",
    },
    "pilot": {"experiment": "atlas", "label": ""},
}
"""A job of ATLAS with a release of its own, on a queue for it."""
