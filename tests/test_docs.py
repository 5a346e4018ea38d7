"""The reference pages say what the code says."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).resolve().parent.parent / "docs"


def generator() -> ModuleType:
    """Return docs/generate.py as a module."""
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PAGES = generator().PAGES


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_of_the_reference_is_current(name: str) -> None:
    made = {path.stem: text for path, text in generator().pages().items()}
    written = (DOCS / "reference" / f"{name}.md").read_text(encoding="utf-8")
    assert made[name] == written, "run: python docs/generate.py"
