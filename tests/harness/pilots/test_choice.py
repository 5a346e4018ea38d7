"""Saying which pilot to fly."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.pilots import PilotChoice
from harness.pilots import parse_choice
from harness.pilots.choice import newest_python
from simkernel import ScenarioError
from tests.harness.pilots.tiny_pilots import checkout


def test_core_is_the_reference_pilot() -> None:
    assert PilotChoice("core", "", "core", "core") == parse_choice("core")


@pytest.mark.parametrize(
    ("version", "family"),
    [("3.7.0.36", "pilot3"), ("2.12.8.1", "pilot2"), ("2.5.4.10b0", "pilot2")],
)
def test_a_released_version_has_a_family(version: str, family: str) -> None:
    expect = PilotChoice("pypi", version, family, f"pypi-{version}")
    assert expect == parse_choice(f"pypi:{version}")


def test_a_checkout_is_named_after_its_folder(tmp_path: Path) -> None:
    folder = checkout(tmp_path / "my pilot (3)")
    expect = PilotChoice("path", str(folder.resolve()), "pilot3", "path-my-pilot-3")
    assert expect == parse_choice(str(folder))


def test_the_script_itself_means_its_folder(tmp_path: Path) -> None:
    folder = checkout(tmp_path / "pilot3")
    assert parse_choice(str(folder)) == parse_choice(str(folder / "pilot.py"))


def test_a_checkout_may_be_given_from_within(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(checkout(tmp_path / "pilot3"))
    assert parse_choice(".").label == "path-pilot3"


def test_a_checkout_states_its_version(tmp_path: Path) -> None:
    assert parse_choice(str(checkout(tmp_path, version="2.12.8.1\n"))).family == "pilot2"


def test_a_home_folder_is_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    checkout(tmp_path / "p")
    assert parse_choice("~/p").label == "path-p"


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("pypi:", "'' is no version of a pilot — write it out: pypi:3.7.0.36"),
        ("pypi:latest", "'latest' is no version of a pilot"),
        ("pypi:../../x", "'../../x' is no version of a pilot"),
        ("cor", "no pilot 'cor' — did you mean 'core'"),
        ("3.7.0.36", "no pilot '3.7.0.36' — did you mean 'pypi:3.7.0.36'"),
        ("nowhere/at-all", "no pilot 'nowhere/at-all' — give core, core:in-process, pypi:VERSION"),
    ],
)
def test_a_wrong_choice_is_told_what_to_say(text: str, expect: str) -> None:
    with pytest.raises(ScenarioError, match=expect):
        parse_choice(text)


def test_a_folder_without_a_pilot_is_told_where_there_is_one(tmp_path: Path) -> None:
    checkout(tmp_path / "pilot3")
    with pytest.raises(ScenarioError, match="there is one in its folder 'pilot3': give that"):
        parse_choice(str(tmp_path))


def test_a_folder_without_any_pilot_is_told_what_a_pilot_is(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"no pilot\.py in .* the folder that holds pilot\.py"):
        parse_choice(str(tmp_path))


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("core", None),
        ("pypi:3.7.0.36", None),
        ("pypi:3.2.0.28", None),
        ("pypi:3.1.1.10", (3, 9)),
        ("pypi:2.12.8.1", (3, 9)),
    ],
)
def test_an_old_pilot_needs_an_old_python(text: str, expect: tuple[int, int] | None) -> None:
    assert expect == newest_python(parse_choice(text))


def test_the_core_may_be_a_part_of_the_host() -> None:
    choice = parse_choice("core:in-process")
    assert ("core", "in-process", "core-in-process") == (choice.kind, choice.source, choice.label)
