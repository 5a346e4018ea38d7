"""The reports that go to files, for each command that has verdicts: --junit and --html."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from typing import Callable
from typing import TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def report_files(command: Command) -> Command:
    """Give *command* the options; it passes what it gets for them on to write_reports()."""
    file = click.Path(dir_okay=False, path_type=Path)
    html = click.option(
        "--html", type=file, help="Write a page with a timeline of each flight to this file."
    )
    junit = click.option("--junit", type=file, help="Write a JUnit report to this file.")
    return junit(html(command))


def write_reports(verdicts: list[dict[str, Any]], *, junit: Path | None, html: Path | None) -> None:
    """Write what is wanted, each whole or not at all."""
    from reports.files import write_whole

    if junit is not None:
        from reports.junit import junit_xml

        write_whole(junit, junit_xml(verdicts))
    if html is not None:
        from reports.page import page

        write_whole(html, page(verdicts))
