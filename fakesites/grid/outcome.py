"""What came of a run: figures for each site and for the grid, as data.

Everything is counted in jobs, pilots, seconds and bytes; what a table or a file makes of it is
the business of others. The digest is over every end of a job and every count.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from typing import Mapping
from typing import Sequence

from fakesites.grid.records import PAYLOAD
from fakesites.grid.records import STAGE_IN
from fakesites.grid.records import STAGE_OUT
from fakesites.grid.records import SUSPENDED
from fakesites.grid.records import Counters

if TYPE_CHECKING:
    from fakesites.grid.model import Grid
    from fakesites.grid.place import Place

Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures of each site, of the whole *grid*, and the *digest* of the run."""

    name: str
    seed: int
    duration_s: float
    sites: Mapping[str, Figures]
    grid: Figures
    digest: str

    def as_dict(self) -> dict[str, Any]:
        """Return all of it as plain data."""
        return asdict(self)


def outcome_of(grid: Grid) -> Outcome:
    """Return what came of *grid* so far."""
    sites = {name: site_figures(place, grid.agenda.now) for name, place in grid.places.items()}
    whole = grid_figures(grid, sites)
    counted = json.dumps([sites, whole], sort_keys=True)
    spec = grid.spec
    digest = grid.jobs.digest(counted)
    return Outcome(spec.name, spec.seed, grid.agenda.now, sites, whole, digest)


def site_figures(place: Place, now: float) -> dict[str, Any]:
    """Return the figures of one site at *now*."""
    count, batch = place.count, place.batch
    figures = {
        name: getattr(count, name)
        for name in Counters.__slots__
        if name not in ("waits", "job_waits", "words", "codes", "slot_s", "busy_s")
    }
    slot_s = count.slot_s + sum(
        (now - pilot.started) * pilot.cores for pilot in batch.running.values()
    )
    busy_s = count.busy_s + sum(
        (now - pilot.since) * pilot.cores
        for pilot in batch.running.values()
        if pilot.phase == PAYLOAD
    )
    whole_s = place.slots * now or 1.0
    waits, job_waits = sorted(count.waits), sorted(count.job_waits)
    return {
        "system": place.site.system,
        "factory": place.site.factory,
        "slots": place.slots,
        **figures,
        "idle": batch.idle,
        "running": len(batch.running),
        "waiting_jobs": place.waits(),
        "slot_use": round(slot_s / whole_s, 6),
        "cpu_use": round(busy_s / whole_s, 6),
        "pilot_wait_median_s": round(quantile(waits, 0.5), 3),
        "pilot_wait_p95_s": round(quantile(waits, 0.95), 3),
        "job_wait_median_s": round(quantile(job_waits, 0.5), 3),
        "job_wait_p95_s": round(quantile(job_waits, 0.95), 3),
        "words": dict(sorted(count.words.items())),
        "codes": {str(code): number for code, number in sorted(count.codes.items())},
    }


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return the value below which *share* of *ordered* lies, 0 of nothing."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def grid_figures(grid: Grid, sites: Mapping[str, Figures]) -> dict[str, Any]:
    """Return the figures of all sites together."""
    jobs = grid.jobs
    summed = (
        "pilots", "started", "ended", "empty", "held_back", "preempted", "walltime", "silent",
        "lost", "retried", "read", "written", "registered", "wan", "idle", "removed",
    )  # fmt: skip
    slots = grid.spec.slots
    return {
        "sites": len(sites),
        "slots": slots,
        "created": jobs.created,
        "finished": jobs.finished,
        "failed": jobs.failed,
        "unplaced": jobs.unplaced,
        "running_jobs": jobs.running,
        "waiting_jobs": sum(each["waiting_jobs"] for each in sites.values()),
        "held": grid.held,
        **{name: sum(each[name] for each in sites.values()) for name in summed},
        "slot_use": round(sum(e["slot_use"] * e["slots"] for e in sites.values()) / slots, 6),
        "cpu_use": round(sum(e["cpu_use"] * e["slots"] for e in sites.values()) / slots, 6),
        "calls": grid.agenda.calls,
    }


def check(grid: Grid) -> list[str]:
    """Return what does not add up: jobs, pilots and bytes are conserved at every instant."""
    wrong = []
    jobs, pilots = grid.jobs, [p for place in grid.places.values() for p in _pilots(place)]
    bound = sum(1 for p in pilots if p.bound is not None and p.attempt == 0)
    waiting = sum(place.waits() for place in grid.places.values())
    known = jobs.finished + jobs.failed + jobs.unplaced + jobs.running + waiting
    hidden = jobs.created - known
    if hidden < bound or hidden > bound + grid.held:
        wrong.append(f"{jobs.created} jobs were created, {known} are known, {bound} on their way")
    counts = [place.count for place in grid.places.values()]
    ended = sum(count.ended + count.removed for count in counts)
    idle = sum(place.batch.idle for place in grid.places.values())
    running = sum(len(place.batch.running) for place in grid.places.values())
    if grid.pilots != ended + idle + running + grid.held:
        wrong.append(f"{grid.pilots} pilots: {ended} ended, {idle} idle, {running} running")
    copies = sum(place.copies for place in grid.places.values())
    if copies != grid.agenda.sharing.active:
        wrong.append(f"{copies} copies are counted, {grid.agenda.sharing.active} are under way")
    wrong += _check_bytes(grid, counts)
    for name, place in grid.places.items():
        taken = sum(p.cores for p in place.batch.running.values())
        if taken > place.slots:
            wrong.append(f"{name}: {taken} of {place.slots} cores are taken")
        if place.site.movers and place.count.movers_most > place.site.movers:
            wrong.append(f"{name}: {place.count.movers_most} movers")
    return wrong


def _pilots(place: Place) -> list[Any]:
    return [*place.batch.running.values(), *place.batch.waiting()]


def _check_bytes(grid: Grid, counts: list[Counters]) -> list[str]:
    """Compare what passed the storages with what was staged, registered and cut off."""
    paused_in = paused_out = 0
    for place in grid.places.values():
        for pilot in place.batch.running.values():
            phase = pilot.paused if pilot.phase == SUSPENDED else pilot.phase
            # Of a copy that was suspended, what had passed by then.
            left = int(pilot.left if pilot.flow is None else pilot.flow.size)
            if pilot.job is not None and phase == STAGE_IN:
                paused_in += pilot.job.input_bytes - left
            elif pilot.job is not None and phase == STAGE_OUT:
                paused_out += pilot.job.output_bytes - left
    read, staged = sum(c.read for c in counts), sum(c.staged + c.cut_in for c in counts)
    written = sum(c.written for c in counts)
    kept = sum(c.registered + c.cut_out for c in counts)
    wrong = []
    if read != staged + paused_in:
        wrong.append(f"{read} bytes were read, {staged} + {paused_in} arrived")
    if written != kept + paused_out:
        wrong.append(f"{written} bytes were written, {kept} + {paused_out} are accounted for")
    return wrong
