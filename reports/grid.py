"""What came of a grid: a table for people, rows for a spreadsheet.

Takes the figures as plain data, one mapping a site (fakesites.grid.outcome) and one for all.
"""

from __future__ import annotations

import csv
import io
from typing import Any
from typing import Callable
from typing import Mapping
from typing import Sequence

Figures = Mapping[str, Any]
Cell = Callable[[Figures], str]

COLUMNS: Sequence[tuple[str, Cell]] = (
    ("batch", lambda site: str(site["system"])),
    ("pilots by", lambda site: str(site["factory"])),
    ("slots", lambda site: f"{site['slots']:,}"),
    ("use", lambda site: f"{site['slot_use']:.0%}"),
    ("pilots", lambda site: f"{site['pilots']:,}"),
    ("empty", lambda site: f"{site['empty']:,}"),
    ("held back", lambda site: f"{site['held_back']:,}"),
    ("finished", lambda site: f"{site['finished']:,}"),
    ("failed", lambda site: f"{site['failed']:,}"),
    ("retried", lambda site: f"{site['retried']:,}"),
    ("lost", lambda site: f"{site['lost']:,}"),
    ("waiting", lambda site: f"{site['waiting_jobs']:,}"),
    ("wait", lambda site: minutes(site["job_wait_median_s"])),
    ("wait 95 %", lambda site: minutes(site["job_wait_p95_s"])),
    ("read", lambda site: amount(site["read"])),
    ("written", lambda site: amount(site["written"])),
    ("over WAN", lambda site: amount(site["wan"])),
)
UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


def amount(count: float) -> str:
    """Return so many bytes as people write them: "12.3 TB"."""
    unit = 0
    while count >= 1000 and unit < len(UNITS) - 1:
        count /= 1000
        unit += 1
    return f"{count:.0f} {UNITS[unit]}" if unit == 0 else f"{count:.1f} {UNITS[unit]}"


def minutes(seconds: float) -> str:
    """Return *seconds* as people read a wait: 45 s, 12 min, 3.5 h."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def table(sites: Mapping[str, Figures]) -> str:
    """Return a line for each site, under a line of what the columns are."""
    lines = [["site", *[name for name, _ in COLUMNS]]]
    lines += [[name, *[cell(site) for _, cell in COLUMNS]] for name, site in sites.items()]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    left = 3
    return "\n".join(
        "  ".join(
            text.ljust(width) if column < left else text.rjust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def summary(grid: Figures, *, duration_s: float) -> str:
    """Return what there is to say of the whole *grid*."""
    rest = grid["created"] - grid["finished"] - grid["failed"] - grid["unplaced"]
    text = (
        f"{duration_s / 3600:.1f} h on {grid['slots']:,} slots of {grid['sites']} sites: "
        f"{grid['created']:,} jobs, {grid['finished']:,} finished, {grid['failed']:,} failed, "
        f"{rest:,} under way; {grid['pilots']:,} pilots, {grid['empty']:,} without a job; "
        f"slots {grid['slot_use']:.0%} taken, {grid['cpu_use']:.0%} at work"
    )
    if grid["unplaced"]:
        text += f"; {grid['unplaced']:,} jobs fit on no host of any site"
    return text


def site_rows(sites: Mapping[str, Figures]) -> str:
    """Return the figures of the sites as CSV, a line each, all that are one number or word."""
    out = io.StringIO()
    first = next(iter(sites.values()), {})
    names = [name for name, value in first.items() if not isinstance(value, Mapping)]
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["site", *names])
    for site, figures in sites.items():
        writer.writerow([site, *[figures[name] for name in names]])
    return out.getvalue()
