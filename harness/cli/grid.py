"""``flightsim grid``: a grid of sites with pilots as records, for hours or days."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import click

if TYPE_CHECKING:
    from fakesites.grid import Grid
    from fakesites.grid import GridSpec

FILE = click.Path(path_type=Path, dir_okay=False)
HAVE = click.Path(path_type=Path, dir_okay=False, exists=True)
POLICIES = click.Choice(["data", "load", "trace"])
ERASE = "\r\x1b[K"


@click.command("grid", short_help="Run a grid of sites with pilots as records.")
@click.argument("file", type=HAVE, required=False)
@click.option("--sites", metavar="NAMES", help="Sites of the catalogue, with commas between.")
@click.option("--jobs", type=click.IntRange(0), help="How many jobs to draw.")
@click.option("--hours", type=click.FloatRange(0), help="How long; 0: until all jobs are done.")
@click.option("--trace", type=HAVE, help="A PanDA job trace (CSV) as the work to do.")
@click.option("--policy", type=POLICIES, help="How jobs find their sites.")
@click.option("--seed", type=int, help="Seed of all that is drawn.")
@click.option("--csv", "csv_file", type=FILE, help="Write the figures of the sites here.")
@click.option("--jobs-csv", type=FILE, help="Write a trace of all attempts here.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def command(file: Path | None, csv_file: Path | None, as_json: bool, **changes: Any) -> None:
    """Run the grid of FILE (TOML), or ten sites of the catalogue, without any pilot's code.

    The table has a line for each site: slots in use, pilots sent, without a job, held back by the
    limit of idle ones, jobs finished and failed, what they waited, and bytes moved.
    """
    from reports import grid as report

    spec = _spec(file, changes)
    outcome = _flown(spec, changes["jobs_csv"])
    if csv_file is not None:
        csv_file.write_text(report.site_rows(outcome.sites), encoding="utf-8")
    if as_json:
        import json

        click.echo(json.dumps(outcome.as_dict(), indent=2))
        return
    click.echo(report.table(outcome.sites))
    click.echo()
    click.echo(report.summary(outcome.grid, duration_s=outcome.duration_s))
    click.echo(f"seed {outcome.seed}, digest {outcome.digest[:16]}")


def _spec(file: Path | None, changes: dict[str, Any]) -> GridSpec:
    """Return the grid that is asked for. Raises ScenarioError."""
    from dataclasses import replace

    from fakesites.grid import default_grid
    from fakesites.grid import load_grid

    names = tuple(filter(None, (changes["sites"] or "").split(",")))
    if file is not None and names:
        raise click.UsageError("--sites are for a grid without a file")
    spec = load_grid(file) if file else default_grid(names) if names else default_grid()
    work = spec.workload
    if changes["trace"] is not None:
        work = replace(work, trace=str(changes["trace"]))
        spec = replace(spec, policy="trace", duration_s=0.0)
    if changes["jobs"] is not None:
        work = replace(work, jobs=changes["jobs"])
    if changes["hours"] is not None:
        spec = replace(spec, duration_s=3600.0 * changes["hours"])
    given = {name: changes[name] for name in ("policy", "seed") if changes[name] is not None}
    return replace(spec, workload=work, **given)


def _flown(spec: GridSpec, jobs_csv: Path | None) -> Any:
    """Run *spec*, with progress for who looks on; return the outcome."""
    import contextlib
    import csv

    from fakesites.grid import Grid
    from fakesites.grid.traces import COLUMNS

    with contextlib.ExitStack() as stack:
        write = None
        if jobs_csv is not None:
            stream = stack.enter_context(jobs_csv.open("w", encoding="utf-8", newline=""))
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(COLUMNS)
            write = writer.writerow
        progress = _show if sys.stderr.isatty() else None
        outcome = Grid(spec, write=write).run(progress=progress)
    if progress is not None:
        click.echo(ERASE, nl=False, err=True)
    return outcome


def _show(grid: Grid) -> None:
    """Say how far *grid* is, on a line that is overwritten."""
    done = grid.jobs.finished + grid.jobs.failed
    hours = grid.agenda.now / 3600
    text = f"{hours:.0f} h: {done:,} of {grid.jobs.created:,} jobs done, {grid.pilots:,} pilots"
    click.echo(f"{ERASE}{text}", nl=False, err=True)
