"""What a way out is, and what may come of one.

A program is Python text that finds ``D`` (the decoys, by name), ``native`` (a system call by
name, as native code makes it: no audit event tells of it) and ``out`` (to be called when it got
what it must not have) in its globals. What is expected is a word of four letters, one a mode:

    all      audit hook, filter of system calls, namespaces
    filter   audit hook, filter, Landlock: a machine that gives no namespaces
    spaces   audit hook and namespaces: a machine that gives no filter
    first    the audit hook alone (FLIGHTSIM_WALLS=first)

R is refused (and told to the host), C contained (it may run, and reaches nothing), N not contained,
- not flown: it could hurt this machine. I is inside: the name is simulated, and what is simulated
is refused or does something to the simulated node; which of the two is its own tests' business.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.util import find_spec

MODES = ("all", "filter", "spaces", "first")
REFUSED, CONTAINED, ESCAPED, NOT_RUN = "refused", "contained", "not contained", "not run"
LETTERS = {
    "R": (REFUSED,),
    "C": (CONTAINED,),
    "I": (REFUSED, CONTAINED),
    "N": (ESCAPED,),
    "-": (NOT_RUN,),
}


@dataclass(frozen=True, slots=True)
class Way:
    """One way out. *needs* are modules without which it is no way; *since* is a Python."""

    group: str
    name: str
    expected: str
    code: str
    needs: tuple[str, ...] = ()
    since: tuple[int, int] = (3, 9)

    def may_be(self, mode: str) -> tuple[str, ...]:
        """Return what may come of it in *mode*."""
        return LETTERS[self.expected[MODES.index(mode)]]

    def is_there(self, version: tuple[int, ...] = sys.version_info[:3]) -> bool:
        """Tell whether a Python of this *version*, built like this one, has what the way needs."""
        return version >= self.since and all(find_spec(each) for each in self.needs)


class Group:
    """Collects the ways of one group."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.ways: list[Way] = []

    def add(
        self,
        name: str,
        expected: str,
        code: str,
        *,
        needs: tuple[str, ...] = (),
        since: tuple[int, int] = (3, 9),
    ) -> None:
        """Enter one way."""
        self.ways.append(Way(self.name, name, expected, code, needs, since))
