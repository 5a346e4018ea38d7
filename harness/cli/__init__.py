"""The command line: ``flightsim``.

Commands are imported when they are called, and the libraries that they need when they run:
``flightsim --help`` answers at once. The result goes to standard output, talk to standard error.
"""

from __future__ import annotations

import gc
import sys
import traceback
from typing import Sequence

import click

from harness.cli._exit_codes import BROKEN
from harness.cli._exit_codes import INTERRUPTED
from harness.cli._exit_codes import PASS
from harness.cli._exit_codes import USAGE
from harness.cli._group import flightsim

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    0 pass, 1 fail, 2 unknown, 3 usage, 4 broken, 130 interrupted.
    """
    given = None if arguments is None else list(arguments)
    # What is imported stays to the end: the collector need not walk it again and again.
    gc.set_threshold(50_000)
    try:
        code = flightsim.main(args=given, prog_name="flightsim", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return USAGE
    except click.Abort:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - nobody above would say it with the right code
        return _say(error)
    return code if isinstance(code, int) else PASS


def _say(error: Exception) -> int:
    """Print *error* and return its exit code: the user's, or ours."""
    from simkernel import FlightsimError
    from simkernel import ScenarioError

    if isinstance(error, FlightsimError):
        click.echo(str(error), err=True)
        return USAGE if isinstance(error, ScenarioError) else BROKEN
    traceback.print_exception(error, file=sys.stderr)
    click.echo("flightsim: this is an error of flightsim, not of the pilot", err=True)
    return BROKEN
