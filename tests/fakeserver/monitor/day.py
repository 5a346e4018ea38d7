"""A morning of a small grid, always the same: jobs of three queues, most of which end well."""

from __future__ import annotations

import json
from dataclasses import dataclass
from dataclasses import field
from random import Random
from typing import Any

from fakeserver.jobs import spec_from
from fakeserver.live.clock import LiveClock
from fakeserver.live.server import LiveServer
from fakeserver.matching import JobRequest
from fakeserver.server import PandaServer
from fakeserver.updates import read_update
from tests.fakeserver.live.running import Hand
from tests.fakeserver.live.running import new_live

BEGIN = 1_772_431_200.0  # 2026-03-02 06:00 UTC
MINUTES = 360
FIRST = 6_000_000_000
QUEUES = {"BNL_ATLAS_1": "online", "TRIUMF_ATLAS": "online", "NDGF_PROD": "brokeroff"}
SERVED = ("BNL_ATLAS_1", "BNL_ATLAS_1", "TRIUMF_ATLAS", "NDGF_PROD")
USERS = ("Ada Lovelace", "Grace Hopper", "Production Manager")
ERRORS = (
    (1305, "Payload failed due to an unknown reason"),
    (1099, "Failed to stage-in file"),
    (1137, "Failed to stage-out file"),
)


@dataclass
class Pilot:
    """A pilot with a job: when it begins to run and when it ends, in minutes."""

    panda_id: int
    name: str
    begin: int
    end: int
    said: list[str] = field(default_factory=list)


def morning() -> tuple[LiveServer, Hand]:
    """Return a live server at noon, and its hand."""
    hand = Hand(BEGIN)
    live = new_live(clock=LiveClock(hand.read))
    rng = Random("morning")
    with live.effect() as model:
        model.queues |= {
            name: {"status": status, "nickname": name} for name, status in QUEUES.items()
        }
    pilots: list[Pilot] = []
    for minute in range(MINUTES):
        hand.now += 60
        with live.effect() as model:
            _define(model, rng, minute)
            pilots += _dispatch(model, rng, minute, hand.now)
            for pilot in list(pilots):
                if _go_on(model, rng, pilot, minute, hand.now):
                    pilots.remove(pilot)
        live.reap()
    return live, hand


def _define(model: PandaServer, rng: Random, minute: int) -> None:
    rush = 60 < minute < 150
    for _ in range(rng.choice((0, 1, 2, 3, 4) if rush else (0, 0, 1, 1, 2))):
        number = len(model.jobs) + 1
        job = {
            "panda_id": FIRST + number,
            "queue": rng.choice(SERVED),
            "kind": rng.choice(("production", "production", "analysis")),
            "name": f"mc26.{number:05}.simul",
            "task_id": 4711 + number // 40,
            "user": f"/DC=sim/DC=grid/OU=People/CN={rng.choice(USERS)}",
            "priority": rng.choice((500, 1000, 4000)),
            "outputs": [{"lfn": f"{number}.root", "endpoint": "BNL_DATADISK"}],
            "log": {"lfn": f"{number}.log.tgz", "endpoint": "BNL_DATADISK"},
        }
        model.define_job(spec_from(job))


def _dispatch(model: PandaServer, rng: Random, minute: int, now: float) -> list[Pilot]:
    found = []
    for _ in range(2):
        queue, name = rng.choice(SERVED), f"pilot-{rng.randint(1, 16)}"
        request = JobRequest(
            queue=queue,
            label="unified",
            element=queue,
            node=f"wn{rng.randint(1, 9)}",
            memory=2000,
            disk=14_000,
        )
        for record in model.dispatch(request, who=name, now=now):
            begin, length = minute + rng.randint(2, 6), rng.choice((12, 25, 40, 55))
            end = begin + length + rng.randint(0, 20)
            found.append(Pilot(int(record["PandaID"]), name, begin, end))
    return found


def _go_on(model: PandaServer, rng: Random, pilot: Pilot, minute: int, now: float) -> bool:
    """Let a pilot say what it has to, and return whether that was all."""
    if minute >= pilot.end:
        _say(model, pilot, now=now, **_end(rng, pilot))
        return True
    state = "running" if minute >= pilot.begin else "starting"
    if state not in pilot.said:
        pilot.said.append(state)
        _say(model, pilot, now=now, state=state)
    return False


def _end(rng: Random, pilot: Pilot) -> dict[str, Any]:
    if rng.random() < 0.15:
        code, text = rng.choice(ERRORS)
        return {"state": "failed", "pilotErrorCode": code, "pilotErrorDiag": text}
    number = pilot.panda_id - FIRST
    entry = {"fsize": 500_000_000, "adler32": "0a0b0c0d", "surl": "root://se.sim/x"}
    names = (f"{number}.root", f"{number}.log.tgz")
    guids = (f"3-{number}", f"4-{number}")
    report = {name: entry | {"guid": guid} for name, guid in zip(names, guids, strict=True)}
    return {"state": "finished", "xml": json.dumps(report), "nEvents": 1000}


def _say(model: PandaServer, pilot: Pilot, *, now: float, **said: Any) -> None:
    node = f"wn{pilot.panda_id % 9 + 1}"
    values = {"jobId": pilot.panda_id, "attemptNr": 1, "node": node, "cpuConsumptionTime": 60}
    model.update(read_update(values | said), who=pilot.name, now=now)
