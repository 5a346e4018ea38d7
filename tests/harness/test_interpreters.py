"""Interpreters: what they say of themselves, and a greenlet for each, once."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import greenlet
import pytest

from harness import interpreters
from simkernel import HarnessError
from simkernel import ScenarioError


def fake(folder: Path, name: str, *answer: object) -> str:
    """Make a program that answers as an interpreter does; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\ncat <<END\n{json.dumps(answer)}\nEND\n")
    path.chmod(0o755)
    return str(path)


def python39(folder: Path, name: str = "python3.9") -> str:
    """Make an interpreter whose greenlet has to be fetched."""
    return fake(folder, name, str(folder / name), [3, 9, 1], "cpython", "cpython-39-fake")


class Pip:
    """Stands for the programs that are run: pip, and the interpreter that checks its work."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.commands: list[list[str]] = []

    def __call__(self, command: list[str]) -> str:
        self.commands.append(command)
        if "--target" in command:
            target = Path(command[command.index("--target") + 1])
            (target / "greenlet" / "tests").mkdir(parents=True, exist_ok=True)
        return self.answers.pop(0) if self.answers else ""


def test_the_hosts_own_interpreter_takes_the_hosts_greenlet(tmp_path: Path) -> None:
    folder = interpreters.greenlet_folder(sys.executable, cache=tmp_path)
    assert Path(greenlet.__file__).parent.parent == folder
    assert [] == list(tmp_path.iterdir())


def test_an_interpreter_is_asked_for_its_version_once(tmp_path: Path) -> None:
    path = python39(tmp_path)
    assert interpreters.Interpreter(path, (3, 9, 1), "cpython-39-fake") == interpreters.ask(path)
    Path(path).unlink()
    assert "3.9" == interpreters.ask(path).minor


@pytest.mark.parametrize(
    "answer",
    [
        ("/x", [3, 8, 1], "cpython", "cpython-38"),
        ("/x", [3, 14, 0], "cpython", "cpython-314"),
        ("/x", [3, 11, 1], "pypy", "pypy311"),
    ],
)
def test_what_guests_cannot_run_in_is_refused(tmp_path: Path, answer: tuple[object, ...]) -> None:
    with pytest.raises(ScenarioError, match=r"guests cannot run in it — give .* 3\.9 to 3\.13"):
        interpreters.ask(fake(tmp_path, "python", *answer))


@pytest.mark.parametrize("python", ["no-such-python", "/bin/true"])
def test_what_is_no_interpreter_is_refused(python: str) -> None:
    with pytest.raises(ScenarioError, match="no Python that runs"):
        interpreters.ask(python)


def test_greenlet_is_installed_once_and_without_its_tests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pip = Pip()
    monkeypatch.setattr(interpreters, "_run", pip)
    python, cache = python39(tmp_path / "bin"), tmp_path / "cache"
    folder = interpreters.greenlet_folder(python, cache=cache)
    assert cache / "greenlet" / "cpython-39-fake" == folder
    assert ["greenlet"] == os.listdir(folder)
    assert [] == os.listdir(folder / "greenlet")
    count = len(pip.commands)
    assert folder == interpreters.greenlet_folder(python, cache=cache)
    assert count == len(pip.commands)
    assert "3.9" in pip.commands[0]


def test_the_interpreters_own_pip_is_tried_when_the_hosts_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pip = Pip("No module named pip")
    monkeypatch.setattr(interpreters, "_run", pip)
    python = python39(tmp_path / "bin")
    interpreters.greenlet_folder(python, cache=tmp_path / "cache")
    assert [sys.executable, python] == [command[0] for command in pip.commands[:2]]


def test_a_greenlet_that_cannot_be_had_is_an_error_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interpreters, "_run", Pip("no network", "no network"))
    python, cache = python39(tmp_path / "bin"), tmp_path / "cache"
    with pytest.raises(HarnessError, match=r"greenlet for Python 3\.9: no network — try: "):
        interpreters.greenlet_folder(python, cache=cache)
    assert [] == os.listdir(cache / "greenlet")


def test_a_greenlet_that_does_not_work_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interpreters, "_run", Pip("", "ImportError: wrong ELF class"))
    python, cache = python39(tmp_path / "bin"), tmp_path / "cache"
    with pytest.raises(HarnessError, match="wrong ELF class"):
        interpreters.greenlet_folder(python, cache=cache)
    assert [] == os.listdir(cache / "greenlet")


def test_a_cache_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(interpreters, "_install", refuse)
    with pytest.raises(HarnessError, match="set FLIGHTSIM_CACHE"):
        interpreters.greenlet_folder(python39(tmp_path / "bin"), cache=tmp_path / "cache")


def test_the_guest_is_compiled_for_each_interpreter_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "module.py").touch()
    monkeypatch.setattr(interpreters, "GUEST_FOLDER", tmp_path)
    pip = Pip()
    monkeypatch.setattr(interpreters, "_run", pip)
    for tag in (interpreters.host().tag, "another", "another"):
        interpreters.compile_guest(interpreters.Interpreter("/x/python", (3, 9, 0), tag))
    assert 1 == len(list((tmp_path / "__pycache__").glob("*.pyc")))
    assert [["/x/python", "-m", "compileall", "-qq", str(tmp_path)]] == pip.commands


def test_a_guest_that_changed_is_compiled_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = tmp_path / "module.py"
    module.write_text("VALUE = 1\n")
    monkeypatch.setattr(interpreters, "GUEST_FOLDER", tmp_path)
    made = interpreters.Interpreter("/x/python", sys.version_info[:3], interpreters.host().tag)

    def compiled() -> tuple[int, int]:
        interpreters.compile_guest.cache_clear()
        interpreters.compile_guest(made)
        (found,) = (tmp_path / "__pycache__").glob("*.pyc")
        return found.stat().st_mtime_ns, found.stat().st_ino

    first = compiled()
    assert first == compiled()
    os.utime(module, (1, 1))
    changed = compiled()
    assert first != changed
    next((tmp_path / "__pycache__").glob("*.pyc")).unlink()
    assert changed != compiled()


def test_a_guest_that_nobody_may_write_is_compiled_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "guest"
    source.mkdir()
    (source / "module.py").touch()
    monkeypatch.setattr(interpreters, "GUEST_FOLDER", source)
    monkeypatch.setenv("FLIGHTSIM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setattr(interpreters.os, "access", lambda path, mode: path != source)
    tag = interpreters.host().tag
    first, second = (
        interpreters.compile_guest(interpreters.Interpreter(python, (3, 11, 0), tag))
        for python in ("/x/python", "/y/python")
    )
    assert first == second
    assert first.is_relative_to(tmp_path / "cache")
    assert 1 == len(list((first / "__pycache__").glob("*.pyc")))
    assert ["module.py"] == [each.name for each in source.iterdir()]


def test_interpreters_are_looked_for_and_those_not_found_are_listed(tmp_path: Path) -> None:
    given = python39(tmp_path / "given", "mine")
    python39(tmp_path / "path")
    broken = tmp_path / "path" / "python3.10"
    broken.write_text("#!/bin/sh\nexit 127\n")
    broken.chmod(0o755)
    path = f"{tmp_path / 'path'}:/usr/bin:/bin"
    root = tmp_path / "pyenv"
    fake(
        root / "versions" / "3.13.9" / "bin",
        "python",
        "/pyenv/python",
        [3, 13, 9],
        "cpython",
        "cpython-313",
    )
    environ = {"FLIGHTSIM_PYTHONS": given, "PATH": path, "PYENV_ROOT": str(root)}
    found = {each.minor: each.found for each in interpreters.look(environ)}
    assert ["3.9", "3.10", "3.11", "3.12", "3.13"] == list(found)
    assert found["3.9"] is not None
    assert given == found["3.9"].path
    assert found["3.10"] is None
    assert found["3.13"] is not None
    assert "/pyenv/python" == found["3.13"].path
    assert interpreters.host() == found[interpreters.host().minor]
