"""``flightsim verify``: the site checks, on this machine or on a simulated site."""

from __future__ import annotations

import click

from harness.cli._delegate import delegate

PASSED_ON = {"ignore_unknown_options": True, "help_option_names": []}


@click.command(
    "verify",
    short_help="Check a worker node, real or simulated.",
    context_settings=PASSED_ON,
    add_help_option=False,
)
@click.option("--site", help="Check a simulated site instead of this machine.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(site: str | None, arguments: tuple[str, ...]) -> int:
    """Check this worker node as a pilot would meet it, or a simulated one (--site)."""
    if site is not None:
        return delegate("harness.siteverify_bridge", "run", site, list(arguments))
    return delegate("siteverify", "main", list(arguments))
