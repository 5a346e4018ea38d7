"""Splitting files into ranges of events."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fakeserver import InputFile
from fakeserver.splitting import pieces
from tests.fakeserver.servers import spec


@given(
    st.lists(st.integers(0, 50), min_size=1, max_size=4).filter(any),
    st.integers(1, 20),
)
def test_every_event_of_every_file_is_in_one_range(events: list[int], size: int) -> None:
    inputs = tuple(InputFile(f"f{n}", events=count) for n, count in enumerate(events, 1))
    job = spec(1, kind="event", inputs=inputs, events_per_range=size)
    seen = [
        (piece.file, event) for piece in pieces(job) for event in range(piece.first, piece.last + 1)
    ]
    expected = [(n, event) for n, count in enumerate(events, 1) for event in range(1, count + 1)]
    assert expected == seen
    assert all(piece.last - piece.first < size for piece in pieces(job))


def test_without_numbers_of_events_the_ranges_are_spread(
) -> None:  # fmt: skip
    job = spec(1, kind="event", event_ranges=3, events_per_range=10, inputs=())
    assert [(1, 1, 1, 10), (1, 2, 11, 20), (1, 3, 21, 30)] == [each[:4] for each in pieces(job)]
