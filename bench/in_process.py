"""Many pilots in one process: lifecycles a second of one core, and bytes a pilot.

    python -m bench.in_process --concurrent 10000 --lifecycles 20000
    python -m bench.in_process --concurrent 1000 --lifecycles 2000 --watch 60
    python -m bench.in_process --concurrent 200 --lifecycles 400 --responses
    python -m bench.in_process --memory --concurrent 10000

A lifecycle is all that the reference pilot does (pilotcore.pilot.Pilot, unchanged): start, checks
of proxy and disk, definitions of queue and storages, getJob, one input copied and verified, the
transform downloaded, a payload of an hour with watchdogs and heartbeats, output and log copied
out and proved by the far end, catalogue and ledger written, final update, tidying up, exit. In
memory: files, records of the pilot's database are not kept, tarballs are not packed. Programs are
functions (harness/inprocess/model.py). The server is the whole model of fakeserver, requests and
answers are bytes.

*bare* is the same model as a SimPy generator: the same waits, the same calls of the server's
model with the same fields, no pilot. Figures are CPU time of this process, noisy as any.
"""

from __future__ import annotations

import argparse
import gc
import json
import time
import tracemalloc
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any
from typing import Iterator

from fakeserver import PandaServer
from fakeserver.dispatch import JobRequest
from fakeserver.updates import read_update
from harness.inprocess.fleet import AGENT
from harness.inprocess.fleet import EPOCH
from harness.inprocess.fleet import QUEUE
from harness.inprocess.fleet import Fleet
from harness.inprocess.fleet import Plan
from harness.inprocess.routes import Responses
from simkernel import Clock
from simkernel import Journal

TRIP_S = 0.04
COPY_S = 3.0
PAGE = 4096


def lives(plan: Plan, *, by_responses: bool = False) -> tuple[float, Fleet]:
    """Return the CPU seconds of a fleet's lifecycles, and the fleet."""
    made: list[Responses] = []

    def route(server: PandaServer) -> Responses:
        made.append(Responses(server, agent=AGENT))
        return made[-1]

    fleet = Fleet(plan, route if by_responses else None)
    begun = time.process_time()
    if by_responses:
        with made[0]:
            fleet.run()
    else:
        fleet.run()
    return time.process_time() - begun, fleet


class Bare:
    """The same lifecycles as generators of SimPy, with the same calls of the server's model."""

    def __init__(self, plan: Plan, *, asks: bool) -> None:
        self.plan = plan
        self.asks = asks
        self.clock = Clock(epoch=EPOCH)
        self.ended = 0
        self.begun = 0
        journal = Journal(lambda: 0.0)
        journal.seal()
        self.server = PandaServer(self.clock.wall, journal, rng=Random("1/server"))
        self._jobs = Fleet(replace(plan, lifecycles=0)).job

    def run(self) -> float:
        """Run every lifecycle; return the CPU seconds."""
        begun = time.process_time()
        gap_s = self.plan.spread_s / self.plan.concurrent
        for number in range(self.plan.concurrent):
            self.clock.process(self._slot(number * gap_s))
        while self.ended < self.plan.lifecycles:
            self.clock.step()
        return time.process_time() - begun

    def _slot(self, after_s: float) -> Iterator[Any]:
        yield self.clock.timeout(after_s)
        while self.begun < self.plan.lifecycles:
            self.begun += 1
            yield from self._life(self.begun)
            self.ended += 1

    def _life(self, number: int) -> Iterator[Any]:
        clock, plan = self.clock, self.plan
        if self.asks:
            self.server.define_job(self._jobs(number))
        yield clock.timeout(TRIP_S)
        yield clock.timeout(TRIP_S)
        yield clock.timeout(TRIP_S)
        job = self._acquire()
        yield clock.timeout(TRIP_S)
        self._say(job, "starting")
        yield clock.timeout(COPY_S)
        yield clock.timeout(TRIP_S)
        self._say(job, "running")
        left_s = plan.payload_s
        while left_s > 0:
            yield clock.timeout(min(left_s, plan.heartbeat_s))
            left_s -= plan.heartbeat_s
            self._say(job, "running")
        for _ in range(2):
            yield clock.timeout(COPY_S)
            yield clock.timeout(COPY_S / 2)
        yield clock.timeout(TRIP_S)
        self._say(job, "finished", xml=report_of(number))

    def _acquire(self) -> int:
        if not self.asks:
            return 0
        request = JobRequest(QUEUE, "managed", element=QUEUE)
        (record,) = self.server.dispatch(request, who="pilot", now=self.clock.wall())
        return int(record["PandaID"])

    def _say(self, job: int, state: str, **fields: object) -> None:
        if self.asks:
            values = {"jobId": job, "state": state, "attemptNr": 1, "node": "n", **fields}
            self.server.update(read_update(values), who="pilot", now=self.clock.wall())


def report_of(number: int) -> str:
    """Return the report of a final update."""
    each = {"guid": "3-3", "fsize": 500, "adler32": "0a0b0c0d", "endpoint": "X"}
    return json.dumps({f"out.{number}.root": each, f"{number}.log.tgz": each})


def resident() -> int:
    """Return the bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE


def memory(plan: Plan) -> tuple[float, float]:
    """Return bytes a pilot while all of them run a payload: resident, and traced by Python.

    What the server keeps of a job is in both. Greenlets keep their frames outside of what Python
    traces.
    """
    # The first pilot loads what all share.
    lives(Plan(concurrent=1, lifecycles=1))
    gc.collect()
    found = []
    for traces in (False, True):
        if traces:
            tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0] if traces else resident()
        fleet = Fleet(replace(plan, lifecycles=plan.concurrent, spread_s=600.0))
        fleet.run(lambda fleet=fleet: fleet.clock.now > 1500.0)
        assert fleet.begun == plan.concurrent and not fleet.ended
        gc.collect()
        after = tracemalloc.get_traced_memory()[0] if traces else resident()
        found.append((after - before) / plan.concurrent)
        del fleet
    tracemalloc.stop()
    return found[0], found[1]


def loop_ns() -> float:
    """Return nanoseconds of CPU for one turn of the plainest loop, to compare machines by."""
    begun = time.process_time()
    total = 0
    for number in range(5_000_000):
        total += number
    return (time.process_time() - begun) * 200


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--concurrent", type=int, default=10_000)
    parser.add_argument("--lifecycles", type=int, default=20_000)
    parser.add_argument("--payload", type=float, default=3600.0, help="seconds")
    parser.add_argument("--watch", type=float, default=1800.0, help="seconds between two looks")
    parser.add_argument("--dialect", choices=("legacy", "api"), default="legacy")
    parser.add_argument("--responses", action="store_true", help="through requests and responses")
    parser.add_argument("--memory", action="store_true", help="bytes a pilot, not seconds")
    options = parser.parse_args()
    plan = Plan(
        concurrent=options.concurrent,
        lifecycles=options.lifecycles,
        payload_s=options.payload,
        watch_s=options.watch,
        dialect=options.dialect,
    )
    if options.memory:
        rss, traced = memory(plan)
        print(f"bytes a pilot: {rss:.0f} resident, {traced:.0f} traced")
        return
    spent, fleet = lives(plan, by_responses=options.responses)
    requests = fleet.shared.serve.requests / plan.lifecycles  # type: ignore[attr-defined]
    print(f"core: {plan.lifecycles / spent:.0f} lifecycles a second of CPU,", end=" ")
    print(f"{spent / plan.lifecycles * 1e3:.2f} ms each, {requests:.1f} requests each")
    print(f"exit codes {fleet.codes}, digest {fleet.identity()[:16]}")
    for asks in (True, False):
        seconds = Bare(plan, asks=asks).run()
        name = "with the server's model" if asks else "the waits alone"
        print(f"bare SimPy, {name}: {plan.lifecycles / seconds:.0f} lifecycles a second of CPU")
    print(f"the plainest loop: {loop_ns():.0f} ns a turn")


if __name__ == "__main__":
    main()
