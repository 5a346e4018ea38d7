"""What the tests of the pilot share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pilotcore.grid import Grid


@pytest.fixture
def grid(tmp_path: Path) -> Grid:
    """Return a small grid in which nothing goes wrong."""
    return Grid(tmp_path)
