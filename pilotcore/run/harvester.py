"""A pilot that Harvester has started: its jobs from files, and its reports to files if need be.

A job that lies in a file is taken before any server is asked. In push mode no server is asked at
all: the pilot says in a file that it wants a job, and waits for one. With --noserverupdate all that
the server would hear is left in files, and Harvester tells it. The rest of the pilot knows nothing
of this: what it calls its server is one of these.
Read from pilot3@a090538b:pilot/util/harvester.py#is_harvester_mode, pilot/control/job.py#retrieve,
#publish_harvester_reports. pilot3 takes the first job of a file and forgets the others; here each
of them is flown.
"""

from __future__ import annotations

from pathlib import Path
from typing import Mapping

from pilotcore.dialects import Fields
from pilotcore.logbook import Logbook
from pilotcore.options import Options
from pilotcore.platform import Platform
from pilotcore.run import access_point as files
from pilotcore.server import TIMEOUT_S
from pilotcore.server import Offer
from pilotcore.server import Reply
from pilotcore.server import Server

LOOK_S = 10.0
LOOKS_MAX = 9
FINAL = ("finished", "failed")
# Workflows of pilots that have no network.
HPC = ("generic_hpc", "eventservice_hpc")
FOLDER_VARIABLE = "HARVESTER_WORKDIR"


def is_harvester(options: Options, env: Mapping[str, str]) -> bool:
    """Tell whether Harvester reads and writes files for this pilot."""
    if not options.update_server and (options.harvester_workdir or options.harvester_datadir):
        return True
    known = "HARVESTER_ID" in env or "HARVESTER_WORKER_ID" in env
    return known and options.submit_mode.lower() == "push"


def server_for(
    platform: Platform,
    log: Logbook,
    options: Options,
    *,
    env: Mapping[str, str],
    url: str,
    start: Path,
) -> Server:
    """Return whom the pilot asks for jobs and tells of them."""
    harvester = is_harvester(options, env)
    silent = not options.update_server
    server = Server(platform, url=url, dialect=options.dialect, silent=silent)
    text = options.harvester_workdir or env.get(FOLDER_VARIABLE, "")
    folder = platform.path(text) if text else start
    data = platform.path(options.harvester_datadir) if options.harvester_datadir else start
    if not harvester and not text and options.workflow not in HPC:
        return server
    push = harvester and options.submit_mode.lower() == "push"
    return FileServer(
        platform,
        log,
        server,
        folder=folder,
        sources=(data / files.JOB_FORM, folder / files.JOBS),
        push=push,
        reports=(harvester and silent) or options.workflow in HPC,
        harvester=harvester,
    )


def leave(server: Server) -> None:
    """Say that the pilot has ended, if there is anybody to be told."""
    if isinstance(server, FileServer):
        server.leave()


class FileServer(Server):
    """Stands between a pilot and its *server*. *sources* are files in which jobs may lie.

    *push*: jobs come from files only. *reports*: updates go to files only, in *folder*.
    """

    def __init__(
        self,
        platform: Platform,
        log: Logbook,
        server: Server,
        *,
        folder: Path,
        sources: tuple[Path, ...],
        push: bool,
        reports: bool,
        harvester: bool,
    ) -> None:
        self._files_platform = platform
        self._files_log = log
        self._server = server
        self._folder = folder
        self._sources = sources
        self._push = push
        self._reports = reports
        self._harvester = harvester

    @property
    def has_job(self) -> bool:
        """Tell whether another job lies there, to be flown whatever the queue's time floor is."""
        return any(files.records_in(path) for path in self._sources)

    def ask_job(self, fields: Fields) -> Offer:
        """Take a job from a file; ask the server if there is none, or in push mode wait."""
        record = self._taken()
        if record is None and not self._push:
            return self._server.ask_job(fields)
        looks = 0
        while record is None and looks < LOOKS_MAX:
            self._want_job()
            self._files_platform.flag().wait(LOOK_S)
            record, looks = self._taken(), looks + 1
        if record is None:
            return Offer(empty=True, why="Harvester has left no job")
        self._wanted.unlink(missing_ok=True)
        return Offer(record=record)

    @property
    def _wanted(self) -> Path:
        return self._folder / files.JOB_WANTED

    def _taken(self) -> Mapping[str, object] | None:
        for path in self._sources:
            record = files.take_record(path)
            if record is not None:
                self._files_log.info(f"job {record.get('PandaID')} from {path.name}")
                return record
        return None

    def _want_job(self) -> None:
        if not self._wanted.exists():
            self._files_log.info(f"asking for a job by {self._wanted.name}")
            files.write_json(self._wanted, {"nJobs": 1})

    def update(self, fields: Fields, *, timeout_s: float = TIMEOUT_S) -> Reply:
        """Tell of a job, in a file if Harvester is to pass it on."""
        if not self._reports:
            return self._server.update(fields, timeout_s=timeout_s)
        place = files.place_of(self._folder, fields.get("jobId"))
        try:
            if fields.get("state") in FINAL and fields.get("metaData"):
                (place / files.REPORT).write_text(str(fields["metaData"]), encoding="utf-8")
            # Last: who reads of an end finds the rest in its place.
            files.write_json(place / files.ATTRIBUTES, files.attributes(fields))
        except OSError as error:
            return Reply(False, why=f"{files.ATTRIBUTES}: {error.strerror}")
        return Reply(True, why=f"written to {files.ATTRIBUTES}")

    def event_ranges(self, fields: Fields) -> tuple[object, ...]:
        """Ask the server for event ranges."""
        return self._server.event_ranges(fields)

    def update_event_ranges(
        self, fields: Fields, *, timeout_s: float = TIMEOUT_S
    ) -> Mapping[str, tuple[str, ...]]:
        """Tell the server of event ranges."""
        return self._server.update_event_ranges(fields, timeout_s=timeout_s)

    def proxy(self, fields: Fields) -> str:
        """Ask the server for a proxy."""
        return self._server.proxy(fields)

    def worker_status(self, fields: Fields) -> str:
        """Tell the server how the worker does, unless Harvester does."""
        return "" if self._reports else self._server.worker_status(fields)

    def leave(self) -> None:
        """Tell Harvester that its worker may go."""
        if not self._harvester:
            return
        try:
            self._wanted.unlink(missing_ok=True)
            (self._folder / files.KILL_WORKER).write_text("")
        except OSError as error:
            self._files_log.warning(f"{files.KILL_WORKER}: {error.strerror}")
