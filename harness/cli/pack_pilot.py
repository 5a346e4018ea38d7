"""``flightsim pack-pilot``: the reference pilot as one file, for a worker node."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("pack-pilot", short_help="Write the reference pilot as one file.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("pilotcore.pyz"),
    show_default=True,
    help="Where to.",
)
@click.option("--wrappers", is_flag=True, help="Put wrapper.sh and trivialWrapper beside it.")
def command(output: Path, wrappers: bool) -> None:
    """Write the reference pilot as one executable file.

    It needs Python 3.9 or newer and nothing else:

    \b
        flightsim pack-pilot --wrappers
        ./pilotcore.pyz -q QUEUE --url https://pandaserver.example.org
        PILOT_STABLE=pilotcore.pyz ./wrapper.sh -q QUEUE --url https://pandaserver.example.org
    """
    from harness.pilots.pack import pack
    from harness.pilots.pack import put_wrappers

    click.echo(pack(output))
    if wrappers:
        for path in put_wrappers(output.parent):
            click.echo(path)
