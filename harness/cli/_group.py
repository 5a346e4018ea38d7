"""The command group; a command's module is imported when the command is asked for."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version
from typing import Any

import click

DISTRIBUTION = "panda-flightsim"

# Each command by name, in the order in which a user meets them, and the module that has it as
# ``command``. A module called list would take the builtin's place in this package.
COMMANDS = {
    "run": "run",
    "replay": "replay",
    "releases": "releases",
    "compare": "compare",
    "hunt": "hunt",
    "report": "report",
    "list": "listing",
    "lint": "lint",
    "schema": "schema",
    "verify": "verify",
    "serve": "serve",
    "send-job": "send_job",
    "pack-pilot": "pack_pilot",
    "grid": "grid",
    "explain": "explain",
    "doctor": "doctor",
}
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports them one by one."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return every command's name, in the order of the help page."""
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        cmd_name: str,
    ) -> click.Command | None:
        """Return the command called *cmd_name*, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"harness.cli.{COMMANDS[cmd_name]}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that *args* begin with; a wrong one with the nearest right one."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from simkernel import nearest

            close = nearest(args[0], COMMANDS)
            if not close:
                raise
            raise click.UsageError(f"{error.message} Did you mean {close[0]!r}?", ctx) from error


def _show_version(ctx: click.Context, _parameter: click.Parameter, value: Any) -> None:
    if not value or ctx.resilient_parsing:
        return
    try:
        click.echo(f"flightsim {version(DISTRIBUTION)}")
    except PackageNotFoundError:
        click.echo("flightsim (a checkout, not installed)")
    ctx.exit()


@click.group("flightsim", cls=LazyGroup, context_settings=SETTINGS, no_args_is_help=True)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",
)
def flightsim() -> None:
    """Fly PanDA pilots in a simulated grid, break things, and see what they do wrong.

    \b
    Exit codes: 0 pass, 1 fail (the pilot's), 2 unknown, 3 usage,
                4 broken (ours), 130 interrupted.
    """
