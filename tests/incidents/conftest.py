"""What whole flights need."""

from __future__ import annotations

from tests.flights.conftest import _own_cache
from tests.flights.conftest import flights
from tests.flights.conftest import session_cache

__all__ = ["_own_cache", "flights", "session_cache"]
