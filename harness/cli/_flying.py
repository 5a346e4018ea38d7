"""What every command that flies has: how many at once, where run directories go, how to stop."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from typing import Callable
from typing import Iterator
from typing import TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])
PROCESSES = click.IntRange(min=1)


def flying(*, by_itself: str = "") -> Callable[[Command], Command]:
    """Give a command -n (processes) and --runs (runs).

    *by_itself* says how many there are if nobody says so, and *processes* is None then; else 1.
    """
    number: dict[str, Any] = {"default": None, "show_default": by_itself}
    if not by_itself:
        number = {"default": 1, "show_default": True}

    def given(command: Command) -> Command:
        how_many = click.option(
            "-n", "--processes", type=PROCESSES, help="How many flights at once.", **number
        )
        where = click.option(
            "--runs",
            type=click.Path(file_okay=False, path_type=Path),
            default=Path("runs"),
            show_default=True,
            help="Where run directories go.",
        )
        return how_many(where(command))

    return given


@contextmanager
def stopped_like_ctrl_c() -> Iterator[None]:
    """Let SIGTERM, by which CI stops a job, interrupt as Ctrl-C does: what is over is kept."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
