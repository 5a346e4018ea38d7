"""``flightsim replay``: fly a recorded flight again and compare the journals."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Iterator

import click

from harness.cli._exit_codes import FAIL
from harness.cli._exit_codes import PASS

if TYPE_CHECKING:
    from harness.replay import ReplayResult

EVENTS_SHOWN = 10


def _moment(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> float | None:
    from harness.units import duration_s

    if value is None:
        return None
    try:
        return float(value) if value.replace(".", "", 1).isdecimal() else duration_s(value)
    except ValueError as error:
        raise click.BadParameter(f"{error}, or a number of seconds") from error


@click.command("replay", short_help="Fly a recorded flight again, compare the journals.")
@click.argument("run", type=click.Path(path_type=Path), default=Path("runs/latest"))
@click.option(
    "--until",
    "stop_s",
    metavar="T",
    callback=_moment,
    help="Stop at this virtual time (1h30m, or seconds) and show what the pilot is doing.",
)
@click.option(
    "--pdb", "debugs", is_flag=True, help="With --until: debug the pilot there; time stands still."
)
@click.option(
    "--shrink-schedule",
    "shrinks",
    is_flag=True,
    help="Find the few switches of threads that make the flight fail.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(run: Path, stop_s: float | None, debugs: bool, shrinks: bool, as_json: bool) -> int:
    """Fly the flight of RUN (a run directory; runs/latest if none) again, byte for byte.

    Exits with 1 at the first line of the journal that differs: the pilot has changed, or
    something leaked into the flight that it is not a function of.
    """
    from harness.rundir import find_run
    from simkernel import ScenarioError

    if debugs and stop_s is None:
        raise click.UsageError("--pdb needs --until: when shall the pilot be stopped?")
    try:
        place = find_run(run)
    except FileNotFoundError as error:
        raise ScenarioError(str(error), remedy="flightsim run makes one") from error
    if shrinks:
        return _shrink(place, as_json)
    if stop_s is not None and not debugs:
        return _stop(place, stop_s, as_json)
    from harness.replay import replay

    with _terminal(debugs) as terminal:
        result = replay(place, stop_s=stop_s, terminal=terminal)
    _print_result(run, result, as_json)
    return PASS if result.stopped or (result.same and not result.choice) else FAIL


@contextmanager
def _terminal(wanted: bool) -> Iterator[tuple[int, int] | None]:
    """Give descriptors of our input and output that a guest may inherit."""
    if not wanted:
        yield None
        return
    sys.stdout.flush()
    mine = (os.dup(sys.stdin.fileno()), os.dup(sys.stdout.fileno()))
    try:
        yield mine
    finally:
        for number in mine:
            os.close(number)


def _print_result(run: Path, result: ReplayResult, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(result), indent=2, ensure_ascii=False))
        return
    if result.stopped:
        click.echo(result.stopped)
        return
    if result.choice:
        click.echo(f"different: {run}, the schedule: {result.choice}")
    if result.same:
        click.echo(f"same: the journal of {run}, byte for byte")
    else:
        click.echo(f"different: {run}, line {result.line} of the journal")
        click.echo(f"  expect  {result.expect}")
        click.echo(f"  actual  {result.actual}")


def _stop(run: Path, stop_s: float, as_json: bool) -> int:
    """Print what every thread waits for at *stop_s*, and what happened last."""
    from harness.replay import stopped
    from reports.stacks import journal_lines
    from reports.stacks import stack_lines

    flown = stopped(run, stop_s=stop_s)
    events = [
        {"t": each.t, "n": each.n, "who": each.who, "what": each.what, **each.data}
        for each in flown.events
    ]
    stood = [event for event in events if event["what"] == "guest.stuck"]
    if as_json:
        click.echo(json.dumps({"stacks": stood, "events": events[-EVENTS_SHOWN:]}, indent=2))
        return PASS
    for line in stack_lines(stood):
        click.echo(line)
    before = [event for event in events if event["what"] not in ("guest.stuck", "flight.end")]
    click.echo("\nwhat happened last")
    for line in journal_lines(before[-EVENTS_SHOWN:]):
        click.echo(line)
    return PASS


def _shrink(run: Path, as_json: bool) -> int:
    from harness.shrink import shrink

    found = shrink(run, told=lambda text: click.echo(text, err=True))
    if as_json:
        click.echo(json.dumps({**asdict(found), "kept": str(found.kept)}, indent=2))
        return PASS
    of = f"{len(found.left)} of {found.before} switches"
    click.echo(f"{of} are enough ({found.flights} flights)")
    for line in found.left:
        click.echo(f"  {line}")
    click.echo(f"kept in {found.kept}")
    return PASS
