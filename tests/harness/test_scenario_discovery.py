"""What a user names becomes scenarios."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import discover as module
from harness.discover import discover
from harness.scenario_files import is_scenario_file
from harness.scenario_text import ScenarioFileError
from tests.harness.small_world import TEXT
from tests.harness.small_world import WORDS

VARIANTS = '[variants]\n"in-get-job" = {}\n"later" = {}\n'


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with two bundled scenarios: flap (plain) and gust (two variants)."""
    monkeypatch.chdir(tmp_path)
    bundled = {"flap": tmp_path / "bundled/flap.toml", "gust": tmp_path / "bundled/gust.toml"}
    (tmp_path / "bundled").mkdir()
    bundled["flap"].write_text(TEXT)
    bundled["gust"].write_text(TEXT.replace('"flap"', '"gust"') + VARIANTS)
    monkeypatch.setattr(module, "bundled", lambda: bundled)
    return tmp_path


def names(*given: str) -> list[str]:
    """Return the names of the scenarios that *given* means."""
    return [each.name for each in discover(given, vocabulary=WORDS)]


def refused(*given: str) -> str:
    """Return what is said of *given*, which means nothing."""
    with pytest.raises(ScenarioFileError) as caught:
        discover(given, vocabulary=WORDS)
    return str(caught.value)


def test_nothing_named_means_every_bundled_scenario(place: Path) -> None:
    assert ["flap", "gust[in-get-job]", "gust[later]"] == names()


def test_a_bundled_scenario_is_named_with_or_without_its_variant(place: Path) -> None:
    assert ["gust[in-get-job]", "gust[later]"] == names("gust")
    assert ["gust[later]"] == names("gust[later]")
    assert ["gust[later]"] == names("gust::later")


def test_a_bundled_folder_has_a_name_too_unless_there_is_one_here(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_home", lambda: place)
    monkeypatch.chdir("/")
    assert ["flap", "gust[in-get-job]", "gust[later]"] == names("bundled")
    monkeypatch.chdir(place)
    (place / "bundled/gust.toml").unlink()
    assert refused("bundled").startswith("bundled: no scenario in this folder")


def test_how_a_scenario_is_named_again_finds_the_same_one(place: Path) -> None:
    for scenario in discover(vocabulary=WORDS):
        assert (scenario,) == discover([scenario.source], vocabulary=WORDS)


def test_a_file_or_one_variant_of_it_is_named_by_its_path(place: Path) -> None:
    (place / "mine.toml").write_text(TEXT + VARIANTS)
    assert ["flap[in-get-job]", "flap[later]"] == names("mine.toml")
    assert ["flap[later]"] == names("mine.toml::later")


def test_a_folder_means_the_scenarios_in_it_and_no_other_toml(place: Path) -> None:
    (place / "mine/scenarios").mkdir(parents=True)
    (place / "mine/scenarios/a.toml").write_text(TEXT)
    (place / "mine/pyproject.toml").write_text("[project]\n")
    (place / "mine/b.toml").write_text(
        "#:schema ../scenario.schema.json\n" + TEXT.replace('"flap"', '"b"')
    )
    assert ["b", "flap"] == names("mine")


def test_a_folder_without_scenarios_is_a_mistake(place: Path) -> None:
    (place / "empty").mkdir()
    assert refused("empty/").startswith("empty: no scenario in this folder")


def test_a_scenario_named_twice_flies_once(place: Path) -> None:
    assert ["flap", "gust[later]"] == names("flap", "gust[later]", "flap")


def test_an_unknown_name_is_answered_with_the_nearest(place: Path) -> None:
    assert "unknown scenario 'flop' — did you mean 'flap'?" == refused("flop")


def test_an_unknown_variant_is_answered_with_the_nearest(place: Path) -> None:
    expected = "gust[latter]: unknown variant 'latter' — did you mean 'later'?"
    assert expected == refused("gust[latter]")


def test_two_files_may_not_have_scenarios_of_one_name(place: Path) -> None:
    (place / "other.toml").write_text(TEXT)
    expected = "other.toml: another scenario is called 'flap' too: flap — rename one of them"
    assert expected == refused("flap", "other.toml")


def test_the_problems_of_all_files_are_told_together(place: Path) -> None:
    (place / "one.toml").write_text(TEXT.replace("seed ", "sed "))
    (place / "two.toml").write_text(TEXT.replace('"BNL"', '"BNK"'))
    expected = [
        "one.toml:3: unknown key 'sed' — did you mean 'seed'?",
        "unknown scenario 'flop' — did you mean 'flap'?",
        "two.toml:6: unknown site 'BNK' — did you mean 'BNL'?",
    ]
    assert expected == refused("one.toml", "flop", "two.toml").splitlines()


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("scenarios/x.toml", "", True),
        ("other/x.toml", "", False),
        ("other/x.toml", "#:schema https://example.org/flightsim/scenario.json\n", True),
        ("other/x.toml", "# see\n#:schema ./scenario.schema.json\n", True),
        ("other/x.toml", "#:schema https://json.schemastore.org/pyproject.json\n", False),
        ("other/x.toml", '"#:schema scenario.schema.json" = 1\n', False),
        ("scenarios/x.txt", "#:schema scenario.schema.json\n", False),
    ],
)
def test_a_scenario_file_is_told_by_its_folder_or_its_schema(
    tmp_path: Path, name: str, head: str, expected: bool
) -> None:
    path = tmp_path / name
    path.parent.mkdir()
    path.write_text(head + "a = 1\n")
    assert expected == is_scenario_file(path)
