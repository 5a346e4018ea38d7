"""flightsim releases: what it flies, in which interpreter, and what it tells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness import interpreters
from harness.cli import main
from harness.interpreters import Interpreter
from harness.interpreters import Sought
from harness.pilots import Installed
from harness.pilots import PilotChoice
from harness.pilots.choice import chosen_release
from tests.harness.small_world import TEXT
from tests.harness.small_world import WORDS
from tests.reports.verdicts import verdict

Capture = pytest.CaptureFixture[str]
OLD = Interpreter("/opt/python3.9", (3, 9, 1), "39")
CRASH = """Traceback (most recent call last):
  File "/srv/pilot/pilot/control/job.py", line 7, in retrieve
    fly()
TypeError: no
"""


class Verdict:
    """What a flight of a stub comes to: old pilots break down."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self._fields = fields

    def as_dict(self) -> dict[str, Any]:
        return self._fields


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """A folder with one scenario; return the pilots that are flown, and in what."""
    flown: list[tuple[str, str]] = []

    def fly(scenario: Any, pilot: PilotChoice, **options: Any) -> Verdict:
        flown.append((pilot.label, options.get("python", "")))
        folder = tmp_path / "runs" / pilot.label
        folder.mkdir(parents=True)
        (folder / "pilot-1.out").write_text(CRASH)
        state = "fail" if pilot.source.startswith("3.1.") else "pass"
        fields = {"pilot": pilot.label, "state": state, "run_dir": str(folder)}
        return Verdict(verdict(scenario=scenario.name, **fields))

    def choices(text: str) -> tuple[PilotChoice, ...]:
        return tuple(chosen_release(each) for each in text.removeprefix("pypi:").split("+"))

    def install(choice: PilotChoice) -> Installed:
        return Installed(tmp_path, "tree", choice.source, choice.family)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("harness.known.vocabulary", lambda: WORDS)
    monkeypatch.setattr("harness.flight.fly", fly)
    monkeypatch.setattr("harness.pilots.parse_choices", choices)
    monkeypatch.setattr("harness.pilots.install", install)
    monkeypatch.setattr(interpreters, "look", lambda: (Sought("3.9", OLD), Sought("3.10", None)))
    asked = interpreters.ask
    monkeypatch.setattr(interpreters, "ask", lambda path: OLD if path == OLD.path else asked(path))
    (tmp_path / "flap.toml").write_text(TEXT)
    return flown


def test_a_table_with_the_place_of_each_failure(capsys: Capture) -> None:
    assert 1 == main(["releases", "flap.toml", "--pilot", "pypi:3.1.1.10+3.7.0.36"])
    lines = capsys.readouterr().out.splitlines()
    assert ["3.1.1.10  3.9     FAIL", "3.7.0.36  3.11    pass"] == [
        line.replace(interpreters.host().minor, "3.11") for line in lines[1:3]
    ]
    assert ["3.1.1.10 flap", "    pilot/control/job.py:7: TypeError: no"] == lines[4:]


def test_an_old_release_flies_in_an_old_interpreter(place: list[tuple[str, str]]) -> None:
    main(["releases", "flap.toml", "--pilot", "pypi:3.1.1.10+3.7.0.36"])
    assert [("pypi-3.1.1.10", OLD.path), ("pypi-3.7.0.36", "")] == place


def test_a_machine_without_an_old_interpreter_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr(interpreters, "look", lambda: (Sought("3.9", None),))
    assert 3 == main(["releases", "flap.toml", "--pilot", "pypi:2.12.8.1"])
    said = capsys.readouterr().err
    assert "pypi-2.12.8.1 needs Python 3.9 or older, and there is none" in said
    assert interpreters.PYTHONS_VARIABLE in said


def test_json_is_one_verdict_a_line(capsys: Capture) -> None:
    main(["releases", "flap.toml", "--pilot", "pypi:3.1.1.10+3.7.0.36", "--json"])
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    blame = {"text": "pilot/control/job.py:7: TypeError: no", "code": "fly()"}
    assert ("3.1.1.10", "3.9", blame) == (first["release"], first["python"], first["blame"])
    assert "blame" not in second


def test_a_page_is_written_where_it_was_asked_for(tmp_path: Path) -> None:
    main(["releases", "flap.toml", "--pilot", "pypi:3.7.0.36", "--markdown", "r.md"])
    page = (tmp_path / "r.md").read_text()
    assert "    flightsim releases flap.toml --pilot pypi:3.7.0.36\n" in page


def test_a_release_without_the_plug_in_is_not_flown(
    tmp_path: Path, place: list[tuple[str, str]]
) -> None:
    text = TEXT.replace("[[pilot]]", '[[pilot]]\nexperiment = "ska"')
    if text == TEXT:
        text = TEXT.replace("[expect]", '[[pilot]]\nexperiment = "ska"\n\n[expect]')
    assert text != TEXT
    (tmp_path / "flap.toml").write_text(text)
    assert 2 == main(["releases", "flap.toml", "--pilot", "pypi:3.7.0.36"])
    assert [] == place
