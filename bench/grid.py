"""A grid of records: how much CPU time and memory a day of it takes, and how that grows.

    python -m bench.grid                  # 10 sites, 5,000 slots, 100,000 pilots, one day
    python -m bench.grid --times 10       # the same, ten times: slots, jobs and links
    python -m bench.grid --case cgsim     # 10,000 jobs on 32 sites and 5,632 hosts
    python -m bench.grid --case crowded   # the day with links so narrow that all hang together

Each is a process of its own. Printed are seconds of CPU time, the peak of memory, and counts,
which are the same every time.
"""

from __future__ import annotations

import argparse
import gc
import resource
import time
from dataclasses import replace

from fakesites.grid import Grid
from fakesites.grid import GridSite
from fakesites.grid import GridSpec
from fakesites.grid import check
from fakesites.grid import default_grid
from fakesites.grid.workload import WorkloadSpec

JOBS = 100_000
# 5,000 slots are busy for most of a day with so many jobs of this length.
PAYLOAD_S = 3300.0


def day(times: int) -> GridSpec:
    """Return the ten sites of the catalogue for a day, *times* as large."""
    spec = default_grid()
    sites = tuple(
        replace(
            site,
            hosts=site.hosts * times,
            idle_most=site.idle_most * times,
            each=site.each * times,
            collapse=site.collapse * times,
            storage=site.storage * times,
            movers=site.movers * times,
            uplink=site.uplink * times,
            downlink=site.downlink * times,
        )
        for site in spec.sites
    )
    work = WorkloadSpec(jobs=JOBS * times, payload_s=PAYLOAD_S)
    return replace(spec, sites=sites, workload=work)


def crowded(times: int) -> GridSpec:
    """Return the same day on storages and links that are full most of the time."""
    spec = day(times)
    sites = tuple(
        replace(site, storage=site.storage / 20, uplink=site.uplink / 20) for site in spec.sites
    )
    return replace(spec, sites=sites)


def cgsim(times: int) -> GridSpec:
    """Return CGSim's case: 32 sites of 176 hosts each, 33 cores a host; until all is done."""
    sites = tuple(
        GridSite(
            f"S{number:02}",
            hosts=176,
            cores=33,
            factory="push",
            interval_s=60.0,
            each=10_000,
            idle_most=10_000,
        )
        for number in range(32)
    )
    work = WorkloadSpec(jobs=10_000 * times, over_s=86400.0, wide=0.3, wide_cores=8)
    return GridSpec(sites, workload=work, duration_s=0.0, name="cgsim")


CASES = {"day": day, "crowded": crowded, "cgsim": cgsim}


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--case", choices=CASES, default="day")
    parser.add_argument("--times", type=int, default=1)
    options = parser.parse_args()
    spec = CASES[options.case](options.times)
    gc.freeze()
    began = time.process_time()
    grid = Grid(spec)
    outcome = grid.run()
    cpu_s = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = outcome.grid
    jobs = figures["finished"] + figures["failed"]
    hosts = sum(site.hosts for site in spec.sites)
    print(
        f"{options.case} ×{options.times}: {figures['sites']} sites, {hosts:,} hosts, "
        f"{figures['slots']:,} slots, {figures['pilots']:,} pilots, {jobs:,} jobs done, "
        f"{outcome.duration_s / 3600:.1f} h, {figures['slot_use']:.0%} of the slots"
    )
    print(
        f"{cpu_s:.1f} s of CPU, {jobs / cpu_s:,.0f} jobs a second, {figures['calls']:,} calls, "
        f"{cpu_s / figures['calls'] * 1e6:.1f} µs each, peak {peak:.0f} MB, "
        f"digest {outcome.digest[:16]}, {'adds up' if not check(grid) else check(grid)}"
    )


if __name__ == "__main__":
    main()
