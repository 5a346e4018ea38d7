"""ATLAS: releases of Athena from /cvmfs, prmon beside them, and the report that they write.

Read from pilot3@a090538b:pilot/user/atlas/ (common.py, cvmfs.py, setup.py, utilities.py,
diagnose.py#process_job_report). Not modelled: user analysis packages, nightlies, DBRelease files.
"""

from __future__ import annotations

from pathlib import Path

from pilotcore.cvmfs import check_cvmfs
from pilotcore.errors import Failure
from pilotcore.experiments.experiment import End
from pilotcore.experiments.experiment import Experiment
from pilotcore.experiments.experiment import Site
from pilotcore.job import Job
from pilotcore.orders import Orders
from pilotcore.software import is_downloaded
from pilotcore.software import release_line
from pilotcore.watch.monitor import prmon_of

PAYLOAD_FAILED = 1305


class Atlas(Experiment):
    """The pilot of ATLAS."""

    name = "atlas"

    def check_node(self, site: Site, *, orders: Orders) -> None:
        """Raise PilotError (1377) if the site's /cvmfs is dead."""
        if site.cvmfs:
            check_cvmfs(site.platform, site.env, orders=orders)

    def payload(self, job: Job, script: str, site: Site) -> str:
        """Return the line of a transform of a release. Raises PilotError (1110)."""
        if script:
            return super().payload(job, script, site)
        return release_line(job, site.env, site.platform.path)

    def monitor(self, job: Job, site: Site) -> Path | None:
        """Return the site's prmon for payloads of a release."""
        program = prmon_of(site.env, site.platform.path)
        return program if not is_downloaded(job.transformation) and program.is_file() else None

    def explain(self, end: End, site: Site) -> Failure | None:
        """Return what known words mean, else what the report of the transform says."""
        known = super().explain(end, site)
        message = end.report().get("exitMsg")
        if known is not None or not end.code or not isinstance(message, str) or message == "OK":
            return known
        return Failure(PAYLOAD_FAILED, f"exit code {end.code}: {message}")
