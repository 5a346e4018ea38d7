"""Counts of what passed."""

from __future__ import annotations

import pytest

import fakeserver.live.meter
from fakeserver.live.meter import Meter


def test_requests_and_faults_are_counted_and_the_latest_kept() -> None:
    meter = Meter()
    for number in range(60):
        meter.count(f"e{number % 2}", 200, who="x", fault="html" if number == 3 else "")
    assert ({"e0": 30, "e1": 30}, {"html": 1}, 60) == (meter.requests, meter.faults, meter.total)
    assert 50 == len(meter.latest)
    meter.count("e1", 404, who="y")
    assert {"e1": 31} == meter.often(meter.requests, 1)
    assert [404, 200] == [each.status for each in meter.lately(2)]


def test_reasons_for_refusals_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fakeserver.live.meter, "REASONS_MAX", 2)
    meter = Meter()
    for reason in ("a", "b", "c", "a"):
        meter.refuse("127.0.0.1", reason)
    assert {"a": 2, "b": 1} == meter.refusals
    assert (0, "a") == (meter.latest[-1].status, meter.latest[-1].fault)
