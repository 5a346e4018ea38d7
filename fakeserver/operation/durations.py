"""How long jobs take from one state to the next, for production and for analysis.

A distribution is count, minimum, percentiles and maximum, in seconds. Out of the ordinary is what
takes more than some times the 90th percentile of its kind, counted from a number of jobs up.
"""

from __future__ import annotations

from typing import Any
from typing import Iterable
from typing import Sequence

from fakeserver.jobs import Job
from fakeserver.jobtable import JobTable
from fakeserver.states import State

PHASES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "brokerage": (("defined",), ("activated",)),
    "wait": (("activated",), ("sent",)),
    "start": (("sent",), ("running", "starting")),
    "run": (("running", "starting", "sent"), ("holding", "finished", "failed")),
    "settle": (("holding",), ("finished", "failed", "cancelled", "closed")),
    "whole": (("defined",), ("finished", "failed", "cancelled", "closed")),
}
PERCENTILES = (50, 90, 99)
ENOUGH = 10
FACTOR = 3.0
PRODUCTION, ANALYSIS = "production", "analysis"


def length_of(job: Job, phase: str) -> float | None:
    """Return how many seconds *job* took for *phase*, None if it did not get through it."""
    begins, ends = PHASES[phase]
    begun = next((job.times[state] for state in begins if state in job.times), None)
    ended = next((job.times[state] for state in ends if state in job.times), None)
    return None if begun is None or ended is None else max(0.0, ended - begun)


def durations(jobs: Iterable[Job]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return a distribution for each phase, by production and analysis."""
    found: dict[str, dict[str, list[float]]] = {}
    for job in jobs:
        kind = ANALYSIS if job.spec.analysis else PRODUCTION
        for phase in PHASES:
            length_s = length_of(job, phase)
            if length_s is not None:
                found.setdefault(kind, {}).setdefault(phase, []).append(length_s)
    return {
        kind: {phase: distribution(sorted(lengths)) for phase, lengths in sorted(phases.items())}
        for kind, phases in sorted(found.items())
    }


def distribution(ordered: Sequence[float]) -> dict[str, Any]:
    """Return count, extremes and percentiles (nearest rank) of values in order."""
    told: dict[str, Any] = {"count": len(ordered), "min": ordered[0], "max": ordered[-1]}
    for percent in PERCENTILES:
        told[f"p{percent}"] = ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
    return told


def anomalies(table: JobTable, *, now: float) -> list[dict[str, Any]]:
    """Return the jobs that wait or run for far longer than others of their kind did."""
    usual = durations(table.jobs.values())
    found = []
    for job in table.alive():
        phase = _present(job)
        kind = ANALYSIS if job.spec.analysis else PRODUCTION
        known = usual.get(kind, {}).get(phase, {}) if phase else {}
        if known.get("count", 0) < ENOUGH:
            continue
        limit_s = known["p90"] * FACTOR
        lasts_s = now - job.changed_at
        if lasts_s > limit_s > 0:
            found.append(
                {"job": job.panda_id, "phase": phase, "seconds": lasts_s, "limit_s": limit_s}
            )
    return found


def _present(job: Job) -> str:
    if job.state is State.ACTIVATED:
        return "wait"
    return "run" if job.state in (State.STARTING, State.RUNNING) else ""
