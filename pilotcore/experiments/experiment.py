"""What is particular to an experiment, as methods: one class is one experiment.

As it stands the class is that of no experiment in particular (``generic``): a transform is
downloaded and run as it is, in the job's image if it names one. An experiment overrides what it
does otherwise; docs/how-to/join-an-experiment.md says how it joins. Read from
pilot3@a090538b:pilot/user/generic/ (common.py, setup.py, container.py, diagnose.py, proxy.py).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping

from pilotcore.containers import KNOWN
from pilotcore.containers import contained
from pilotcore.containers import image_of
from pilotcore.containers import program_of
from pilotcore.definitions import Queue
from pilotcore.errors import Failure
from pilotcore.job import Job
from pilotcore.logbook import Logbook
from pilotcore.orders import Orders
from pilotcore.payload_errors import code_of_words
from pilotcore.platform import Platform

REPORT = "jobReport.json"
REPORT_MAX = 10_000_000


@dataclass(frozen=True)
class Site:
    """Where the pilot is: what it may ask, its log, its environment.

    The *queue* is None until its definition has been read. *cvmfs* is False where the command
    line says not to look at /cvmfs.
    """

    platform: Platform
    log: Logbook
    env: Mapping[str, str]
    cvmfs: bool = True
    queue: Queue | None = None


@dataclass(frozen=True)
class End:
    """How a payload ended: exit *code* (128 + n for signal n), the *words* that it said last.

    *directory* holds what it left.
    """

    code: int
    words: str
    directory: Path

    def report(self) -> Mapping[str, object]:
        """Return the report that the payload wrote about itself; nothing if there is none."""
        path = self.directory / REPORT
        try:
            if path.stat().st_size > REPORT_MAX:
                return {}
            found = json.loads(path.read_text(encoding="utf-8", errors="replace"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


class Experiment:
    """The generic experiment, and what others derive from.

    Every method may raise PilotError: of *check_node* and *queue_of* it ends the pilot before it
    has asked for a job, of the others it fails the job.
    """

    name = "generic"
    pilots_role = "atlas:/atlas/Role=production"
    """What the server is asked for when the pilot's proxy is to be renewed."""
    users_role = "atlas"
    """What it is asked for when the payload of a user's job needs a proxy of its own."""

    def check_node(self, site: Site, *, orders: Orders) -> None:
        """Look at the node before a job is asked for; raise PilotError if none could be run."""

    def queue_of(self, queue: Queue, site: Site) -> Queue:
        """Return the definition of the queue, with what the experiment knows better."""
        return queue

    def check_job(self, job: Job, site: Site) -> None:
        """Look at a job before its inputs are copied; raise PilotError if it cannot be run."""

    def environment(self, job: Job, site: Site) -> Mapping[str, str]:
        """Return variables for the payload, besides those of the pilot."""
        return {}

    def payload(self, job: Job, script: str, site: Site) -> str:
        """Return the shell line of the payload, with its set-up.

        *script* is the transform that was downloaded (``./name``), empty if the job names a
        program of the site's.
        """
        return f"{script or job.transformation} {job.parameters}".rstrip()

    def contained(self, line: str, job: Job, site: Site, *, directory: Path) -> str:
        """Return the shell line that runs *line* in the container that the job wants, if any."""
        catchall = {} if site.queue is None else site.queue.catchall
        image = image_of(job, catchall, site.env)
        program = program_of(site.queue.containers) if image and site.queue else KNOWN[0]
        return contained(line, image, directory=directory, program=program)

    def monitor(self, job: Job, site: Site) -> Path | None:
        """Return the program that measures the payload's memory (prmon), None if there is none."""
        return None

    def explain(self, end: End, site: Site) -> Failure | None:
        """Return the error that a payload's end stands for; None if only its code is known.

        It is asked for every payload: some end with code 0 and say that they have failed.
        """
        code = code_of_words(end.code, end.words)
        return Failure(code, f"exit code {end.code}") if code else None
