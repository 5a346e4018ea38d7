"""Global shares: how the grid is divided among activities, and whose turn it is.

A tree of shares; each child has a part of its parent. A job counts for the first leaf whose
filters it passes. Dispatch serves the leaf that uses least of what it is due, at each branch of
the tree; the leaf ``Test`` goes before all others. What is used are cores of jobs that are with
pilots. Without shares every job is equal.
Read from panda-server@9cc36033:taskbuffer/GlobalShares.py, db_proxy_mods/entity_module.py#L829.
Not modelled: HS06 of cores, pledges of sites, every tenth dispatch by age (it draws lots).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping
from typing import Sequence

from fakeserver.jobs import JobSpec
from simkernel import ScenarioError

UNDEFINED = "Undefined"
TEST = "Test"
UNUSABLE = 1e6  # of a share without value, which comes last


@dataclass(frozen=True, slots=True)
class Share:
    """One share: *value* is its part among the children of *parent*; empty filters let all pass."""

    name: str
    value: float = 0.0
    parent: str = ""
    label: str = ""
    working_group: str = ""
    processing: str = ""
    vo: str = ""
    resource_type: str = ""

    def takes(self, spec: JobSpec) -> bool:
        """Tell whether a job passes the filters."""
        wanted = (self.label, self.working_group, self.processing, self.vo, self.resource_type)
        own = (
            spec.source_label,
            spec.working_group,
            spec.processing,
            spec.vo,
            spec.resource_type,
        )
        return all(not want or want == have for want, have in zip(wanted, own, strict=True))


class Shares:
    """The tree of shares and what each leaf uses now (cores)."""

    def __init__(self) -> None:
        self._shares: dict[str, Share] = {}
        self._children: dict[str, list[Share]] = {}
        self.used: dict[str, int] = {}

    def __bool__(self) -> bool:
        return bool(self._shares)

    def define(self, shares: Sequence[Share]) -> None:
        """Set the shares. Raises ScenarioError for two of one name or an unknown parent."""
        by_name = {each.name: each for each in shares}
        if len(by_name) != len(shares):
            raise ScenarioError("two shares have the same name", where="shares")
        for each in shares:
            if each.parent and each.parent not in by_name:
                raise ScenarioError(f"unknown parent {each.parent!r}", where=f"share {each.name}")
        self._shares = by_name
        self._children = {}
        for each in shares:
            self._children.setdefault(each.parent, []).append(each)

    def present(self) -> list[Share]:
        """Return every share, as they were defined."""
        return list(self._shares.values())

    def leaf_of(self, spec: JobSpec) -> str:
        """Return the name of the share that a job counts for."""
        for each in self._shares.values():
            if each.name not in self._children and each.takes(spec):
                return each.name
        return UNDEFINED

    def count(self, share: str, cores: int) -> None:
        """Let *share* use so many more *cores* (fewer if negative)."""
        self.used[share] = self.used.get(share, 0) + cores

    def ranks(self) -> Mapping[str, int]:
        """Return the turn of each leaf, 0 first."""
        order = {share.name: turn for turn, share in enumerate(self._sorted("", 1.0), 1)}
        return order | ({TEST: 0} if TEST in order else {})

    def _sorted(self, parent: str, due: float) -> list[Share]:
        children = self._children.get(parent, [])
        whole = sum(each.value for each in children) or 1.0
        parts = {each.name: due * each.value / whole for each in children}
        leaves: list[Share] = []
        # sorted() is stable: shares that are equally far keep the order of their definition.
        for each in sorted(children, key=lambda share: self._served(share, parts[share.name])):
            below = self._sorted(each.name, parts[each.name])
            leaves += below or [each]
        return leaves

    def _served(self, share: Share, part: float) -> float:
        return self._using(share) / part if part else UNUSABLE

    def _using(self, share: Share) -> float:
        children = self._children.get(share.name)
        if not children:
            return float(self.used.get(share.name, 0))
        return sum(self._using(each) for each in children)
