"""Nearest names and error texts."""

from __future__ import annotations

from simkernel import FlightsimError
from simkernel import nearest


def test_the_nearest_name_is_proposed() -> None:
    assert ["http_error"] == nearest("http_eror", ["hang", "http_error"])


def test_nothing_is_proposed_for_something_else() -> None:
    assert [] == nearest("zzz", ["hang", "http_error"])


def test_an_error_says_where_what_and_what_to_do() -> None:
    error = FlightsimError("unknown fault 'x'", where="a.toml:3", remedy="did you mean 'y'?")
    assert "a.toml:3: unknown fault 'x' — did you mean 'y'?" == str(error)
