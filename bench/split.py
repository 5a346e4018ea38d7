"""Whose time is it: the pilot's own code, our guest runtime, our host.

    pip install py-spy
    python -m bench.split first-job --pilot pypi:3.7.0.36

Samples ``flightsim run`` and its guests with py-spy (which has to be allowed to trace) and counts
samples of running threads. A sample of a guest is the pilot's if the innermost frame that is
either the pilot's or ours is the pilot's: logging called by the pilot is the pilot's. A lock or a
sleep of ours is ours, and so is the switch to another thread in it. With --by NUMBER it tells where
our share goes.

py-spy takes what C code does for its Python caller's. So the compiled part of the runtime is flown
with a Python frame around whatever waits in it (FLIGHTSIM_COMPILED=seen), and what these frames
cost is ours too. What never waits there has none, as the frame would cost more than what it shows:
to take and let go a lock that is free, to look at the clock (20 to 30 ns each). With --python the
compiled part is left out.

*Passed on* is a row of its own: samples whose innermost frame stands on a line of ours that only
calls the function that it stands for, with what the program has given: ``return true_write(self,
data)``. There the kernel writes the pilot's log; without us it would as well. It is not the pilot's
code, and it is no part of ours: the call itself is in it (some 50 ns of some µs), and what the
kernel does since the file is watched. All around that line is ours.

Left out are samples in which one process waits for another: whoever asks the other end of the
wire, and the first process of the namespaces, which waits for the guest from begin to end. py-spy
takes a few of a hundred of them for running, the more the busier the machine; the kernel counts
hardly any CPU time there (of the last: 0.01 s a flight, where up to 8 % of all samples were).
"""

from __future__ import annotations

import argparse
import functools
import linecache
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

HOST, GUEST, PILOT, START = "our host", "our guest runtime", "the pilot's code", "interpreter"
PASSED = "passed on"
PASSES = re.compile(r"(return |\w+ = )?(self\._)?true\w*\(")
FRAME = re.compile(r".*\((guest/[\w/]+\.py):(\d+)\)")
ROOT = Path(__file__).resolve().parent.parent
WAITING = "waiting (left out)"
WAITS = (
    "GuestProcess._take (harness/guests.py",
    "Wire._take (guest/wire.py",
    "run (guest/fence/walls.py",
)
BOOT = "guest/boot.py"
OURS = ("guest/", "greenlet")
THEIRS = ("pilot/", "pilotcore/", "pilot.py", "/srv/pilot")


def owner(frames: list[str]) -> tuple[str, str]:
    """Return whose a sample is, and the frame that says so; *frames* come outermost first."""
    if frames[-1].startswith(WAITS):
        return WAITING, frames[-1]
    if not any(frame.startswith("process ") and BOOT in frame for frame in frames):
        return HOST, frames[-1]
    for frame in reversed(frames):
        if frame.startswith("process "):
            break
        place = frame.rpartition("(")[2]
        if any(part in place for part in OURS):
            if frame is frames[-1] and passes(frame):
                return PASSED, frame.rpartition(":")[0]
            return GUEST, frame.rpartition(":")[0]
        if any(part in place for part in THEIRS):
            return PILOT, frame.rpartition(":")[0]
    return START, frames[-1]


@functools.cache
def passes(frame: str) -> bool:
    """Tell whether *frame* stands on a line that only calls what it stands for."""
    found = FRAME.fullmatch(frame)
    if found is None:
        return False
    line = linecache.getline(str(ROOT / found[1]), int(found[2]))
    return PASSES.match(line.strip()) is not None


def sampled(command: list[str], *, rate: int, compiled: str) -> list[tuple[list[str], int]]:
    """Return the stacks that py-spy saw of *command*, each with its count."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw.txt"
        spy = ["py-spy", "record", "--subprocesses", "-r", str(rate), "-f", "raw", "-o", str(raw)]
        environment = {**os.environ, "FLIGHTSIM_COMPILED": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as bench/first_job.py, which says why
        ran = subprocess.run(
            [*spy, "--", *command], capture_output=True, text=True, check=False, env=environment
        )
        if not raw.exists():
            raise SystemExit(f"py-spy recorded nothing: {ran.stderr.strip()[-300:]}")
        lines = raw.read_text(encoding="utf-8").splitlines()
    stacks = (line.rpartition(" ") for line in lines)
    return [(stack.split(";"), int(count)) for stack, _, count in stacks]


def main() -> None:
    """Sample what the command line asks for and print the shares."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("scenario", nargs="?", default="first-job")
    parser.add_argument("--pilot", default="pypi:3.7.0.36")
    parser.add_argument("--rate", type=int, default=200, help="samples a second")
    parser.add_argument("--by", type=int, default=0, help="print so many of our functions")
    parser.add_argument("--python", action="store_true", help="without the compiled part")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = [sys.executable, "-m", "harness.cli", "run", options.scenario]
        command = [*run, "--pilot", options.pilot, "--runs", folder]
        how = "0" if options.python else "seen"
        stacks = sampled(command, rate=options.rate, compiled=how)
    shares: Counter[str] = Counter()
    ours: Counter[str] = Counter()
    for frames, count in stacks:
        who, where = owner(frames)
        shares[who] += count
        if who in (GUEST, HOST, PASSED):
            ours[f"{who}: {where}"] += count
    waiting = shares.pop(WAITING, 0)
    total = sum(shares.values())
    for who, count in shares.most_common():
        print(f"{who:20} {count:7} samples  {count / total:6.1%}")
    print(f"{WAITING:20} {waiting:7} samples")
    print(
        f"{'ours':20} {shares[GUEST] + shares[HOST]:7} samples"
        f"  {(shares[GUEST] + shares[HOST]) / total:6.1%}"
    )
    for where, count in ours.most_common(options.by):
        print(f"{count / total:7.1%}  {where}")


if __name__ == "__main__":
    main()
