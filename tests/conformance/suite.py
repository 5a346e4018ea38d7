"""The programs, run in both arms and compared."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Callable
from typing import Iterable

from tests.conformance.arms import Result
from tests.conformance.arms import run_guest
from tests.conformance.arms import run_real

REAL_AT_ONCE = 8
"""Real programs mostly sleep."""

TRIES = 3
"""A real program on a busy machine may be late: it is then run again, alone."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One program in one interpreter, in both arms."""

    name: str
    real: Result
    guest: Result

    @property
    def agrees(self) -> bool:
        """Tell whether both arms gave the same."""
        return self.real == self.guest

    def difference(self) -> str:
        """Return both results, for people."""
        return f"{self.name}:\n  real:  {self.real}\n  guest: {self.guest}"


def compare(
    names: Iterable[str],
    python: str,
    folder: Path,
    *,
    guests_at_once: int = 1,
    told: Callable[[Cell], None] = lambda cell: None,
) -> list[Cell]:
    """Run the programs *names* in *python* in both arms, below *folder*; return them compared."""
    chosen = list(names)
    with ThreadPoolExecutor(REAL_AT_ONCE) as reals, ThreadPoolExecutor(guests_at_once) as guests:
        real = [reals.submit(run_real, each, python, folder / "real" / each) for each in chosen]
        guest = [guests.submit(run_guest, each, python, folder / "guest" / each) for each in chosen]
        cells = []
        for name, one, other in zip(chosen, real, guest, strict=True):
            cells.append(Cell(name, one.result(), other.result()))
            told(cells[-1])
    return [_settled(cell, python, folder) for cell in cells]


def _settled(cell: Cell, python: str, folder: Path) -> Cell:
    for attempt in range(2, TRIES + 1):
        if cell.agrees:
            break
        again = run_real(cell.name, python, folder / f"again{attempt}" / cell.name)
        cell = Cell(cell.name, again, cell.guest)
    return cell
