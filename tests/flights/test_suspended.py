"""A suspended pilot: its time stands, the world's goes on; then what was due is late."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.scenario import FaultPlan
from harness.triggers import Trigger
from tests.flights.conftest import Fly
from tests.flights.conftest import scenario_named

PILOT = """
import time
for step in range(4):
    print(step, time.monotonic())
    time.sleep(60)
"""


@pytest.fixture
def counting(tmp_path: Path) -> Path:
    pilot = tmp_path / "counting"
    pilot.mkdir()
    (pilot / "pilot.py").write_text(PILOT)
    return pilot


def test_nothing_happens_in_a_suspended_pilot(counting: Path, flights: Fly) -> None:
    fault = FaultPlan(
        on="batch.kill", do="suspend", at=Trigger(after_s=100.0), options={"for": "10m"}
    )
    scenario = replace(scenario_named("first-job"), faults=(fault,))
    verdict, flight = flights(scenario, counting)
    told = (Path(verdict.run_dir) / "pilot-1.out").read_text().split()
    assert ["0", "30.0", "1", "90.0", "2", "700.0", "3", "760.0"] == told
    assert [(100.0, 19), (700.0, 18)] == [
        (event.t, event["signal"]) for event in flight.of("batch.signal")
    ]


def test_the_reference_pilot_survives_it(flights: Fly) -> None:
    fault = FaultPlan(
        on="batch.kill", do="suspend", at=Trigger(after_s=600.0), options={"for": "20m"}
    )
    scenario = replace(scenario_named("first-job"), faults=(fault,))
    verdict, _ = flights(scenario)
    assert ("pass", ()) == (verdict.state, verdict.findings)
