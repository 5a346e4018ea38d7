"""flightsim compare: pilots beside each other, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.cli import main
from tests.flights.mutants import plant

Capture = pytest.CaptureFixture[str]
EXITS_BADLY = {
    "pilot.py": (
        '        self._log.info(f"exit code {code}")\n',
        '        code += 1\n        self._log.info(f"exit code {code}")\n',
    )
}
WHY = '[[difference]]\naspect = "exit code"\nwhose = "the mutant"\nbecause = "one too many"\n'
# Its exit code is expected to be 0 in the scenario.
MORE = '[[difference]]\naspect = "verdict"\nwhose = "the mutant"\nbecause = "its exit code"\n'


@pytest.mark.slow
def test_a_difference_is_told_and_an_explained_one_is_no_failure(
    tmp_path: Path, capsys: Capture
) -> None:
    mutant = plant(tmp_path / "mutant", EXITS_BADLY)
    words = ["compare", "itb-queue", "--pilot", str(mutant), "--runs", str(tmp_path / "runs")]
    page = tmp_path / "page.md"
    assert 1 == main([*words, "--markdown", str(page)])
    assert "    exit code: 0 -> 1   (not explained yet)" in capsys.readouterr().out.splitlines()
    assert "flightsim compare itb-queue --pilot PATH" in page.read_text()
    assert str(mutant) not in page.read_text()
    why = tmp_path / "why.toml"
    why.write_text(WHY + MORE)
    flown = (tmp_path / "runs/latest").resolve().stat().st_mtime_ns
    assert 0 == main([*words, "--explained", str(why), "--kept"])
    assert flown == (tmp_path / "runs/latest").resolve().stat().st_mtime_ns


@pytest.mark.slow
def test_a_pilot_beside_itself_is_as_itself(tmp_path: Path, capsys: Capture) -> None:
    mutant = plant(tmp_path / "mutant", EXITS_BADLY)
    words = ["itb-queue", "--first", str(mutant), "--pilot", str(mutant)]
    assert 0 == main(["compare", *words, "--runs", str(tmp_path / "runs")])
    assert "" == capsys.readouterr().out.strip()
