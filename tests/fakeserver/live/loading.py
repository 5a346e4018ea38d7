"""Load on a live server in a process of its own, and a record of all that it acknowledged."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode
from urllib.parse import urlsplit

from tests.fakeserver.live.running import PATIENCE_S
from tests.fakeserver.live.running import QUEUE

LEGACY = "/server/panda"
CLIENTS = 4
STATES = ("starting", "running", "running", "transferring")
BULK = 2
"""The place of the update that comes as one of many."""
EVENT_JOBS = 4
"""One job in so many takes event ranges."""
RANGES = 6
SERVER = ("-m", "harness.cli")
CARELESS = ("-m", "tests.fakeserver.live.careless")
"""A server with a bug, which is there to be found."""


class Process:
    """``flightsim serve`` with a store, without TLS, in a process of its own."""

    def __init__(self, store: Path, *, program: tuple[str, ...] = SERVER) -> None:
        command = [sys.executable, *program, "serve", "--port", "-", "--plain-port", "0"]
        self._process = subprocess.Popen(
            [*command, "--anonymous", "--store", str(store)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        self.address = urlsplit(self._process.stdout.readline().strip()).netloc
        assert self.address

    def kill(self) -> None:
        """Kill it as ``kill -9`` does."""
        os.kill(self._process.pid, signal.SIGKILL)
        assert -signal.SIGKILL == self._process.wait(PATIENCE_S)

    def stop(self) -> int:
        """Stop it as a person does and return its exit code."""
        self._process.terminate()
        return self._process.wait(PATIENCE_S)

    def get(self, path: str) -> bytes:
        """Return what there is at *path*."""
        connection = http.client.HTTPConnection(self.address, timeout=PATIENCE_S)
        connection.request("GET", path)
        answer = connection.getresponse().read()
        connection.close()
        return answer


@dataclass
class Acknowledged:
    """What was answered with success, by whom it was said."""

    defined: set[int] = field(default_factory=set)
    dispatched: set[int] = field(default_factory=set)
    updates: dict[int, list[int]] = field(default_factory=dict)
    finals: set[int] = field(default_factory=set)
    workers: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)

    @property
    def count(self) -> int:
        """Return how many answers that were."""
        updates = sum(map(len, self.updates.values()))
        singles = (self.defined, self.dispatched, self.finals, self.workers, self.taken, self.done)
        return updates + sum(map(len, singles))


class Load:
    """Clients that define jobs and run them as fast as they can, until the server is gone."""

    def __init__(self, rng: Random) -> None:
        self.known = Acknowledged()
        self._rng = rng
        self._ids = itertools.count(1)
        self._stamps = itertools.count(1)
        self._lock = threading.Lock()
        self._enough = threading.Event()
        self._goal = 0

    def kill_under_load(self, process: Process, *, after: int, wait_s: float) -> None:
        """Load *process*, and kill it *wait_s* after so many more answers."""
        self._enough.clear()
        self._goal = self.known.count + after
        clients = [
            threading.Thread(target=self._client, args=(process.address, f"pilot-{number}"))
            for number in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        assert self._enough.wait(PATIENCE_S)
        threading.Event().wait(wait_s)
        process.kill()
        for client in clients:
            client.join(PATIENCE_S)
            assert not client.is_alive()

    def _client(self, address: str, name: str) -> None:
        connection = http.client.HTTPConnection(address, timeout=PATIENCE_S)
        try:
            while True:
                self._life(connection, name)
        except (OSError, http.client.HTTPException):
            return  # the server is gone, which is the point
        finally:
            connection.close()

    def _life(self, connection: http.client.HTTPConnection, name: str) -> None:
        """Define a job, get one, run it."""
        mine = next(self._ids)
        job: dict[str, Any] = {"panda_id": mine, "queue": QUEUE}
        if mine % EVENT_JOBS == 0:
            job |= {"kind": "event", "event_ranges": RANGES}
        _ask(connection, "/flightsim/control/world", json.dumps({"jobs": [job]}), kind="json")
        self._note(lambda: self.known.defined.add(mine))
        asked = {"siteName": QUEUE, "prodSourceLabel": "managed", "node": name}
        given = _ask(connection, f"{LEGACY}/getJob", urlencode(asked))
        if given.get("StatusCode") != 0:
            return
        panda_id = int(given["PandaID"])
        self._note(lambda: self.known.dispatched.add(panda_id))
        for number, state in enumerate(STATES):
            self._update(connection, panda_id, state, bulk=number == BULK)
            if number == BULK and panda_id % EVENT_JOBS == 0:
                self._events(connection, panda_id)
        self._worker(connection, name)
        self._update(connection, panda_id, "failed")
        self._note(lambda: self.known.finals.add(panda_id))

    def _update(
        self,
        connection: http.client.HTTPConnection,
        panda_id: int,
        state: str,
        *,
        bulk: bool = False,
    ) -> None:
        stamp = next(self._stamps)
        said = _said(panda_id, state, stamp)
        if bulk:
            said = {"jobList": json.dumps([said]), "harvester_id": "harvester"}
        _ask(connection, f"{LEGACY}/updateJob{'sInBulk' if bulk else ''}", urlencode(said))
        self._note(lambda: self.known.updates.setdefault(panda_id, []).append(stamp))

    def _events(self, connection: http.client.HTTPConnection, panda_id: int) -> None:
        """Take event ranges, and end half of them."""
        asked = {"pandaID": panda_id, "jobsetID": panda_id, "taskID": 1, "nRanges": RANGES}
        given = _ask(connection, f"{LEGACY}/getEventRanges", urlencode(asked))
        names = [each["eventRangeID"] for each in given["eventRanges"]]
        self._note(lambda: self.known.taken.update(names))
        done = names[: len(names) // 2]
        entries = [{"eventRangeID": name, "eventStatus": "finished"} for name in done]
        said = {"eventRanges": json.dumps(entries)}
        outcomes = _ask(connection, f"{LEGACY}/updateEventRanges", urlencode(said))["Returns"]
        assert all(outcomes), outcomes
        self._note(lambda: self.known.done.update(done))

    def _worker(self, connection: http.client.HTTPConnection, name: str) -> None:
        worker = {"workerID": name[-1], "harvesterID": "harvester", "site": QUEUE}
        _ask(
            connection,
            f"{LEGACY}/updateWorkerPilotStatus",
            urlencode(worker | {"status": "started"}),
        )
        self._note(lambda: self.known.workers.add(name[-1]))

    def _note(self, note: Any) -> None:
        with self._lock:
            note()
            if self.known.count >= self._goal:
                self._enough.set()


def _said(panda_id: int, state: str, stamp: int) -> dict[str, Any]:
    values = {"jobId": panda_id, "state": state, "cpuConsumptionTime": stamp, "attemptNr": 1}
    return values | ({"pilotErrorCode": 1213} if state == "failed" else {})


def _ask(
    connection: http.client.HTTPConnection, path: str, body: str, *, kind: str = ""
) -> dict[str, Any]:
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    if not kind:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    content = answer.read()
    assert 200 == answer.status, content
    return json.loads(content) if content.startswith(b"{") else {"text": content}
