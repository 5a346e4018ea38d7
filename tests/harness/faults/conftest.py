"""A tiny world for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.faults.tiny_world import TinyWorld


@pytest.fixture
def world(tmp_path: Path) -> TinyWorld:
    """Return a fresh world."""
    return TinyWorld(tmp_path / "srv")
