"""What prmon has measured, as fields of the final update, if it ran and left its summary.

It knows what the fallback (usage.py, from ``ps``) cannot: shared memory counted once. Where there
is no summary, or one that is garbage, what ``ps`` told stands. Values are in kB.
Read from pilot3@a090538b:pilot/user/atlas/utilities.py#get_memory_monitor_info.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Mapping

from pilotcore.watch.monitor import SUMMARY

FIELDS: Mapping[str, tuple[str, str]] = {
    "maxRSS": ("Max", "rss"),
    "maxPSS": ("Max", "pss"),
    "maxVMEM": ("Max", "vmem"),
    "avgRSS": ("Avg", "rss"),
    "avgPSS": ("Avg", "pss"),
}


def monitored(directory: Path) -> dict[str, object]:
    """Return the fields that the summary in *directory* fills; nothing if there is none."""
    try:
        summary = json.loads((directory / SUMMARY).read_text(encoding="utf-8"))
        values = {name: summary[part][key] for name, (part, key) in FIELDS.items()}
        return {name: round(float(value)) for name, value in values.items()}
    except (OSError, ValueError, TypeError, KeyError):
        return {}
