"""Inputs that the payload reads where they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from pilotcore.platform import Exit
from tests.pilotcore.grid import INPUT
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import adler32
from tests.pilotcore.grid import record
from tests.pilotcore.scripted import ScriptedChild


def direct(tmp_path: Path, answer: Exit, *, takes_s: float = 1.0) -> Grid:
    """Return a grid with a job for direct access, where gfal-sum gives *answer*."""
    grid = Grid(tmp_path)
    grid.jobs = [record(transferType="direct")]

    def run_gfal_sum(child: ScriptedChild) -> Exit:
        child.sleep(takes_s)
        if child.argv[1].endswith("in.root"):
            return answer
        return Exit(127)

    grid.run_gfal_sum = run_gfal_sum  # type: ignore[attr-defined]
    return grid


def test_they_are_looked_at_and_not_copied(tmp_path: Path) -> None:
    grid = direct(tmp_path, Exit(0, 0, f"root://x/in.root {adler32(INPUT)}\n"))
    grid.fly()
    copied = [each.argv for each in grid.platform.children if each.argv[0] == "xrdcp"]
    assert ("finished", False) == (
        grid.final["state"],
        any("in.root" in words[-1] for words in copied),
    )


@pytest.mark.parametrize(
    "answer", [Exit(0), Exit(70, 0, "", "no connection"), Exit(0, 0, "root://x/in.root 00000001")]
)
def test_what_is_not_proved_to_be_readable_is_not(tmp_path: Path, answer: Exit) -> None:
    grid = direct(tmp_path, answer)
    grid.fly()
    assert 1361 == grid.final["pilotErrorCode"]


def test_a_look_has_a_time_limit(tmp_path: Path) -> None:
    grid = direct(tmp_path, Exit(0), takes_s=1e6)
    grid.fly()
    assert 1368 == grid.final["pilotErrorCode"]
