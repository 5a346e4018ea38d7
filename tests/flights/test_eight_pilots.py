"""Eight pilots in one world race for the clones of one job: the same race in every run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.record import Flight

PILOTS = 8
CLONES = (
    f"""\
name  = "eight-pilots"
about = "eight pilots race for the clones of one job"
seed  = 3

[world]
site  = "BNL"
queue = "BNL_ATLAS_1"
start = 2026-03-01T08:00:00Z

[[job]]
kind    = "clone"
clone   = "runonce"
count   = {PILOTS}
inputs  = [{{ size = "1 GB" }}]
payload = {{ walltime = "30m", outputs = [{{ size = "100 MB" }}] }}

[expect]
jobs       = {{ finished = 1, closed = {PILOTS - 1} }}
violations = []
"""
    + '\n[[pilot]]\nbatch = { walltime = "24h" }\n' * PILOTS
)
SCHEDULES = ("fifo", "random", "pct")


def flown(folder: Path, *, hash_seed: str, schedule: str) -> Path:
    """Fly in a process of its own, with another PYTHONHASHSEED; return the run directory."""
    folder.mkdir()
    (folder / "eight-pilots.toml").write_text(CLONES)
    command = [sys.executable, "-m", "harness.cli", "run", str(folder / "eight-pilots.toml")]
    ran = subprocess.run(
        [*command, "--schedule", schedule, "--json", "--runs", folder / "runs"],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=False,
    )
    verdict = json.loads(ran.stdout)
    assert "pass" == verdict["state"], ran.stderr
    return Path(verdict["run_dir"])


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_race_is_the_same_in_two_processes(schedule: str, tmp_path: Path) -> None:
    one = flown(tmp_path / "one", hash_seed="1", schedule=schedule)
    other = flown(tmp_path / "a-longer-name", hash_seed="2", schedule=schedule)
    assert (one / "events.jsonl").read_bytes() == (other / "events.jsonl").read_bytes()


def test_all_eight_take_part_and_nothing_happens_in_anybodys_past(tmp_path: Path) -> None:
    run = flown(tmp_path / "one", hash_seed="0", schedule="fifo")
    flight = Flight.read(run / "events.jsonl")
    names = [f"pilot-{number}" for number in range(1, PILOTS + 1)]
    assert names == flight.pilots()
    assert set(names) == {event.who for event in flight.of("http.request")}
    racing = {str(event["pilot"]) for event in flight.of("job.dispatched")}
    assert 2 <= len(racing)
    times = [event.t for event in flight.events]
    assert sorted(times) == times
