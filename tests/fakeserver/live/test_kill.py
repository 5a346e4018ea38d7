"""``kill -9`` at any moment under load: nothing that was acknowledged is ever lost.

Five moments here; FLIGHTSIM_KILLS=100 does as many as that, FLIGHTSIM_SEED draws others.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.fakeserver.live.loading import Acknowledged
from tests.fakeserver.live.loading import Load
from tests.fakeserver.live.loading import Process

KILLS = int(os.environ.get("FLIGHTSIM_KILLS", "5"))
SEED = os.environ.get("FLIGHTSIM_SEED", "1")
ANSWERS_MAX = 400
WAIT_S_MAX = 0.004
FINAL = {"finished", "failed", "cancelled", "closed"}
PAGE = 10_000


def journal_of(process: Process) -> list[dict[str, Any]]:
    """Return every event of the server."""
    events: list[dict[str, Any]] = []
    while True:
        after = events[-1]["n"] if events else -1
        path = f"/flightsim/control/journal?after={after}&count={PAGE}"
        page = [json.loads(line) for line in process.get(path).splitlines()]
        events += page
        if len(page) < PAGE:
            return events


def lost(known: Acknowledged, process: Process) -> list[str]:
    """Return what was acknowledged and is not there."""
    state = json.loads(process.get("/flightsim/control/state"))
    jobs = {int(key): job for key, job in state["jobs"].items()}
    events = journal_of(process)
    assert list(range(len(events))) == [each["n"] for each in events]
    said = {
        (each["job"], each["fields"].get("cpuConsumptionTime"))
        for each in events
        if each["what"] == "job.update"
    }
    missing = [f"job {job}" for job in known.defined - set(jobs)]
    missing += [f"dispatch {job}" for job in known.dispatched if jobs[job]["state"] == "activated"]
    for job, stamps in known.updates.items():
        missing += [f"update {stamp} of {job}" for stamp in stamps if (job, stamp) not in said]
        # An update that nobody was told of may have come after those; its stamp is greater.
        if int(jobs[job]["fields"]["cpuConsumptionTime"]) < max(stamps):
            missing.append(f"fields of {job}")
    missing += [f"end of {job}" for job in known.finals if jobs[job]["state"] not in FINAL]
    workers = json.dumps(state["rooms"])
    missing += [f"worker {key}" for key in known.workers if f"harvester/{key}" not in workers]
    return sorted(missing)


@pytest.mark.slow
def test_a_killed_server_has_lost_nothing_it_acknowledged(tmp_path: Path) -> None:
    rng = Random(f"{SEED}/kills")
    load = Load(rng)
    store = tmp_path / "panda.sqlite3"
    process = Process(store)
    for moment in range(KILLS):
        before = load.known.count
        load.kill_under_load(
            process, after=rng.randint(1, ANSWERS_MAX), wait_s=rng.uniform(0, WAIT_S_MAX)
        )
        process = Process(store)
        assert [] == lost(load.known, process)
        print(f"{moment + 1}: {load.known.count - before} answers, {load.known.count} in all")
    assert 0 == process.stop()
