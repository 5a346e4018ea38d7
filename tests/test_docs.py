"""The reference pages say what the code says."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parent.parent / "docs"
# In a process of its own: what other tests have done to a command must not show in its page.
MAKE = """
import json, sys
sys.path[:0] = sys.argv[1:]
import generate
print(json.dumps({path.stem: text for path, text in generate.pages().items()}))
"""


@functools.cache
def made() -> dict[str, str]:
    """Return the pages as the code makes them now."""
    command = [sys.executable, "-c", MAKE, str(DOCS), str(DOCS.parent)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    pages: dict[str, str] = json.loads(ran.stdout)
    return pages


@pytest.mark.parametrize("name", sorted(path.stem for path in (DOCS / "reference").glob("*.md")))
def test_a_page_of_the_reference_is_current(name: str) -> None:
    written = (DOCS / "reference" / f"{name}.md").read_text(encoding="utf-8")
    assert made()[name] == written, "run: python docs/generate.py"


def test_every_page_that_is_made_is_kept() -> None:
    assert set(made()) == {path.stem for path in (DOCS / "reference").glob("*.md")}
