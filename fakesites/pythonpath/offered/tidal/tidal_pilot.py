"""Tidal, an invented experiment that computes currents of the sea, joins PanDA.

Its program wants to know its queue and its threads, and ends with code 0 when a run has diverged:
then its last line says so. Everything else is done as for anybody.
"""

from __future__ import annotations

import re
import shlex
from typing import Mapping
from typing import Optional

from pilotcore.errors import Failure
from pilotcore.experiments import End
from pilotcore.experiments import Experiment
from pilotcore.experiments import Site
from pilotcore.job import Job

PAYLOAD_FAILED = 1305
DIVERGED = re.compile(r"^tidal: (run diverged at step \d+)", re.MULTILINE)


class Tidal(Experiment):
    """The pilot of Tidal."""

    name = "tidal"
    pilots_role = "tidal:/tidal/Role=pilot"
    users_role = "tidal"

    def environment(self, job: Job, site: Site) -> Mapping[str, str]:
        """Let the program use the cores of the job, and no more."""
        return {"TIDAL_THREADS": str(job.cores)}

    def payload(self, job: Job, script: str, site: Site) -> str:
        """Tell the program where it is."""
        queue = site.queue.name if site.queue else ""
        return f"export TIDAL_QUEUE={shlex.quote(queue)} && {super().payload(job, script, site)}"

    def explain(self, end: End, site: Site) -> Optional[Failure]:
        """Believe the program's words rather than its exit code."""
        found = DIVERGED.search(end.words)
        return Failure(PAYLOAD_FAILED, found[1]) if found else super().explain(end, site)
