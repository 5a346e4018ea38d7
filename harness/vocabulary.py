"""The names that a scenario may use, as data.

Scenarios are read by a module that knows no fault, site or checker: it is handed the names.
``harness.known`` collects them from the registries; a test passes its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Callable
from typing import Mapping

from harness.phases import PHASES
from harness.pilot_rows import PILOT_ROWS
from harness.scenario import FaultPlan
from simkernel.points import matches

JOB_KINDS = ("production", "analysis", "event", "clone", "merge", "itb", "skim", "hpc")

# The states of the server's job table, in order of life (panda-server@9cc3603:
# pandaserver/taskbuffer/JobSpec.py and the column's own comment).
JOB_STATES = (
    "pending",
    "defined",
    "assigned",
    "waiting",
    "activated",
    "sent",
    "starting",
    "running",
    "holding",
    "merging",
    "transferring",
    "finished",
    "failed",
    "cancelled",
    "closed",
    "throttled",
)

# Sections of [world]: the fields that may be overridden, None where any may.
OPEN_OVERRIDES: Mapping[str, tuple[str, ...] | None] = {
    "node": None,
    "batch": None,
    "storage": None,
    "queuedata": None,
    "credential": None,
    "server": None,
    "environ": None,
    "glexec": None,
    "myproxy": None,
    "network": ("ipv6",),
}


@dataclass(frozen=True, slots=True)
class FaultWords:
    """One kind of fault: the points (or families, ``tool.*``) it fits, () for all, and its options.

    Options are named as a scenario writes them; None means that any may be given.
    """

    on: tuple[str, ...] = ()
    options: tuple[str, ...] | None = None

    def fits(self, point: str) -> bool:
        """Tell whether this kind of fault can stand at *point*."""
        return not self.on or any(matches(pattern, point) for pattern in self.on)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every name that a scenario may use.

    *faults* gives the kinds that share a name; *sites* the queues of each site; *overrides* the
    fields of each ``[world.*]`` section, of which those that end in ``_s`` or ``_bytes`` are
    written without that ending and with a unit. Of *open_families* any point will do.
    *check_fault* raises ScenarioError for an option's value or a trigger that makes no sense,
    *check_site* (site, overrides) for what its catalogue does not allow.
    """

    points: tuple[str, ...] = ()
    open_families: tuple[str, ...] = ("queuedata",)
    faults: Mapping[str, tuple[FaultWords, ...]] = field(default_factory=dict)
    sites: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    job_kinds: tuple[str, ...] = JOB_KINDS
    checkers: tuple[str, ...] = ()
    phases: tuple[str, ...] = PHASES
    states: tuple[str, ...] = JOB_STATES
    rows: tuple[str, ...] = tuple(PILOT_ROWS)
    overrides: Mapping[str, tuple[str, ...] | None] = field(default_factory=lambda: OPEN_OVERRIDES)
    check_fault: Callable[[FaultPlan], object] | None = None
    check_site: Callable[[str, Mapping[str, object]], object] | None = None

    def has_point(self, point: str) -> bool:
        """Tell whether *point* is one of this world."""
        family, dot, _ = point.partition(".")
        return point in self.points or (bool(dot) and family in self.open_families)
