"""The floor stands alone, and travels as one file to an old Python."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import siteverify

ROOT = Path(siteverify.__file__).parent
SOURCES = sorted(ROOT.rglob("*.py"))
OLDEST = (3, 9)

LAUNCHER = "import sys\nfrom siteverify.cli import main\nsys.exit(main())\n"


def pythons() -> list[str]:
    """Return this interpreter, and the oldest supported one if it is here and runs."""
    old = shutil.which("python3.9")  # may be a stand-in for one that is not installed
    runs = old and subprocess.run([old, "-V"], capture_output=True, check=False).returncode == 0
    return [sys.executable, old] if old and runs else [sys.executable]


def imported(tree: ast.AST) -> set[str]:
    """Return the top-level packages that a module imports."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    return names


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_needs_only_the_standard_library_of_an_old_python(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=OLDEST)
    assert set() == imported(tree) - set(sys.stdlib_module_names) - {"siteverify"}
    keywords = {k.arg for n in ast.walk(tree) if isinstance(n, ast.Call) for k in n.keywords}
    assert set() == keywords & {"slots", "kw_only"}


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("packed") / "siteverify.pyz"
    with zipfile.ZipFile(path, "w") as archive:
        for source in SOURCES:
            archive.write(source, source.relative_to(ROOT.parent))
        archive.writestr("__main__.py", LAUNCHER)
    return path


@pytest.mark.parametrize("python", pythons(), ids=lambda path: Path(path).name)
def test_one_file_runs_by_itself(packed: Path, tmp_path: Path, python: str) -> None:
    words = [python, "-I", str(packed), "--format", "json", "--only", "env.path.usrbin"]
    ran = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    ids = [result["check_id"] for result in json.loads(ran.stdout)["results"]]
    assert (["env.path.unset", "env.path.usrbin"], "") == (ids, ran.stderr)


def test_a_report_survives_a_locale_that_knows_no_letters(packed: Path, tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/srv/h\u00f6me", "PYTHONIOENCODING": "ascii"}
    words = [sys.executable, str(packed), "--only", "env.home"]
    ran = subprocess.run(
        words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (0, "") == (ran.returncode, ran.stderr)
    assert "/srv/h\\xf6me" in ran.stdout
