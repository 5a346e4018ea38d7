"""What the tests of the server share."""

from __future__ import annotations

import pytest

from tests.fakeserver.servers import Bench


@pytest.fixture
def bench() -> Bench:
    """Return an empty server at the epoch."""
    return Bench()
