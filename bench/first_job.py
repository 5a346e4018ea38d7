"""How long does a whole command take: ``flightsim run first-job`` for some pilots.

    python -m bench.first_job --pilot core --pilot pypi:3.7.0.36 --runs 5
    python -m bench.first_job --pilot pypi:3.7.0.36 --scenario bench/day.toml --runs 3

Each run is a process of its own, from start to exit; the first, which fills caches, does not
count. What Python compiles is kept between runs, as it is anywhere, even where the environment
forbids it: compiling all of this at each start costs 0.3 s. Printed are the median and the range
of wall seconds, the CPU seconds of the host (those of its guests are not in them), and virtual
seconds a wall second.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


@dataclass(frozen=True, slots=True)
class Sample:
    """One run: seconds of wall and of CPU, virtual seconds, and the verdict."""

    wall_s: float
    cpu_s: float
    virtual_s: float
    state: str


def sample(pilot: str, *, scenario: str, runs: str) -> Sample:
    """Run the command once."""
    command = [sys.executable, "-m", "harness.cli", "run", scenario, "--pilot", pilot]
    environment = {name: text for name, text in os.environ.items() if name != NO_BYTECODE}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    done = subprocess.run(
        [*command, "--runs", runs, "--json"],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    wall_s = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    verdict = json.loads(done.stdout.splitlines()[0])
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Sample(wall_s, cpu_s, verdict["virtual_s"], verdict["state"])


def report(pilot: str, samples: list[Sample]) -> str:
    """Return one line of figures."""
    walls = [each.wall_s for each in samples]
    median = statistics.median(walls)
    cpu = statistics.median(each.cpu_s for each in samples)
    virtual = samples[0].virtual_s
    states = "/".join(sorted({each.state for each in samples}))
    return (
        f"{pilot:16} {states:8} median {median:6.2f} s  (min {min(walls):.2f},"
        f" max {max(walls):.2f}, {len(walls)} runs)  host cpu {cpu:.2f} s"
        f"  virtual {virtual:.0f} s  {virtual / median:.0f}×"
    )


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pilot", action="append", default=None)
    parser.add_argument("--scenario", default="first-job")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--one-core", action="store_true", help="pin everything to one core")
    options = parser.parse_args()
    if options.one_core:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        for pilot in options.pilot or ["core"]:
            sample(pilot, scenario=options.scenario, runs=folder)
            samples = [
                sample(pilot, scenario=options.scenario, runs=folder) for _ in range(options.runs)
            ]
            print(report(pilot, samples))


if __name__ == "__main__":
    main()
