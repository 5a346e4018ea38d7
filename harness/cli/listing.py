"""``flightsim list``: what there is."""

from __future__ import annotations

import json

import click

KINDS = ("scenarios", "points", "faults", "checkers", "sites")


@click.command("list", short_help="List scenarios, points, faults, checkers, sites.")
@click.argument("kind", type=click.Choice(KINDS), default="scenarios")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(kind: str, as_json: bool) -> None:
    """List scenarios, points, faults, checkers or sites."""
    from harness.known import catalogue

    entries = catalogue(kind)
    if as_json:
        listed = [{"name": name, "about": about} for name, about in entries]
        click.echo(json.dumps(listed, indent=2, ensure_ascii=False))
        return
    width = max((len(name) for name, _ in entries), default=0)
    for name, about in entries:
        click.echo(f"{name.ljust(width)}  {about}".rstrip())
