"""flightsim hunt, from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest

from harness.cli import main
from harness.hunt import Haul
from harness.hunt import Hunt
from tests.flights.mutants import plant

Capture = pytest.CaptureFixture[str]
# The payload's own exit code is told as an error of the pilot's: INC-101.
CONFUSED = {
    "updates.py": (
        '        "pilotErrorCode": failure.code if failure else 0,\n',
        '        "pilotErrorCode": payload_code or (failure.code if failure else 0),\n',
    )
}


@pytest.mark.slow
def test_what_is_found_becomes_a_scenario_that_fails_again(tmp_path: Path, capsys: Capture) -> None:
    mutant, runs = plant(tmp_path / "mutant", CONFUSED), tmp_path / "runs"
    words = ["hunt", "--theme", "payloads", "--examples", "40", "--shrink", "15"]
    words += ["--pilot", str(mutant), "--runs", str(runs)]
    assert 1 == main(words)
    first = capsys.readouterr().out
    (found,) = (runs / "hunt").glob("*/drawn-*.toml")
    assert f"{found}: found in the" in first
    assert 0 == main(["lint", str(found)])
    assert 1 == main(["run", str(found), "--pilot", str(mutant), "--runs", str(runs)])
    assert 0 == main(["run", str(found), "--runs", str(runs)])
    capsys.readouterr()
    # Nothing is drawn again, and what was found is told again.
    assert 1 == main(words)
    assert first == capsys.readouterr().out


@pytest.mark.slow
def test_a_pilot_that_does_nothing_wrong_passes(tmp_path: Path, capsys: Capture) -> None:
    words = ["hunt", "--theme", "work", "--examples", "5", "--pilot", "core:in-process"]
    assert 0 == main([*words, "--runs", str(tmp_path)])
    assert "0 violations" in capsys.readouterr().out


def test_an_unknown_theme_is_told_with_the_nearest(capsys: Capture) -> None:
    assert 3 == main(["hunt", "--theme", "transfer"])
    assert "did you mean transfers?" in capsys.readouterr().err


def test_what_is_over_is_told_when_a_hunt_is_interrupted(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hauls(_self: Hunt, *, workers: int) -> Iterator[Haul]:
        yield Haul(0, 50, states={"finished": 50})
        raise KeyboardInterrupt

    monkeypatch.setattr(Hunt, "hauls", hauls)
    assert 130 == main(["hunt", "--runs", str(tmp_path)])
    said = capsys.readouterr()
    assert "50 scenarios flown" in said.out
    assert "the same line goes on" in said.err
