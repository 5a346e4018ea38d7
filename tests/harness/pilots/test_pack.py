"""The reference pilot as one file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from harness.cli import main
from harness.interpreters import Interpreter
from harness.interpreters import look
from harness.pilots.pack import pack
from simkernel import ScenarioError

PYTHONS = [sought.found for sought in look() if sought.found is not None]


@pytest.mark.parametrize("python", PYTHONS, ids=lambda python: python.minor)
def test_it_runs_from_anywhere_on_each_python_without_anything_else(
    python: Interpreter, tmp_path: Path
) -> None:
    packed = pack(tmp_path / "pilot.pyz")
    asked = subprocess.run(
        [python.path, "-S", "-E", str(packed), "--version"],
        cwd=tmp_path,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (0, "") == (asked.returncode, asked.stderr)
    assert asked.stdout.startswith("pilotcore ")


def test_the_same_source_makes_the_same_bytes(tmp_path: Path) -> None:
    first, second = pack(tmp_path / "1.pyz"), pack(tmp_path / "2.pyz")
    assert first.read_bytes() == second.read_bytes()
    assert 0o755 == first.stat().st_mode & 0o777


def test_a_directory_in_its_place_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="is a directory"):
        pack(tmp_path)


def test_the_command_tells_where_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "p.pyz"
    assert 0 == main(["pack-pilot", "-o", str(target)])
    assert f"{target}\n" == capsys.readouterr().out
    assert target.exists()


def test_a_folder_that_is_not_there_is_a_mistake_of_the_user(tmp_path: Path) -> None:
    assert 3 == main(["pack-pilot", "-o", str(tmp_path / "no" / "p.pyz")])


@pytest.mark.parametrize("name", ["wrapper.sh", "trivialWrapper"])
def test_the_wrappers_beside_it_start_it(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 0 == main(["pack-pilot", "--wrappers", "-o", str(tmp_path / "p.pyz")])
    assert f"{tmp_path / name}" in capsys.readouterr().out.splitlines()
    asked = subprocess.run(
        [str(tmp_path / name), "--version"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "PILOT_STABLE": "p.pyz", "PILOT_PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (0, "") == (asked.returncode, asked.stderr)
    assert asked.stdout.startswith("pilotcore ")
