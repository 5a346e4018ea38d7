"""A flight with the compiled part of the runtime and one without write the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import hotpath
from tests.flights.conftest import Fly

PILOTS = ["core", pytest.param("pypi:3.7.0.36", marks=[pytest.mark.real, pytest.mark.network])]


@pytest.mark.parametrize("pilot", PILOTS)
def test_journal_and_output_are_the_same_both_ways(
    pilot: str, flights: Fly, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []
    for how in ("1", "0"):
        monkeypatch.setenv(hotpath.VARIABLE, how)
        run = Path(flights("first-job", pilot)[0].run_dir)
        written.append([(run / name).read_bytes() for name in ("events.jsonl", "pilot-1.out")])
    assert written[0] == written[1]
