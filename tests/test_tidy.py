"""The house rules that a machine can check, over every file of the repository."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = (
    "bench",
    "certificates",
    "fakeserver",
    "fakesites",
    "guest",
    "harness",
    "pilotcore",
    "reports",
    "scenarios",
    "simkernel",
    "siteverify",
    "tests",
)
FUNCTION_MAX = 60
MODULE_MAX = 600
NAMELESS = {"util", "utils", "helper", "helpers", "manager", "common", "base", "misc"}
# A house of many rooms needs one way to say where it does not stand.
MACHINE_PATH = re.compile(r"(?<!/srv)(?<!x86_64)/(?:work|root|home/\w+)/\w")
FACTORIES = {
    "make_popen",
    "_install_files",
    "install",
}


def sources() -> list[Path]:
    """Return every Python file of the house."""
    return sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))


def functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return every function of a module."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_keeps_the_house_rules(path: Path) -> None:
    text = path.read_text()
    tree = ast.parse(text)
    assert len(text.splitlines()) <= MODULE_MAX
    assert path.stem not in NAMELESS
    assert path.name == "__init__.py" or ast.get_docstring(tree) is not None
    # The guest's factories hold classes that close over the hub; a class is not a long function.
    limit = {f.name: FUNCTION_MAX for f in functions(tree)}
    if path.is_relative_to(ROOT / "guest"):
        limit.update(dict.fromkeys(FACTORIES & set(limit), MODULE_MAX))
    long = [f.name for f in functions(tree) if (f.end_lineno or 0) - f.lineno >= limit[f.name]]
    assert [] == long


def text_files() -> list[Path]:
    """Return the files that a stranger reads."""
    kinds = (".py", ".md", ".toml", ".ini")
    folders = [ROOT / name for name in (*FLOORS, "docs", ".ci")]
    inside = [path for folder in folders for path in folder.rglob("*") if path.suffix in kinds]
    return sorted(inside + [path for path in ROOT.iterdir() if path.suffix in kinds])


@pytest.mark.parametrize("path", text_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_names_a_path_of_a_machine(path: Path) -> None:
    found = [line for line in path.read_text().splitlines() if MACHINE_PATH.search(line)]
    if path.name != "test_tidy.py":
        assert [] == found
