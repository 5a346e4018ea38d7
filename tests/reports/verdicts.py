"""Verdicts to render."""

from __future__ import annotations

from typing import Any

SEEDED: dict[str, Any] = {
    "state": "pass",
    "scenario": "first-job",
    "variant": "",
    "pilot": "core",
    "seed": 7,
    "schedule": "fifo",
    "findings": [],
    "unmet": [],
    "jobs": {"6000000001": "finished"},
    "virtual_s": 7325.0,
    "wall_s": 1.25,
    "sha256": "ab" * 32,
    "run_dir": "runs/first-job/core-7",
    "rerun": "flightsim run first-job --pilot core --seeds 7",
    "notes": [],
}


def verdict(**fields: Any) -> dict[str, Any]:
    """Return a verdict in which only *fields* differ from a flight that passed."""
    return {**SEEDED, **fields}


def finding(**fields: Any) -> dict[str, Any]:
    """Return a finding in which only *fields* differ from a gap in the heartbeat."""
    gap = {
        "checker": "heartbeat-gap",
        "text": "no update for 2 h 10 min while staging in",
        "at_s": 7290.0,
        "job": "6000000001",
        "witnesses": [812, 1190],
        "expected": False,
    }
    return {**gap, **fields}


FAILED = verdict(
    state="fail",
    scenario="hanging-transfer",
    findings=[finding()],
    unmet=["job 6000000001 is running, expected failed"],
    jobs={"6000000001": "running", "6000000002": "failed", "6000000003": "failed"},
    rerun="flightsim run hanging-transfer --pilot core --seeds 7",
    run_dir="runs/hanging-transfer/core-7",
)
UNKNOWN = verdict(state="unknown", notes=["the journal breaks off at 0:10:00"])
BROKEN = verdict(state="broken", notes=["Traceback\n  File x\nRuntimeError: ours"], jobs={})
