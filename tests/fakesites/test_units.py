"""Sizes and durations as people write them."""

from __future__ import annotations

import pytest

from fakesites.units import parse_duration
from fakesites.units import parse_rate
from fakesites.units import parse_size


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2 GB", 2 * 10**9), ("1.5TB", 15 * 10**11), (7, 7), ("512", 512), ("2 KiB", 2048)],
)
def test_a_size_is_bytes(text: str | int, expected: int) -> None:
    assert expected == parse_size(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("90s", 90.0), ("2h", 7200.0), ("1d", 86400.0), (5, 5.0), ("3min", 180.0)],
)
def test_a_duration_is_seconds(text: str | int, expected: float) -> None:
    assert expected == parse_duration(text)


def test_a_rate_is_bytes_a_second() -> None:
    assert parse_rate("200 MB/s") == 200 * 10**6


@pytest.mark.parametrize("text", ["2 GX", "much", ""])
def test_a_size_without_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        parse_size(text)


def test_a_duration_with_an_unknown_unit_names_the_units() -> None:
    with pytest.raises(ValueError, match="the units are d, h, m"):
        parse_duration("2 weeks")
