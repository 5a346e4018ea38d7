"""Coverage sees the lines of the program in every thread, and changes nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.interpreters import look
from tests.guest.tiny_host import TinyHost

PYTHONS = [each.found.path for each in look() if each.found]
PART = """\
import threading
import time


def work(n):
    if n:
        time.sleep(n)
        return
    print("never")


def never():
    return 1
"""
SCRIPT = """
import threading
import part
for n in (1, 2): threading.Thread(target=part.work, args=(n,)).start()
"""


def measured(folder: Path, python: str) -> dict[str, Any]:
    """Return the note about the lines reached of ``part.py``, run by *python*."""
    host = TinyHost(folder)
    host.python = python
    host.instruments = {"coverage": True}
    pilot = folder / "pilot"
    pilot.mkdir()
    (pilot / "part.py").write_text(PART)
    host.fly("import sys; sys.path.insert(0, '/srv/pilot')" + SCRIPT)
    (note,) = host.notes
    return {name: lines for name, lines in note.items() if name != "what"}


@pytest.mark.parametrize("python", PYTHONS)
def test_lines_are_seen_in_every_thread(tmp_path: Path, python: str) -> None:
    assert {"part.py": [1, 2, 5, 6, 7, 8, 12]} == measured(tmp_path, python)
