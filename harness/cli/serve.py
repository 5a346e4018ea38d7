"""``flightsim serve``: the fake PanDA server, live."""

from __future__ import annotations

import click

from harness.cli._delegate import delegate

PASSED_ON = {"ignore_unknown_options": True, "help_option_names": []}


@click.command(
    "serve",
    short_help="Serve the fake PanDA server, live.",
    context_settings=PASSED_ON,
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> int:
    """Serve the fake PanDA server over HTTP in real time; its own --help tells the options."""
    return delegate("fakeserver.serve", "main", list(arguments))
