"""``flightsim doctor``: can this machine fly?"""

from __future__ import annotations

import click

from harness.cli._delegate import delegate


@click.command("doctor", short_help="Check that this machine can fly.")
def command() -> int:
    """Check that this machine has what flights need."""
    return delegate("harness.doctor", "run")
