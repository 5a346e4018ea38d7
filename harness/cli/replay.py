"""``flightsim replay``: fly a recorded flight again and compare the journals."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from harness.cli._exit_codes import FAIL
from harness.cli._exit_codes import PASS


@click.command("replay", short_help="Fly a recorded flight again, compare the journals.")
@click.argument("run", type=click.Path(path_type=Path), default=Path("runs/latest"))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(run: Path, as_json: bool) -> int:
    """Fly the flight of RUN (a run directory; runs/latest if none) again, byte for byte.

    Exits with 1 at the first line of the journal that differs: the pilot has changed, or
    something leaked into the flight that it is not a function of.
    """
    from harness.replay import replay
    from harness.rundir import find_run
    from simkernel import ScenarioError

    try:
        place = find_run(run)
    except FileNotFoundError as error:
        raise ScenarioError(str(error), remedy="flightsim run makes one") from error
    result = replay(place)
    if as_json:
        click.echo(json.dumps(asdict(result), indent=2, ensure_ascii=False))
    elif result.same:
        click.echo(f"same: the journal of {run}, byte for byte")
    else:
        click.echo(f"different: {run}, line {result.line} of the journal")
        click.echo(f"  expect  {result.expect}")
        click.echo(f"  actual  {result.actual}")
    return PASS if result.same else FAIL
