"""``flightsim report``: render again what was flown before."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from harness.cli._written import report_files
from harness.cli._written import write_reports


@click.command("report", short_help="Report again on runs that are over.")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path), default=Path("runs"))
@report_files
@click.option("--markdown", "as_markdown", is_flag=True, help="Print Markdown.")
@click.option(
    "--coverage", "covers", is_flag=True, help="Add up which lines of the pilot were reached."
)
@click.option("--json", "as_json", is_flag=True, help="Print one verdict a line, as JSON.")
def command(
    directory: Path,
    junit: Path | None,
    html: Path | None,
    as_markdown: bool,
    covers: bool,
    as_json: bool,
) -> None:
    """Report on every run in DIR (one run directory, or a folder of them; runs if none)."""
    verdicts = _verdicts(directory)
    if as_json:
        for verdict in verdicts:
            click.echo(json.dumps(verdict, ensure_ascii=False))
    elif as_markdown:
        from reports.summary import markdown

        click.echo(markdown(verdicts), nl=False)
    else:
        _print(verdicts)
    if covers:
        from harness.cli._covered import print_coverage

        print_coverage(verdicts, directory, sys.stderr if as_json else sys.stdout)
    write_reports(verdicts, junit=junit, html=html)


def _verdicts(directory: Path) -> list[dict[str, Any]]:
    from reports.verdict_json import FILE
    from reports.verdict_json import read_verdict
    from simkernel import ScenarioError

    # Drafts and runs about to be replaced have hidden names: they are not reported.
    paths = [
        path
        for path in sorted(directory.resolve().rglob(FILE))
        if not any(part.startswith(".") for part in path.relative_to(directory.resolve()).parts)
    ]
    if not paths:
        raise ScenarioError(
            f"no {FILE} here", where=str(directory), remedy="flightsim run makes one"
        )
    return [read_verdict(path) for path in paths]


def _print(verdicts: list[dict[str, Any]]) -> None:
    from reports.failure import epoch_of
    from reports.failure import failure_block
    from reports.stacks import stacks_of
    from reports.summary import totals
    from reports.terminal import rendered
    from reports.terminal import wants_colours

    colours = wants_colours(sys.stdout, os.environ)
    click.echo(rendered(verdicts, colours=colours))
    for verdict in verdicts:
        if verdict["state"] != "pass":
            click.echo("\n" + failure_block(verdict, epoch=epoch_of(verdict), colours=colours))
            for line in stacks_of(verdict):
                click.echo(f"  {line}")
    click.echo("\n" + totals(verdicts))
