"""flightsim run with experiments: a pilot flies what it has a plug-in for, and says the rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.cli import main
from harness.pilots import Installed
from harness.pilots import PilotChoice
from tests.harness import stub_flight
from tests.harness.small_world import TEXT
from tests.harness.small_world import WORDS

Capture = pytest.CaptureFixture[str]
PLUGINS = {"old": ("generic",), "new": ("generic", "ska")}


def fly(scenario: Any, pilot: PilotChoice, *, seed: int, runs: Path, **_: Any) -> Any:
    return stub_flight.verdict(scenario.name, pilot.label, seed, runs, variant=scenario.variant)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scenario for everyone, one for an experiment, and two pilots."""

    def install(choice: PilotChoice) -> Installed:
        for name in PLUGINS[choice.source]:
            path = tmp_path / choice.source / "pilot" / "user" / name / "common.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        return Installed(tmp_path / choice.source, "tree", "3.0.0.1", "pilot3")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("harness.known.vocabulary", lambda: WORDS)
    monkeypatch.setattr("harness.flight.fly", fly)
    monkeypatch.setattr(
        "harness.pilots.parse_choices", lambda text: (PilotChoice("path", text, "pilot3", text),)
    )
    monkeypatch.setattr("harness.pilots.install", install)
    ska = TEXT.replace('"flap"', '"square"') + '[[pilot]]\nexperiment = "ska"\n'
    (tmp_path / "flap.toml").write_text(TEXT)
    (tmp_path / "square.toml").write_text(ska)


def flown(capsys: Capture, *words: str) -> tuple[int, list[tuple[str, str]], str]:
    code = main(["run", *words, "-n", "1", "--seeds", "21", "--json"])
    said = capsys.readouterr()
    verdicts = [json.loads(line) for line in said.out.splitlines()]
    return code, [(each["scenario"], each["pilot"]) for each in verdicts], said.err


def test_a_pilot_flies_the_experiments_that_it_has_a_plug_in_for(capsys: Capture) -> None:
    files = ("flap.toml", "square.toml")
    code, flights, said = flown(capsys, *files, "--pilot", "old", "--pilot", "new")
    assert 0 == code
    assert [("flap", "old"), ("flap", "new"), ("square", "new")] == flights
    assert "left out: old has no plug-in for ska" == said.splitlines()[0]


def test_nothing_left_to_fly_is_a_matter_of_usage(capsys: Capture) -> None:
    code, flights, said = flown(capsys, "square.toml", "--pilot", "old")
    assert (3, []) == (code, flights)
    assert "old has no plug-in for ska" in said
