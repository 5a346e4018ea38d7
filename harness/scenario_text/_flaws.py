"""One flaw of a scenario file: where its key is, what is wrong, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable

from harness.scenario_text._lines import KeyPath
from simkernel import nearest

LISTED_MAX = 10


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong at *path* of a document; a line number is found for it later."""

    path: KeyPath
    text: str
    remedy: str = ""


def unknown(path: KeyPath, what: str, known: Iterable[str], *, name: str | None = None) -> Flaw:
    """Return the flaw of a name that nobody knows, with the nearest of the *known* ones.

    *what* says what it should have named; *name* is the last key of *path* if not given.
    """
    wrong = str(path[-1]) if name is None else name
    return Flaw(path, what.replace("{}", repr(wrong)), proposal(wrong, known))


def proposal(name: str, known: Iterable[str]) -> str:
    """Return what to say of an unknown *name*: the nearest known one, or a few that there are."""
    names = sorted(set(known))
    close = nearest(name, names)
    if close:
        return f"did you mean {close[0]!r}?"
    listed = ", ".join(names[:LISTED_MAX])
    return f"known: {listed}{', …' if len(names) > LISTED_MAX else ''}" if names else ""


def dotted_text(path: KeyPath) -> str:
    """Return *path* as a message writes it, which is also how a variant does: ``fault.0.do``."""
    return ".".join(str(part) for part in path)
