"""Small grids for tests: one site or a few, nothing goes wrong unless it is asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fakesites.grid import Grid
from fakesites.grid.records import Job
from fakesites.grid.spec import GridSite
from fakesites.grid.spec import GridSpec
from fakesites.grid.spec import Rates
from fakesites.grid.traces import COLUMNS

# A site without any delay: what is left is what a test is about.
PLAIN = GridSite(
    "A",
    hosts=4,
    cores=1,
    interval_s=60.0,
    start_delay_s=0.0,
    startup_s=0.0,
    storage=1e9,
    stream=1e9,
)


def site(name: str = "A", **options: Any) -> GridSite:
    """Return a plain site with *options*; rates go by their own names."""
    rates = {key: options.pop(key) for key in Rates.__slots__ if key in options}
    return replace(PLAIN, name=name, rates=Rates(**rates), **options)


def jobs(count: int, *, every_s: float = 0.0, **options: Any) -> list[Job]:
    """Return *count* jobs of 1000 s, one *every_s* seconds."""
    known = {"payload_s": 1000.0, "output_bytes": 10**6, **options}
    return [Job(number + 1, number * every_s, **known) for number in range(count)]


class Small:
    """A grid that ran: its rows as dicts, its figures."""

    def __init__(self, *sites: GridSite, work: list[Job], hours: float = 0.0, **options: Any):
        self.rows: list[dict[str, str]] = []
        spec = GridSpec(sites or (site(),), duration_s=hours * 3600, **options)
        self.grid = Grid(spec, jobs=iter(work), write=self._write)
        self.outcome = self.grid.run()

    def _write(self, row: tuple[str, ...]) -> None:
        self.rows.append(dict(zip(COLUMNS, row, strict=True)))

    def at(self, name: str = "A") -> Any:
        """Return the figures of a site."""
        return self.outcome.sites[name]
