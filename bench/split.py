"""Whose time is it: the pilot's own code, our guest runtime, our host.

    pip install py-spy
    python -m bench.split first-job --pilot pypi:3.7.0.36

Samples ``flightsim run`` and its guests with py-spy (which has to be allowed to trace) and counts
samples of running threads. A sample of a guest is the pilot's if the innermost frame that is
either the pilot's or ours is the pilot's: logging called by the pilot is the pilot's, so is what
it waits for; a lock or a sleep of ours is ours, and so is the kernel's part of a write, which
passes through a class of ours. With --by NAMES it tells where our share goes.

Left out are samples in which one process waits for another: whoever asks the other end of the
wire, and the first process of the namespaces, which waits for the guest from begin to end. py-spy
takes a few of a hundred of them for running, the more the busier the machine; the kernel counts
hardly any CPU time there (of the last: 0.01 s a flight, where up to 8 % of all samples were).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

HOST, GUEST, PILOT, START = "our host", "our guest runtime", "the pilot's code", "interpreter"
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
            return GUEST, frame.rpartition(":")[0]
        if any(part in place for part in THEIRS):
            return PILOT, frame.rpartition(":")[0]
    return START, frames[-1]


def sampled(command: list[str], *, rate: int) -> list[tuple[list[str], int]]:
    """Return the stacks that py-spy saw of *command*, each with its count."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw.txt"
        spy = ["py-spy", "record", "--subprocesses", "-r", str(rate), "-f", "raw", "-o", str(raw)]
        ran = subprocess.run([*spy, "--", *command], capture_output=True, text=True, check=False)
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
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = [sys.executable, "-m", "harness.cli", "run", options.scenario]
        stacks = sampled([*run, "--pilot", options.pilot, "--runs", folder], rate=options.rate)
    shares: Counter[str] = Counter()
    ours: Counter[str] = Counter()
    for frames, count in stacks:
        who, where = owner(frames)
        shares[who] += count
        if who in (GUEST, HOST):
            ours[f"{who}: {where}"] += count
    waiting = shares.pop(WAITING, 0)
    total = sum(shares.values())
    for who, count in shares.most_common():
        print(f"{who:20} {count:7} samples  {count / total:6.1%}")
    print(f"{WAITING:20} {waiting:7} samples")
    for where, count in ours.most_common(options.by):
        print(f"{count / total:7.1%}  {where}")


if __name__ == "__main__":
    main()
