"""Flights that lie in their run directories already, and need not be flown again.

A flight is a function of what its journal's first line says, and of the simulator's own code,
which is not looked at: who has changed that flies again.
"""

from __future__ import annotations

import json
from typing import Any

from harness.fleet import Order
from harness.flight import JOURNAL
from harness.flight import VERDICT
from harness.flight import header_of
from harness.pilots import install
from harness.rundir import run_path


def kept_verdict(order: Order) -> dict[str, Any] | None:
    """Return the verdict of the very flight that *order* asks for, if it was flown before."""
    place = run_path(
        order.runs, scenario=order.scenario.name, pilot=order.pilot.label, seed=order.seed
    )
    try:
        with open(place / JOURNAL, encoding="utf-8") as journal:
            flown = json.loads(journal.readline())
        verdict: dict[str, Any] = json.loads((place / VERDICT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return {**verdict, "run_dir": str(place)} if _is_of(order, flown) else None


def _is_of(order: Order, flown: dict[str, Any]) -> bool:
    wanted = header_of(
        order.scenario,
        install(order.pilot),
        order.pilot.label,
        seed=order.seed,
        manner=order.manner,
    )
    # As JSON has it: a journal knows no tuples.
    told = json.loads(json.dumps(wanted))
    return all(flown.get(key) == value for key, value in told.items())
