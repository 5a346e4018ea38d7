"""Harvester: submits workers, lays jobs down for their pilots, and collects what these leave.

One SimPy process a worker, which looks at the worker's access point every LOOK_S seconds. It takes
jobs from the server in push mode, before the worker starts and whenever the pilot asks; passes
on what a pilot writes that does not speak with the server itself; tells how the worker does; and
lets a worker go whose pilot says so, or whose job the server wants dead.
Where nodes have no network it brings the inputs and stores the outputs, from an edge node that
sees the same files. Read from harvester@master:pandaharvester/harvestermessenger/
shared_file_messenger.py, harvestercommunicator/panda_communicator.py. Not modelled: how many
workers there are to be, its own data base, ranges that a pilot asks for by a file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any
from typing import Generator
from typing import Mapping
from urllib.parse import urlsplit

from fakeserver.endpoints.update_job import KNOWN
from fakesites.batch import ENDED
from fakesites.batch import RUNNING
from fakesites.launcher import FOLDER as LAUNCHER
from harness.events import HARVESTER_FED
from harness.events import HARVESTER_KILL
from harness.harvester_stores import Stores
from harness.harvester_stores import report_of
from simkernel import HarnessError
from simkernel import NetError
from simkernel import Request

if TYPE_CHECKING:
    from fakesites.batch import BatchQueue
    from fakesites.node import Node
    from harness.scenario import Worker
    from harness.world import World

Work = Generator[Any, Any, Any]

WHO = "harvester"
HOST = "harvester.sim"
FOLDER = "work"
SERVER, PORT = "pandaserver.sim", 25443
LOOK_S = 30.0
KEEP_S = 1500.0
FINAL = ("finished", "failed")
JOBS, JOB_IDS, JOB_WANTED = "HPCJobs.json", "worker_pandaids.json", "worker_requestjob.json"
ATTRIBUTES, KILL_WORKER = "worker_attributes.json", "kill_worker"
TO_STORE, REPORT = "event_status.dump.json", "jobReport.json"
RANGES, RANGES_MAX = "JobsEventRanges.json", 1000
KILLED_WORKER = 1144
NAMES = frozenset(each.legacy for each in KNOWN)


def workflow_of(plan: Worker | None) -> str:
    """Return the workflow of a pilot that is started so."""
    return "generic_hpc" if plan is not None and plan.hpc else "generic"


def options_of(plan: Worker | None, root: str) -> tuple[str, ...]:
    """Return the options that Harvester gives a pilot whose node's folder is *root*."""
    if plan is None:
        return ()
    mode = ("--harvester-submit-mode", "PUSH" if plan.push else "PULL")
    folder = ("--harvester-workdir", f"{root}/{FOLDER}") if plan.push else ()
    files = ("-z",) if plan.files else ()
    return (*mode, *folder, *files, *(("--hpc-resource", "generic") if plan.hpc else ()))


def variables_of(plan: Worker | None, number: int) -> dict[str, str]:
    """Return the variables that Harvester sets for the worker *number*."""
    if plan is None:
        return {}
    return {"HARVESTER_ID": WHO, "HARVESTER_WORKER_ID": str(number), **_launcher(plan)}


def _launcher(plan: Worker) -> dict[str, str]:
    return {"PILOT_LAUNCHER": f"{{root}}/{LAUNCHER}"} if plan.hpc else {}


@dataclass(slots=True, eq=False)
class Serving:
    """One worker: its pilot, its node, and what is known of its jobs."""

    pilot: str
    number: int
    plan: Worker
    node: Node
    jobs: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    told: dict[int, str] = field(default_factory=dict)
    kept_at: dict[int, float] = field(default_factory=dict)
    over: set[int] = field(default_factory=set)
    status: str = ""
    leaving: bool = False

    @property
    def folder(self) -> str:
        """Return the access point, as the node's programs see it."""
        return f"{self.node.files.seen}/{FOLDER}"

    @property
    def who(self) -> str:
        """Return in whose name the server is spoken to of jobs: to the server it is the pilot."""
        return self.pilot

    def place(self, job: int) -> str:
        """Return where the files of a job are."""
        return f"{self.folder}/{job}" if self.plan.hpc else self.folder

    @property
    def open(self) -> list[int]:
        """Return the jobs whose end Harvester has still to tell."""
        return [job for job in self.jobs if self.plan.files and job not in self.over]


class Harvester:
    """All workers of one flight."""

    def __init__(self, world: World, batch: BatchQueue) -> None:
        self._world = world
        self._batch = batch
        self._busy = 0
        self.fed: dict[str, Any] = {}
        """What comes when all is prepared for a worker, which is not submitted before."""
        world.network.add_host(HOST)

    @property
    def is_idle(self) -> bool:
        """Tell whether it has nothing left to do."""
        return not self._busy

    def serve(self, pilot: str, *, number: int, plan: Worker, node: Node, after_s: float) -> None:
        """Look after the worker *number*, which is to start *after_s* seconds from now."""
        self._busy += 1
        self.fed[pilot] = self._world.clock.event()
        self._world.clock.process(self._serve(Serving(pilot, number, plan, node), after_s))

    def _serve(self, worker: Serving, after_s: float) -> Work:
        clock = self._world.clock
        yield clock.timeout(after_s)
        # What it leaves reaches the pilot through their files.
        worker.node.at_work += worker.plan.push
        worker.node.files.make_folder(worker.folder)
        if worker.plan.push:
            yield from self._feed(worker, worker.plan.jobs)
        self.fed[worker.pilot].succeed()
        while self._state(worker) != ENDED:
            yield clock.timeout(LOOK_S)
            yield from self._look(worker)
        worker.node.at_work -= worker.plan.push
        yield from self._look(worker)
        for job in worker.open:
            words = {"pilotErrorCode": KILLED_WORKER, "pilotErrorDiag": "the worker has ended"}
            yield from self._tell(worker, job, {"state": "failed", **words})
        self._busy -= 1

    def _state(self, worker: Serving) -> str:
        try:
            return self._batch.state(worker.pilot)
        except HarnessError:
            return ""  # not submitted yet

    # -- jobs

    def _feed(self, worker: Serving, count: int) -> Work:
        """Take jobs from the server and lay them down."""
        records = yield from self._acquire(worker, count)
        if not records:
            return
        rows = {str(record["PandaID"]): record for record in records}
        write = worker.node.files.write
        for name, record in rows.items():
            worker.jobs[int(name)] = record
            if worker.plan.hpc:
                place = worker.place(int(name))
                worker.node.files.make_folder(place)
                yield from self._stores(worker).bring(record, place)
                yield from self._bring_program(worker, record, place)
                yield from self._bring_ranges(worker, record, place)
                write(f"{place}/{JOBS}", json.dumps({name: record}).encode())
        if worker.plan.hpc:
            write(f"{worker.folder}/{JOB_IDS}", json.dumps([int(name) for name in rows]).encode())
        else:
            write(f"{worker.folder}/{JOBS}", json.dumps(rows).encode())
        self._world.journal.emit(
            HARVESTER_FED, who=WHO, pilot=worker.pilot, jobs=[int(name) for name in rows]
        )

    def _bring_program(self, worker: Serving, record: Mapping[str, Any], place: str) -> Work:
        """Lay the transform of a job down beside it."""
        url = urlsplit(str(record["transformation"]))
        request = Request("GET", url.hostname or "", url.port or 80, url.path, source=HOST, who=WHO)
        response = yield from self._world.network.fetch(request)
        path = f"{place}/{url.path.rpartition('/')[2]}"
        worker.node.files.write(path, response.body)
        worker.node.files.real(path).chmod(0o755)

    def _bring_ranges(self, worker: Serving, record: Mapping[str, Any], place: str) -> Work:
        """Ask for the ranges of a job of the event service, and lay them down beside it."""
        if record.get("eventService") != "True":
            return
        asked = {
            "pandaID": record["PandaID"],
            "jobsetID": record["jobsetID"],
            "taskID": record["taskID"],
            "nRanges": RANGES_MAX,
        }
        said = yield from self._ask("getEventRanges", asked, who=worker.who)
        rows = {str(record["PandaID"]): said.get("eventRanges") or []}
        worker.node.files.write(f"{place}/{RANGES}", json.dumps(rows).encode())

    def _acquire(self, worker: Serving, count: int) -> Work:
        world = self._world
        queue = world.scenario.world.queue
        asked = {
            "siteName": world.server.queues[queue]["panda_resource"],
            "computingElement": queue,
            "prodSourceLabel": world.jobs[0].spec.source_label,
            "nJobs": count,
            "node": worker.node.name,
            "harvester_id": WHO,
            "worker_id": worker.number,
        }
        said = yield from self._ask("getJob", asked, who=worker.who)
        return said.get("jobs") or []

    # -- looking

    def _look(self, worker: Serving) -> Work:
        yield from self._tell_worker(worker)
        yield from self._keep(worker)
        for job in worker.open:
            yield from self._look_at(worker, job)
        wanted = self._says(worker, worker.folder, JOB_WANTED) is not None
        if wanted and not self._exists(worker, f"{worker.folder}/{JOBS}"):
            yield from self._feed(worker, 1)
        if self._exists(worker, f"{worker.folder}/{KILL_WORKER}"):
            # A pilot that says so is about to be gone: it is waited for until the next look.
            if worker.leaving:
                self._kill(worker, "its pilot has ended")
            worker.leaving = True

    def _keep(self, worker: Serving) -> Work:
        """Say of the jobs that still lie there that they are about to start.

        The server takes a job for lost that is sent and not heard of for half an hour.
        """
        for job in list(worker.jobs):
            rows = self._says(worker, worker.place(job), JOBS)
            now, kept_at = self._world.clock.now, worker.kept_at.get(job)
            lies = isinstance(rows, dict) and str(job) in rows and job not in worker.over
            lies = lies and not self._is_begun(worker, job)
            if lies and (kept_at is None or now - kept_at >= KEEP_S):
                worker.kept_at[job] = now
                yield from self._tell(worker, job, {"state": "starting"})

    def _is_begun(self, worker: Serving, job: int) -> bool:
        said = self._says(worker, worker.place(job), ATTRIBUTES)
        return isinstance(said, dict) and str(said.get("jobId")) == str(job)

    def _look_at(self, worker: Serving, job: int) -> Work:
        said = self._says(worker, worker.place(job), ATTRIBUTES)
        if not isinstance(said, dict) or str(said.get("jobId", job)) != str(job):
            return
        text = json.dumps(said, sort_keys=True)
        if worker.told.get(job) == text:
            return
        fields = {"state": said.get("jobStatus"), **said}
        if fields["state"] in FINAL:
            fields |= yield from self._collect(worker, job)
        if (yield from self._tell(worker, job, fields)):
            worker.told[job] = text

    def _collect(self, worker: Serving, job: int) -> Work:
        """Return what belongs to the last word: the payload's report, and what was stored."""
        place = worker.place(job)
        report = self._says(worker, place, REPORT)
        fields = {"metaData": json.dumps(report)} if report is not None else {}
        files = self._says(worker, place, TO_STORE)
        declared = (files.get(str(job)) or []) if isinstance(files, dict) else []
        if not worker.plan.hpc and declared:
            fields["xml"] = json.dumps(report_of(declared))
        if worker.plan.hpc and declared:
            stored = yield from self._stores(worker).store(worker.jobs[job], declared)
            ranges = [each for each in declared if each.get("eventRangeID")]
            yield from self._tell_ranges(worker, ranges, stored)
            names = {str(each.get("lfn")) for each in ranges}
            kept = {lfn: row for lfn, row in stored.items() if lfn not in names}
            fields["xml"] = json.dumps(kept)
        return fields

    def _stores(self, worker: Serving) -> Stores:
        return Stores(self._world, worker.node, owner=WHO)

    # -- telling

    def _tell(self, worker: Serving, job: int, fields: Mapping[str, Any]) -> Work:
        """Update a job; return whether the server heard it, and do what it commands."""
        known = {name: value for name, value in fields.items() if name in NAMES}
        body = {**known, "jobId": job, "attemptNr": worker.jobs[job].get("attemptNr", 1)}
        said = yield from self._ask("updateJob", body, who=worker.who)
        if said.get("StatusCode") != 0:
            return False
        if fields["state"] in FINAL:
            worker.over.add(job)
        elif "tobekilled" in str(said.get("command")) and not worker.plan.hpc:
            self._kill(worker, "the server wants its job dead")
        return True

    def _tell_ranges(
        self, worker: Serving, ranges: list[Mapping[str, Any]], stored: Mapping[str, Any]
    ) -> Work:
        """Report event ranges: as finished those whose file is stored."""
        if not ranges:
            return
        entries = []
        for each in ranges:
            lfn, name = str(each.get("lfn")), each["eventRangeID"]
            good = each.get("eventStatus") == "finished" and lfn in stored
            told = {"eventRangeID": name, "eventStatus": "finished" if good else "failed"}
            file = {"zipFile": {"lfn": lfn, "numEvents": 1}} if good else {}
            entries.append({**file, "eventRanges": [told]})
        body = {"eventRanges": json.dumps(entries), "version": 1}
        yield from self._ask("updateEventRanges", body, who=worker.who)

    def _tell_worker(self, worker: Serving) -> Work:
        states = {"": "submitted", RUNNING: "running", ENDED: "finished"}
        status = states.get(self._state(worker), "submitted")
        if status == worker.status:
            return
        told = [{"workerID": worker.number, "status": status, "batchID": worker.pilot}]
        body = {"harvesterID": WHO, "workers": json.dumps(told)}
        yield from self._ask("updateWorkers", body, who=WHO)
        worker.status = status

    def _kill(self, worker: Serving, why: str) -> None:
        if self._state(worker) == RUNNING:
            self._world.journal.emit(HARVESTER_KILL, who=WHO, pilot=worker.pilot, why=why)
            self._batch.remove(worker.pilot)

    def _ask(self, method: str, body: Mapping[str, Any], *, who: str) -> Work:
        """Call the server; return what it says, nothing if it does not: there is a next time."""
        request = Request(
            "POST",
            SERVER,
            PORT,
            f"/server/panda/{method}",
            (("Content-Type", "application/json"), ("Accept", "application/json")),
            json.dumps(body).encode(),
            source=HOST,
            who=who,
            client=self._world.credentials.read().pem(),
            tls=True,
        )
        try:
            response = yield from self._world.network.fetch(request)
            said = json.loads(response.body)
        except (NetError, ValueError):
            return {}
        return said if isinstance(said, dict) else {}

    # -- files

    def _says(self, worker: Serving, place: str, name: str) -> Any:
        """Return what a file says, None if there is none or it is not whole."""
        try:
            return json.loads(worker.node.files.read(f"{place}/{name}"))
        except (OSError, ValueError):
            return None

    def _exists(self, worker: Serving, path: str) -> bool:
        return worker.node.files.real(path).exists()
