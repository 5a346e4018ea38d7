"""``flightsim lint``: everything that is wrong with scenario files."""

from __future__ import annotations

import json
from typing import Any

import click

from harness.cli._exit_codes import PASS
from harness.cli._exit_codes import USAGE


@click.command("lint", short_help="Check scenario files.")
@click.argument("files", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(files: tuple[str, ...], as_json: bool) -> int:
    """Check scenario FILES (or folders, or bundled scenarios by name; all bundled ones if none).

    Prints every problem with file and line. Exits with 3 if there is one.
    """
    from harness.discover import discover
    from harness.known import vocabulary
    from harness.scenario_text import ScenarioFileError
    from reports.wording import count_text

    problems: list[Any] = []
    try:
        scenarios = discover(files, vocabulary=vocabulary())
        click.echo(f"{count_text(len(scenarios), 'scenario')}, no problem", err=True)
    except ScenarioFileError as error:
        problems = list(error.problems)
    if as_json:
        rows = [{"where": p.where, "what": p.what, "remedy": p.remedy} for p in problems]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        for problem in problems:
            click.echo(str(problem))
    return USAGE if problems else PASS
