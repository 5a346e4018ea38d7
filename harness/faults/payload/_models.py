"""Changing the life of a payload before it begins."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any
from typing import Callable

from harness.faults._fuse import Fuse
from harness.faults._fuse import Proceed
from harness.faults._fuse import Work
from harness.faults._world import PayloadRun
from simkernel import ScenarioError

ON = ("payload", "payload.*")


def change_model(trigger: Fuse, change: Callable[[Any], Any]) -> None:
    """Let the payloads that the trigger chooses live by what *change* makes of their model."""

    def around(run: PayloadRun, proceed: Proceed) -> Work:
        run.model = change(run.model)
        return (yield from proceed())

    trigger.on_calls(around)


def outputs_named(model: Any, pattern: str) -> tuple[str, ...]:
    """Return the outputs of *model* whose names match *pattern* (``*`` and ``?``)."""
    return tuple(name for name, _ in model.outputs if fnmatchcase(name, pattern))


def check_fraction(fraction: float) -> None:
    """Raise ScenarioError unless *fraction* is one."""
    if not 0 <= fraction <= 1:
        raise ScenarioError(f"fraction = {fraction}", remedy="use a number from 0 to 1")
