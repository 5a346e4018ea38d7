"""A host for each test's guest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guest.tiny_host import TinyHost


@pytest.fixture
def host(tmp_path: Path) -> TinyHost:
    """Return a host that flies one program."""
    return TinyHost(tmp_path)
