"""Flights that are over at once, and end as their seed says: for what is above a flight.

As a program's ``sitecustomize`` this module takes the place of ``harness.flight`` in a process of
its own and in its workers; in a test's own process ``fly`` is put there by monkeypatch.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import types
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import Callable

if TYPE_CHECKING:
    from harness.verdict import Verdict

PASSES, FAILS, UNKNOWN, BREAKS, RAISES, DIES, HANGS = 1, 2, 3, 4, 5, 6, 9
STATES = {PASSES: "pass", FAILS: "fail", UNKNOWN: "unknown", BREAKS: "broken", HANGS: "pass"}
MARK = "hanging"


def fly(
    scenario: Any,
    pilot: Any,
    *,
    seed: int,
    runs: Path,
    progress: Callable[[str, float], None] | None = None,
    python: str | None = None,
    manner: Any = None,
) -> Verdict:
    """Return a verdict that *seed* chooses; seeds above ten pass."""
    if progress is not None:
        progress("job.state", 12.0)
    if seed == RAISES:
        raise RuntimeError("the stub was told to raise")
    if seed == DIES:
        os._exit(9)
    if seed == HANGS:
        runs.mkdir(parents=True, exist_ok=True)
        (runs / MARK).touch()
        while True:
            time.sleep(60)  # noqa: TID251 - a flight that never ends, in a process of its own
    return verdict(scenario.name, pilot.label, seed, runs, variant=scenario.variant)


def verdict(name: str, pilot: str, seed: int, runs: Path, *, variant: str = "") -> Verdict:
    """Return the verdict that *seed* chooses."""
    from harness.findings import Finding
    from harness.verdict import Verdict

    state: Any = STATES.get(seed, "pass")
    finding = Finding("heartbeat-gap", "no update for 3 h", 7290.0, "6000000001", (812, 1190))
    return Verdict(
        state=state,
        scenario=name,
        variant=variant,
        pilot=pilot,
        seed=seed,
        findings=(finding,) if state == "fail" else (),
        unmet=("expected a job to be finished",) if state == "fail" else (),
        jobs={"6000000001": "finished" if state == "pass" else "failed"},
        virtual_s=7325.0,
        wall_s=1.25,
        sha256=f"{seed:064x}",
        run_dir=str(runs / name / f"{pilot}-{seed}"),
        notes=("the journal breaks off",) if state in ("unknown", "broken") else (),
    )


if __name__ == "sitecustomize":
    module = types.ModuleType("harness.flight")
    module.fly = fly  # type: ignore[attr-defined]
    sys.modules["harness.flight"] = module
    # Who starts the tests may have told all their children to ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
