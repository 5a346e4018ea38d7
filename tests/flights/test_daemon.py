"""A daemon that a program leaves behind keeps its output open, as on Linux."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.scenario import FaultPlan
from tests.flights.conftest import Fly
from tests.flights.conftest import scenario_named

PILOT = """
import subprocess
import time

began = time.monotonic()
child = subprocess.Popen(["df", "-P"], stdout=subprocess.PIPE, text=True)
try:
    print("output", len(child.communicate(timeout=60)[0]) > 20)
except subprocess.TimeoutExpired:
    print("time-out", child.poll(), time.monotonic() - began)
with open("out.txt", "w") as out:
    print("to a file", subprocess.run(["df", "-P"], stdout=out, timeout=60).returncode)
"""


@pytest.fixture
def reading(tmp_path: Path) -> Path:
    pilot = tmp_path / "reading"
    pilot.mkdir()
    (pilot / "pilot.py").write_text(PILOT)
    return pilot


@pytest.mark.parametrize(
    ("faults", "told"),
    [
        ((), ["output True", "to a file 0"]),
        ((FaultPlan(on="tool.df", do="daemon"),), ["time-out 0 60.0", "to a file 0"]),
    ],
    ids=["no daemon", "daemon"],
)
def test_whoever_reads_waits_for_the_daemon(
    faults: tuple[FaultPlan, ...], told: list[str], reading: Path, flights: Fly
) -> None:
    scenario = replace(scenario_named("first-job"), faults=faults)
    verdict, _ = flights(scenario, reading)
    assert told == (Path(verdict.run_dir) / "pilot-1.out").read_text().splitlines()
