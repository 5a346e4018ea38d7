"""What the node is and how loaded: metrics of every heartbeat, for whoever compares machines.

Memory and CPU are those of the whole node, not the payload's. One ``cat`` of what the kernel says
tells everything; where it cannot be read, nothing is told.
"""

from __future__ import annotations

import re

from pilotcore.commands import run
from pilotcore.platform import Command
from pilotcore.platform import Platform

CAT = ("cat", "/proc/loadavg", "/proc/meminfo", "/proc/cpuinfo")
TIMEOUT_S = 10.0
# Metric -> what is looked for, and by what the number is divided (kB to MB).
FOUND = (
    ("nodeLoad", re.compile(r"\A(\d+(?:\.\d+)?) "), 1.0),
    ("nodeMemory", re.compile(r"^MemTotal:\s+(\d+) kB", re.M), 1024.0),
    ("nodeFree", re.compile(r"^MemAvailable:\s+(\d+) kB", re.M), 1024.0),
    ("cpuMHz", re.compile(r"^cpu MHz\s*:\s*(\d+(?:\.\d+)?)", re.M), 1.0),
)


def node_metrics(platform: Platform) -> dict[str, object]:
    """Return load (runnable processes), memory (MB) and clock of the CPU (MHz), as far as known."""
    outcome = run(platform, Command(CAT), timeout_s=TIMEOUT_S)
    return {} if outcome.code else parse(outcome.stdout)


def parse(text: str) -> dict[str, object]:
    """Return the metrics in what the kernel says."""
    found = ((name, pattern.search(text), unit) for name, pattern, unit in FOUND)
    return {name: shown(float(match[1]) / unit) for name, match, unit in found if match}


def shown(value: float) -> str:
    """Return a number as a metric shows it: whole, or with two digits if it is a small one."""
    return f"{value:.0f}" if value >= 100 else f"{value:.2f}"
