"""Which experiment a pilot flies for: built in, installed, beside one file, or none at all."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator

import pytest

from harness.interpreters import Interpreter
from harness.interpreters import look
from harness.pilots.pack import pack
from pilotcore.__main__ import main
from pilotcore.experiments import BUILT_IN
from pilotcore.experiments import GROUP
from pilotcore.experiments import BrokenPlugIn
from pilotcore.experiments import Experiment
from pilotcore.experiments import UnknownExperiment
from pilotcore.experiments import load
from tests.pilotcore.experiments.packages import EXAMPLE
from tests.pilotcore.experiments.packages import entry_points
from tests.pilotcore.experiments.packages import install
from tests.pilotcore.experiments.packages import write

PYTHONS = [sought.found for sought in look() if sought.found is not None]
NODES = Path(__file__).resolve().parents[3] / "fakesites/pythonpath/offered/tidal"


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    load.cache_clear()
    yield
    load.cache_clear()
    sys.modules.pop("tidal_pilot", None)


@pytest.mark.parametrize("name", BUILT_IN)
def test_what_comes_with_the_pilot_can_be_had(name: str) -> None:
    assert isinstance(load(name), Experiment)


def test_an_installed_package_is_found_by_its_entry_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(install(EXAMPLE, tmp_path)))
    found = load("tidal")
    assert ("tidal", "tidal_pilot") == (found.name, type(found).__module__)


def test_the_names_that_come_with_the_pilot_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "thief", f"[{GROUP}]\natlas = nobody:Nothing\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert "pilotcore.experiments.atlas" == type(load("atlas")).__module__


def test_an_unknown_name_is_told_with_the_nearest_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(install(EXAMPLE, tmp_path)))
    with pytest.raises(UnknownExperiment, match=r"'tidel'; did you mean 'tidal'\? known: atlas, "):
        load("tidel")


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ("x = nobody_has_this:X", "ModuleNotFoundError"),
        ("x = json:loads", "no class derived from Experiment"),
        ("x = json:JSONDecoder", "no class derived from Experiment"),
    ],
)
def test_a_plug_in_that_cannot_be_used_says_why(
    points: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "broken", f"[{GROUP}]\n{points}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(BrokenPlugIn, match=words):
        load("x")


def test_two_packages_of_one_name_are_one_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "one", f"[{GROUP}]\nx = one:X\n")
    write(tmp_path, "two", f"[{GROUP}]\nx = two:X\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(BrokenPlugIn, match="more than once: one:X, two:X"):
        load("x")


@pytest.mark.parametrize(("name", "code"), [("tidel", 2), ("broken", 70)])
def test_the_exit_code_says_whose_mistake_it_is(
    name: str,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(tmp_path / "site", "broken", f"[{GROUP}]\nbroken = nobody_has_this:X\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    assert code == main(["-q", "Q", "-a", str(tmp_path / "work"), "--pilot-user", name])
    assert f"{name!r}" in capsys.readouterr().out


@pytest.mark.parametrize("python", PYTHONS, ids=lambda python: python.minor)
def test_the_pilot_that_is_one_file_finds_what_lies_on_its_path(
    python: Interpreter, tmp_path: Path
) -> None:
    packed, site = pack(tmp_path / "pilot.pyz"), install(EXAMPLE, tmp_path / "site")
    code = "import sys; sys.path.insert(0, sys.argv[1])\nfrom pilotcore.experiments import load\n"
    asked = subprocess.run(
        [python.path, "-S", "-c", f"{code}print(load('tidal').name, load('dusel').name)", packed],
        env={"PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ("", "tidal dusel\n") == (asked.stderr, asked.stdout)


def test_the_node_has_the_package_of_the_guide() -> None:
    (info,) = NODES.glob("*.dist-info")
    assert entry_points(EXAMPLE) == (info / "entry_points.txt").read_text()
    module = "tidal_pilot.py"
    assert (EXAMPLE / module).read_bytes() == (NODES / module).read_bytes()


@pytest.mark.network
def test_pip_installs_the_package_of_the_guide(tmp_path: Path) -> None:
    # A copy, as building leaves things beside the source.
    source = shutil.copytree(EXAMPLE, tmp_path / "source")
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--target", "site", "./source"]
    subprocess.run(command, check=True, capture_output=True, cwd=source.parent)
    (info,) = tmp_path.glob("site/*.dist-info")
    assert entry_points(EXAMPLE) == (info / "entry_points.txt").read_text()
