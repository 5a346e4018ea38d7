"""The one line that repeats a flight."""

from __future__ import annotations

import shlex
from pathlib import Path

from harness.pilots import PilotChoice
from harness.scenario import Scenario


def rerun_line(
    scenario: Scenario,
    pilot: PilotChoice,
    *,
    seed: int,
    python: str | None = None,
    schedule: str = "fifo",
) -> str:
    """Return the command that flies *scenario* again with the same *pilot* and *seed*.

    *python* is the interpreter that was chosen for the pilot, if one was, *schedule* the schedule
    in one line.
    """
    words = ["flightsim", "run", scenario.source or scenario.name, "--pilot", pilot_text(pilot)]
    if python:
        words += ["--pilot-python", python]
    if schedule != "fifo":
        words += ["--schedule", schedule]
    return shlex.join([*words, "--seeds", str(seed)])


def pilot_text(pilot: PilotChoice) -> str:
    """Return what ``--pilot`` takes: core, pypi:VERSION, or a path as short as can be."""
    if pilot.kind == "core":
        return f"core:{pilot.source}" if pilot.source else pilot.kind
    if pilot.kind == "pypi":
        return f"pypi:{pilot.source}"
    folder, here = Path(pilot.source), Path.cwd()
    return str(folder.relative_to(here)) if folder.is_relative_to(here) else str(folder)
