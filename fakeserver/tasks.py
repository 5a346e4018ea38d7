"""Tasks: what a user asks for as a whole, and the jobs that it becomes.

A task becomes its jobs at once, all of them. It is done when all have finished, finished when
some have, failed when none has; further attempts count in the place of the job that they repeat.
Commands take effect at once. Read from panda-server@9cc36033:taskbuffer/db_proxy_mods/
task_event_module.py#L3424 (insertTaskParamsPanda), #L3823 (_check_command_allowed), #L3864
(sendCommandTaskPanda). Not modelled: scouts, JEDI's brokerage and retries, incremental execution
(a name that is in use is refused, or reactivates the task), splitting by anything but numbers.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from typing import Any
from typing import Mapping

from fakeserver.events import SERVER
from fakeserver.events import TASK_STATE
from fakeserver.identity import Identity
from fakeserver.identity import compact
from fakeserver.jobs import Job
from fakeserver.keeping import Rooms
from fakeserver.states import WITH_PILOT
from fakeserver.states import State
from fakeserver.taskjobs import jobs_of

if TYPE_CHECKING:
    from fakeserver.server import PandaServer

FIRST_ID = 50_000_001
OVER = ("finished", "failed", "done", "aborted", "broken")
ENDED = (*OVER, "prepared", "toabort", "aborting")
RETRIED = ("finished", "failed", "exhausted")
ACTIVE = ("registered", "defined", "ready", "scouting", "running", "pending", "paused")
FORBIDDEN: Mapping[str, tuple[str, ...]] = {
    "kill": ENDED,
    "finish": ENDED,
    "pause": (*OVER, "paused"),
}
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "retry": RETRIED,
    "resume": ("paused", "throttled", "staging"),
    "avalanche": ("scouting",),
    "release": ("scouting", "pending", "running", "ready", "assigning", "defined"),
    "reassign": (*ACTIVE, "assigning", "exhausted"),
}
NEEDED = ("taskName", "prodSourceLabel", "vo")
Said = tuple[int, str]


class Tasks:
    """The tasks of one server: ``{"id", "name", "user", "status", "params", …}`` by id."""

    def __init__(self, server: PandaServer, rooms: Rooms) -> None:
        self._server = server
        self.tasks = rooms.room("tasks")

    def get(self, task: int) -> dict[str, Any] | None:
        """Return a task, or None."""
        found: dict[str, Any] | None = self.tasks.get(str(task))
        return found

    def owns(self, task: int, identity: Identity, *, production: bool) -> bool:
        """Tell whether the caller may command a task."""
        found = self.get(task)
        return production or (found is not None and found["user"] == compact(identity.dn))

    def submit(
        self, params: Mapping[str, Any], identity: Identity, *, production: bool, now: float
    ) -> Said:
        """Register a task and define its jobs; return code and text as the real server does."""
        lacking = [name for name in NEEDED if not params.get(name)]
        if lacking:
            return 4, f"failed to register task: {', '.join(lacking)} missing"
        user = compact(identity.dn) or str(params.get("userName", ""))
        if production and params.get("userName"):
            user = str(params["userName"])
        known = self._same(str(params["taskName"]), user)
        if known is not None:
            return self._again(known, params)
        task = self._register(dict(params), user, identity, production=production, now=now)
        self._make_jobs(task, identity, now=now)
        return 0, f"succeeded. new jediTaskID={task['id']}"

    def _same(self, name: str, user: str) -> dict[str, Any] | None:
        for task in self.tasks.values():
            if task["name"] == name and task["user"] == user:
                found: dict[str, Any] = task
                return found
        return None

    def _again(self, task: dict[str, Any], params: Mapping[str, Any]) -> Said:
        number, status = task["id"], task["status"]
        if status not in (*OVER, "exhausted"):
            text = f"jediTaskID={number} is in the {status} state for outDS={task['name']}. "
            return 2, text + "You can re-submit the task once it goes into finished/failed/done. "
        task["params"] |= dict(params)
        self.tasks.touch(str(number))
        return 3, (
            f"reactivation accepted. jediTaskID={number} (currently in {status} state) "
            "will be re-executed with old and/or new input"
        )

    def _register(
        self,
        params: dict[str, Any],
        user: str,
        identity: Identity,
        *,
        production: bool,
        now: float,
    ) -> dict[str, Any]:
        if not production or "taskType" not in params:
            params |= {"taskType": "anal", "taskPriority": 1000}
        params["userName"] = user
        number = max((int(key) for key in self.tasks), default=FIRST_ID - 1) + 1
        task = {
            "id": number,
            "name": str(params["taskName"]),
            "user": user,
            "dn": identity.dn,
            "status": "registered",
            "created": now,
            "changed": now,
            "parent": params.get("parent_tid"),
            "params": params,
        }
        self.tasks[str(number)] = task
        return task

    def _make_jobs(self, task: dict[str, Any], identity: Identity, *, now: float) -> None:
        server = self._server
        specs = jobs_of(task, first_id=server.new_id(), jobs_max=server.policy.task_jobs_max)
        for spec in specs:
            server.admit(spec, now=now)
        self.set_status(task, "running" if specs else "done", by=compact(identity.dn), now=now)

    def set_status(self, task: dict[str, Any], status: str, *, by: str, now: float) -> None:
        """Let *status* be that of a task."""
        old = task["status"]
        if old == status:
            return
        task["status"], task["changed"] = status, now
        self.tasks.touch(str(task["id"]))
        self._server.journal.emit(
            TASK_STATE, who=SERVER, task=task["id"], old=old, new=status, by=by
        )

    def command(self, number: int, command: str, identity: Identity, *, now: float) -> Said:
        """Do *command* to a task; return code and text as the real server does."""
        task = self.get(number)
        if task is None:
            return 2, f"jediTaskID={number} not found"
        status = task["status"]
        if command == "retry" and status in ACTIVE:
            return 5, status
        allowed = status in ALLOWED.get(command, (status,))
        if not allowed or status in FORBIDDEN.get(command, ()):
            return 4, (
                f"Command rejected: the {command} command is not accepted if the task is in "
                f"{status} status "
            )
        self._do(task, command, by=compact(identity.dn), now=now)
        return 0, (
            f"command={command} is registered for task ID {number}. "
            "will be executed in a few minutes"
        )

    def _do(self, task: dict[str, Any], command: str, *, by: str, now: float) -> None:
        jobs = list(self._server.table.of_task(task["id"]).values())
        match command:
            case "kill":
                self.set_status(task, "aborted", by=by, now=now)
                self._kill([job for job in jobs if not job.final], by=by)
            case "finish":
                waiting = [job for job in jobs if not job.final and job.state not in WITH_PILOT]
                self._kill(waiting, by=by)
            case "retry":
                self.set_status(task, "running", by=by, now=now)
                self.retry_failed(task["id"], now=now)
            case "pause":
                self.set_status(task, "paused", by=by, now=now)
            case "resume":
                self.set_status(task, "running", by=by, now=now)
            case "reassign":
                for job in jobs:
                    self._server.reassign(job.panda_id, by=by)
        self._count(task, by=by, now=now)

    def _kill(self, jobs: list[Job], *, by: str) -> None:
        for job in jobs:
            self._server.kill(job.panda_id, by=by)

    def retry_failed(self, number: int, *, now: float) -> list[int]:
        """Define another attempt of each job of a task that failed for good; return their ids."""
        made = []
        for job in list(self._server.table.of_task(number).values()):
            unsuccessful = job.final and job.state is not State.FINISHED
            if unsuccessful and not job.retried_by:
                made.append(self._server.retry(job.panda_id, now=now))
        return made

    def reactivate(self, number: int, *, by: str, now: float) -> None:
        """Let a task run again, and try again what failed of it."""
        task = self.tasks[str(number)]
        self.set_status(task, "running", by=by, now=now)
        self.retry_failed(number, now=now)
        self._count(task, by=by, now=now)

    def follow(self, job: Job, *, now: float) -> None:
        """Count again when *job* has ended."""
        task = self.get(job.spec.task_id) if job.spec.task_id else None
        if task is not None:
            self._count(task, by=SERVER, now=now)

    def _count(self, task: dict[str, Any], *, by: str, now: float) -> None:
        if task["status"] not in ("running", "paused"):
            return
        if self._server.table.alive_of_task(task["id"]):
            return
        progress = self.progress(task["id"])
        good, bad = progress["finished"], progress["failed"]
        status = ("finished" if bad else "done") if good else "failed"
        self.set_status(task, status, by=by, now=now)

    def progress(self, number: int) -> dict[str, int]:
        """Return how many jobs of a task are alive, finished or failed, and have ranges left."""
        found = {"alive": 0, "finished": 0, "failed": 0}
        for job in self._server.table.of_task(number).values():
            if not job.final:
                found["alive"] += 1
            elif job.state is State.FINISHED:
                found["finished"] += 1
            elif not job.retried_by:
                found["failed"] += 1
        return found

    def details(self, number: int) -> dict[str, Any] | None:
        """Return what a user is told of a task, or None."""
        task = self.get(number)
        if task is None:
            return None
        return {
            "jediTaskID": number,
            "taskName": task["name"],
            "status": task["status"],
            "userName": task["user"],
            "creationDate": task["created"],
            "modificationTime": task["changed"],
            "PandaID": sorted(self._server.table.of_task(number)),
            "cliParams": str(task["params"].get("cliParams", "")),
            "statistics": self.progress(number),
        }

    def params(self, number: int) -> str | None:
        """Return the parameters of a task as JSON, or None."""
        task = self.get(number)
        return None if task is None else json.dumps(task["params"])
