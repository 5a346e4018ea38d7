"""``kill -9`` at any moment under load: nothing that was acknowledged is ever lost.

Five moments here; FLIGHTSIM_KILLS=100 does as many as that, FLIGHTSIM_SEED draws others.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.fakeserver.live.loading import CARELESS
from tests.fakeserver.live.loading import Acknowledged
from tests.fakeserver.live.loading import Load
from tests.fakeserver.live.loading import Process

KILLS = int(os.environ.get("FLIGHTSIM_KILLS", "5"))
SEED = os.environ.get("FLIGHTSIM_SEED", "1")
ANSWERS_MAX = 400
WAIT_S_MAX = 0.004
FINAL = {"finished", "failed", "cancelled", "closed"}
WAITING = {"", "activated"}
CARELESS_KILLS = 5
"""As a rule one is enough; the server would have to be killed right after a commit each time."""
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
    said, given, done = written(events)
    missing = [f"job {job}" for job in known.defined - set(jobs)]
    missing += [f"dispatch of {job}" for job in known.dispatched if state_of(jobs, job) in WAITING]
    for job, stamps in known.updates.items():
        missing += [f"update {stamp} of {job}" for stamp in stamps if (job, stamp) not in said]
        # An update that nobody was told of may have come after those; its stamp is greater.
        fields = jobs.get(job, {}).get("fields", {})
        if int(fields.get("cpuConsumptionTime", 0)) < max(stamps):
            missing.append(f"fields of {job}")
    missing += [f"end of {job}" for job in known.finals if state_of(jobs, job) not in FINAL]
    workers = json.dumps(state["rooms"])
    missing += [f"worker {key}" for key in known.workers if f"harvester/{key}" not in workers]
    missing += [f"range {name}, taken" for name in known.taken - given]
    missing += [f"range {name}, finished" for name in known.done - done]
    return sorted(missing)


def state_of(jobs: dict[int, dict[str, Any]], job: int) -> str:
    """Return the state of a job, nothing for one that is not there."""
    return str(jobs.get(job, {}).get("state", ""))


def written(events: list[dict[str, Any]]) -> tuple[set[tuple[int, Any]], set[str], set[str]]:
    """Return the updates, the event ranges given and the event ranges finished in a journal."""
    said: set[tuple[int, Any]] = set()
    given: set[str] = set()
    done: set[str] = set()
    for each in events:
        if each["what"] == "job.update":
            said.add((each["job"], each["fields"].get("cpuConsumptionTime")))
        elif each["what"] == "event.ranges":
            given.update(each["ranges"])
        elif each["what"] == "event.range_done" and each["state"] == "finished":
            done.add(each["range"])
    return said, given, done


def killed(store: Path, load: Load, rng: Random, *, times: int, **options: Any) -> list[str]:
    """Kill a server on *store* so many times under *load*; return what was lost the first time."""
    process = Process(store, **options)
    try:
        for moment in range(times):
            before = load.known.count
            after, wait_s = rng.randint(1, ANSWERS_MAX), rng.uniform(0, WAIT_S_MAX)
            load.kill_under_load(process, after=after, wait_s=wait_s)
            process = Process(store)
            missing = lost(load.known, process)
            print(f"{moment + 1}: {load.known.count - before} answers, {load.known.count} in all")
            if missing:
                return missing
            if options:
                assert 0 == process.stop()
                process = Process(store, **options)
        return []
    finally:
        process.stop()


@pytest.mark.slow
def test_a_killed_server_has_lost_nothing_it_acknowledged(tmp_path: Path) -> None:
    rng = Random(f"{SEED}/kills")
    load = Load(rng)
    store = tmp_path / "panda.sqlite3"
    assert [] == killed(store, load, rng, times=KILLS)
    with contextlib.closing(sqlite3.connect(store)) as connection:
        assert [("ok",)] == connection.execute("PRAGMA integrity_check").fetchall()
    assert load.known.updates
    known = load.known
    print(
        f"{KILLS} kills, {known.count} acknowledgements checked: {len(known.defined)} jobs defined,"
        f" {len(known.dispatched)} dispatched, {sum(map(len, known.updates.values()))} updates,"
        f" {len(known.finals)} ends, {len(known.taken)} event ranges taken,"
        f" {len(known.done)} finished; none lost"
    )


@pytest.mark.slow
def test_a_server_that_answers_before_it_commits_is_found(tmp_path: Path) -> None:
    rng = Random(f"{SEED}/careless")
    missing = killed(
        tmp_path / "panda.sqlite3", Load(rng), rng, times=CARELESS_KILLS, program=CARELESS
    )
    print(f"{len(missing)} lost, e.g. {missing[:3]}")
    assert missing
