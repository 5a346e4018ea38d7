"""What the tests of the sites share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakesites.node_world import NodeWorld
from tests.fakesites.node_world import make_world


@pytest.fixture
def node_world(tmp_path: Path) -> NodeWorld:
    """Return a world with one node and one pilot's process."""
    return make_world(tmp_path / "srv")
