"""Which commands say the same again as long as the process table does not change.

Pilots watch their payload with ``ps -eo pid,ppid`` or with
``ps axo pgid,psr | sort | grep 4711 | uniq | awk …``, every second, for hours. Such a line looks
at nothing but the process table; what is new in its output each time are the pids of its own
processes. This module reads that off the line; what comes of it is harness.desks.standing's.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from fakesites.shell import SHELLS
from fakesites.shell.parser import parse
from fakesites.shell.syntax import Refused
from fakesites.shell.syntax import Simple
from fakesites.shell.syntax import SyntaxProblem
from fakesites.tools import NotSpoken
from fakesites.tools import UsageError
from fakesites.tools.ps import read_request

if TYPE_CHECKING:
    from fakesites.node import Node

Argv = tuple[str, ...]

FILTERS = frozenset({"awk", "cut", "grep", "head", "sort", "tail", "tr", "uniq", "wc"})
CACHED_LINES = 1024
OWN_PIDS = frozenset({"pid", "ppid"})
OWN_GROUPS = frozenset({"pgid", "sid"})


@dataclass(frozen=True, slots=True)
class Repeat:
    """A command that repeats itself.

    *names* are the tools that it runs; *shifts* tells whether the pids of its own processes are
    in what it writes; a fresh pid must have none of *avoid* in it, else a filter would see it.
    """

    names: tuple[str, ...]
    shifts: bool
    avoid: tuple[str, ...] = ()


def repeat_of(argv: Argv, *, new_session: bool) -> Repeat | None:
    """Return how the command *argv* repeats itself, or None if it need not."""
    stages = _stages(argv)
    if not stages or stages[0][0] != "ps":
        return None
    if not all(stage[0] in FILTERS for stage in stages[1:]):
        return None
    try:
        request = read_request(stages[0][1:])
    except (UsageError, NotSpoken):
        return None
    if request.timely:
        return None
    names = tuple(stage[0] for stage in stages)
    columns = {name for name, _ in request.layout}
    fresh = columns & (OWN_PIDS | OWN_GROUPS if new_session else OWN_PIDS)
    if not fresh or len(stages) == 1:
        return Repeat(names, shifts=bool(fresh))
    literal = _literal(stages[1:])
    return None if literal is None else Repeat(names, shifts=False, avoid=(literal,))


def is_undisturbed(repeat: Repeat, node: Node) -> bool:
    """Tell whether no fault, and nothing that is missing, stands at a tool of *repeat*."""
    return all(
        node.points.is_bare(f"tool.{name}") and name not in node.missing for name in repeat.names
    )


@lru_cache(maxsize=CACHED_LINES)
def _stages(argv: Argv) -> tuple[Argv, ...]:
    """Return the argv of each stage of a plain pipeline; nothing for any other command."""
    if argv[0].rpartition("/")[2] not in SHELLS:
        return (argv,)
    if len(argv) != 3 or argv[1] != "-c":
        return ()
    try:
        script = parse(argv[2])
    except (SyntaxProblem, Refused):
        return ()
    if len(script.chains) != 1 or script.chains[0].background:
        return ()
    links = script.chains[0].links
    if len(links) != 1 or links[0][1].negated:
        return ()
    return tuple(_plain(command) for command in links[0][1].commands)


def _plain(command: object) -> Argv:
    is_plain = isinstance(command, Simple) and not command.redirects and not command.assignments
    return command.argv or ("",) if isinstance(command, Simple) and is_plain else ("",)


def _literal(stages: tuple[Argv, ...]) -> str | None:
    """Return the word that the first ``grep`` keeps lines of, if only ``sort`` comes before it.

    Lines of fresh pids do not get past it, and the order of the others is their own.
    """
    for stage in stages:
        if stage[0] == "grep" and len(stage) == 2 and stage[1].isalnum():
            return stage[1]
        if stage != ("sort",):
            return None
    return None
