"""Durations and sizes carry units."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.units import DURATION_HELP
from harness.units import duration_s
from harness.units import size_bytes


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2h", 7200.0),
        ("30m", 1800.0),
        ("1h30m", 5400.0),
        ("90s", 90.0),
        ("2d", 172800.0),
        ("1.5h", 5400.0),
        ("250ms", 0.25),
        ("1d2h3m4s5ms", 93784.005),
        ("-1h", -3600.0),
        ("0s", 0.0),
    ],
)
def test_a_duration_is_read_in_seconds(text: str, seconds: float) -> None:
    assert seconds == duration_s(text)


@pytest.mark.parametrize(
    "text",
    ["", "-", "2", "2 h", "h", "2hh", "30m1h", "1h1h", "1,5h", "٣h", "2H", "1h-30m", "9" * 40],
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"is not {DURATION_HELP}"):
        duration_s(text)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("2 GB", 2_000_000_000),
        ("500 MB", 500_000_000),
        ("4 GiB", 4 * 2**30),
        ("1KiB", 1024),
        ("1.5 GB", 1_500_000_000),
        ("0 B", 0),
        ("1 PB", 10**15),
    ],
)
def test_a_size_is_read_in_bytes(text: str, size: int) -> None:
    assert size == size_bytes(text)


@pytest.mark.parametrize("text", ["", "2", "GB", "-1 GB", "2  GB", "2 GB 1 MB", "1" * 40 + " B"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a size such as"):
        size_bytes(text)


def test_an_unknown_unit_of_size_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="'gb' is not a unit of size: use B, kB, MB, GB"):
        size_bytes("2 gb")


def test_a_size_is_a_whole_number_of_bytes() -> None:
    with pytest.raises(ValueError, match=r"'0\.5 B' is not a whole number of bytes"):
        size_bytes("0.5 B")


@given(st.text())
def test_any_text_is_a_duration_or_refused_with_a_value_error(text: str) -> None:
    for read in (duration_s, size_bytes):
        try:
            read(text)
        except ValueError:
            continue


@given(
    days=st.integers(0, 10**6),
    hours=st.integers(0, 23),
    minutes=st.integers(0, 59),
    rest=st.just(1),
)
def test_the_parts_of_a_duration_add_up(days: int, hours: int, minutes: int, rest: int) -> None:
    expected = 86400 * days + 3600 * hours + 60 * minutes + rest
    assert expected == duration_s(f"{days}d{hours}h{minutes}m{rest}s")
