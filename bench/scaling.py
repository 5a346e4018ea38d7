"""How cost grows: ten times the virtual time, eight pilots instead of one.

    python -m bench.scaling --pilot core --pilot pypi:3.7.0.36 --runs 3 --one-core

Each is ``flightsim run`` of a scenario written here (an ordinary job, payload of 2 h or 20 h; one
or eight pilots with a job each), as a process of its own. Printed are medians of wall seconds and
their ratios within this one run.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from pathlib import Path

from bench.first_job import Sample
from bench.first_job import sample

HEAD = """
name = "{name}"
about = "an ordinary job of {hours} h on each of {pilots} pilots"
from = "bench/scaling.py"
tags = ["bench"]
seed = 7
[world]
site = "BNL"
queue = "BNL_ATLAS_1"
start = 2026-03-01T08:00:00Z
"""
JOB = """
[[job]]
kind = "production"
inputs = [{{ size = "2 GB" }}, {{ size = "2 GB" }}]
log = true
payload = {{ walltime = "{hours}h", cpu = 0.95, outputs = [{{ size = "500 MB" }}] }}
"""
PILOT = """
[[pilot]]
batch = {{ walltime = "{walltime}h" }}
"""
EXPECT = """
[expect]
jobs = {{ finished = {pilots} }}
exit = 0
"""


def scenario(*, hours: int, pilots: int) -> str:
    """Return the text of a scenario: *pilots* jobs of *hours* hours each."""
    name = f"scaling-{hours}h-{pilots}"
    parts = [HEAD.format(name=name, hours=hours, pilots=pilots)]
    parts += [JOB.format(hours=hours)] * pilots
    parts += [PILOT.format(walltime=2 * hours)] * pilots
    return "".join([*parts, EXPECT.format(pilots=pilots)])


def measure(pilot: str, *, hours: int, pilots: int, folder: Path, runs: int) -> list[Sample]:
    """Return the samples of *runs* commands, after one that fills caches."""
    path = folder / f"scaling-{hours}h-{pilots}.toml"
    path.write_text(scenario(hours=hours, pilots=pilots))
    taken = [sample(pilot, scenario=str(path), runs=str(folder / "runs")) for _ in range(runs + 1)]
    wrong = [each.state for each in taken if each.state != "pass"]
    if wrong:
        raise SystemExit(f"{path.name} with {pilot}: {wrong}; nothing to measure")
    return taken[1:]


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pilot", action="append", default=None)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--one-core", action="store_true", help="pin everything to one core")
    options = parser.parse_args()
    if options.one_core:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    for pilot in options.pilot or ["core"]:
        report(pilot, options.runs)


def report(pilot: str, runs: int) -> None:
    """Print the three medians of *pilot* and the two ratios."""
    walls = {}
    with tempfile.TemporaryDirectory() as folder:
        for hours, pilots in ((2, 1), (20, 1), (2, 8)):
            taken = measure(pilot, hours=hours, pilots=pilots, folder=Path(folder), runs=runs)
            walls[hours, pilots] = statistics.median(each.wall_s for each in taken)
            print(f"{pilot:16} {hours:3} h, {pilots} pilots: median {walls[hours, pilots]:6.2f} s")
    print(
        f"{pilot:16} ten times the time costs {walls[20, 1] / walls[2, 1]:.2f}×,"
        f" eight pilots cost {walls[2, 8] / walls[2, 1]:.2f}×"
    )


if __name__ == "__main__":
    main()
