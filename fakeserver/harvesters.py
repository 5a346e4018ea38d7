"""Harvesters: instances, their workers, what they report, and the commands that wait for them.

Read from panda-server@9cc36033:taskbuffer/db_proxy_mods/worker_module.py: updateWorkers#L827,
harvesterIsAlive#L761, getCommands#L1712, ackCommands#L1797, sweepPQ#L227, setNumSlotsForWP#L1623,
reportWorkerStats_jobtype#L30. Not modelled: how many workers a queue is to have (UPS).
"""

from __future__ import annotations

import json
from typing import Any
from typing import Iterable
from typing import Mapping

from fakeserver.keeping import Room
from fakeserver.keeping import Rooms
from simkernel import utc_text

OVER = ("finished", "failed", "cancelled", "missed")
DIALOGS_MAX = 1000
METRICS_MAX = 1000
NEW, RETRIEVED, ACKNOWLEDGED = "new", "retrieved", "acknowledged"
KILL_WORKERS = "KILL_WORKERS"


class Harvesters:
    """The harvesters that one server knows.

    *instances* by id, *workers* by ``harvester/worker``, *commands* by number, *statistics* by
    ``harvester/queue``, *slots* by ``queue/share/resource``; *dialogs* and *metrics* by harvester,
    the last thousand of each.
    """

    def __init__(self, rooms: Rooms) -> None:
        self.instances: Room[dict[str, Any]] = rooms.room("harvesters")
        self.workers: Room[dict[str, Any]] = rooms.room("workers")
        self.commands: Room[dict[str, Any]] = rooms.room("harvester_commands")
        self.statistics: Room[dict[str, Any]] = rooms.room("worker_statistics")
        self.slots: Room[dict[str, Any]] = rooms.room("target_slots")
        self.dialogs: Room[list[Any]] = rooms.room("harvester_dialogs")
        self._numbers: Room[list[int]] = rooms.room("numbers")
        self.metrics: Room[list[Any]] = rooms.room("harvester_metrics")

    def alive(
        self, harvester: str, *, by: str, data: Mapping[str, Any] | None, now: float
    ) -> dict[str, Any]:
        """Note that a harvester is there, and what it says of itself."""
        instance = self.instances.make(harvester, {})
        instance |= {"last_seen": now, "owner": by, **(data or {})}
        return instance

    def update_workers(
        self, harvester: str, workers: Iterable[Mapping[str, Any]], *, now: float
    ) -> list[bool]:
        """Take what a harvester says of its workers; one that is over stays so."""
        return [self._update(harvester, worker, now=now) for worker in workers]

    def _update(self, harvester: str, said: Mapping[str, Any], *, now: float) -> bool:
        if said.get("workerID") is None:
            return False
        worker = self.workers.make(f"{harvester}/{said['workerID']}", {})
        old = worker.get("workerStatus")
        told = {name: value for name, value in said.items() if name != "status"}
        worker |= told
        worker["updated_at"] = now
        if old not in OVER and said.get("status") is not None:
            worker["workerStatus"] = said["status"]
        return True

    def pilot_status(
        self, harvester: str, worker: str, *, status: str, node: str, now: float
    ) -> None:
        """Note that the pilot of a worker started or finished."""
        record = self.workers.make(f"{harvester}/{worker}", {})
        record |= {"status": status, "node": node, f"{status}_at": now}

    def has_job(self, harvester: str, worker: str, panda_id: int, *, now: float) -> None:
        """Note which job a worker was given."""
        record = self.workers.make(f"{harvester}/{worker}", {})
        jobs = record.setdefault("jobs", [])
        if panda_id not in jobs:
            jobs.append(panda_id)
        record["updated_at"] = now
        record.setdefault("workerStatus", "running")

    def last_worker(self, harvester: str) -> int:
        """Return the highest worker id of a harvester, 0 without any."""
        prefix = f"{harvester}/"
        numbers = (key[len(prefix) :] for key in self.workers if key.startswith(prefix))
        return max((int(number) for number in numbers if number.isdigit()), default=0)

    def command(
        self, harvester: str, command: str, params: Mapping[str, Any], *, now: float
    ) -> int:
        """Leave a command for a harvester, in the place of one of that name; return its number."""
        for key, known in list(self.commands.items()):
            if (known["harvester"], known["command"]) == (harvester, command):
                del self.commands[key]
        number = self._numbers.make("harvester_command", [0])
        number[0] += 1
        self.commands[str(number[0])] = {
            "harvester": harvester,
            "command": command,
            "params": dict(params),
            "status": NEW,
            "created": now,
        }
        return number[0]

    def take_commands(self, harvester: str, count: int) -> list[dict[str, Any]]:
        """Return at most *count* new commands of a harvester, oldest first, now retrieved."""
        found = [
            (int(number), each)
            for number, each in self.commands.items()
            if each["harvester"] == harvester and each["status"] == NEW
        ]
        taken = sorted(found, key=lambda pair: pair[0])[: max(count, 0)]
        for number, each in taken:
            each["status"] = RETRIEVED
            self.commands.touch(str(number))
        return [
            {
                "command_id": number,
                "command": each["command"],
                "params": each["params"],
                "ack_requested": 0,
                "creation_date": utc_text(each["created"]).removesuffix("Z"),
            }
            for number, each in taken
        ]

    def acknowledge(self, numbers: Iterable[Any]) -> None:
        """Note that commands were carried out; numbers that mean none are passed over."""
        for number in numbers:
            command = self.commands.get(str(number))
            if command is not None:
                command["status"] = ACKNOWLEDGED
                self.commands.touch(str(number))

    def sweep(
        self, queue: str, data: Mapping[str, Any], wanted: Mapping[str, Any], *, now: float
    ) -> str:
        """Tell the harvester of *queue* to kill workers there; return ``OK`` or why not."""
        harvester = str(data.get("harvester") or "")
        if not harvester:
            return "Queue not served by any harvester ID"
        known = [str(each.get("ce_endpoint")) for each in data.get("queues", ())]
        elements = wanted["computingElement"]
        if elements != "ALL":
            elements = [each for each in elements if each in known]
        params = {**wanted, "computingSite": [queue], "computingElement": elements}
        self.command(harvester, KILL_WORKERS, params, now=now)
        return "OK"

    def report(self, harvester: str, queue: str, statistics: str, *, now: float) -> str:
        """Keep how many workers there are at a queue; return why not, or nothing."""
        try:
            counts = json.loads(statistics)
        except ValueError as error:
            return str(error)
        self.statistics[f"{harvester}/{queue}"] = {"counts": counts, "reported_at": now}
        return ""

    def set_slots(
        self, queue: str, slots: int, *, share: str, resource: str, until: float | None
    ) -> None:
        """Set how many slots are wanted at a queue; -1 sets none."""
        key = f"{queue}/{share}/{resource}"
        if slots == -1:
            self.slots.pop(key, None)
        else:
            self.slots[key] = {"slots": slots, "until": until}

    def add_dialogs(self, harvester: str, dialogs: Iterable[Any]) -> None:
        """Keep messages of a harvester."""
        kept = self.dialogs.make(harvester, [])
        kept += dialogs
        del kept[:-DIALOGS_MAX]

    def add_metrics(self, harvester: str, metrics: Iterable[Any]) -> None:
        """Keep measurements of a harvester's hosts."""
        kept = self.metrics.make(harvester, [])
        kept += metrics
        del kept[:-METRICS_MAX]
