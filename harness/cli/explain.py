"""``flightsim explain``: what a pilot error code means."""

from __future__ import annotations

import click


@click.command("explain", short_help="Explain a pilot error code.")
@click.argument("code")
def command(code: str) -> None:
    """Explain a pilot error CODE: a number (1151) or a name (STAGEINTIMEOUT)."""
    from harness.known import explain

    click.echo(explain(code))
