"""OSG, its integration testbed (ITB) before all: software of the site below OSG_APP.

A site of OSG tells its jobs by variables where things are: OSG_APP (software), OSG_GRID (the
client tools, with a setup.sh), OSG_DATA, OSG_WN_TMP. A testbed has some of them, and none is
missed before it is needed. That the place of software is taken from OSG_APP where the queue names
none is read from PanDAWMS/pilot@a0cb471:SiteInformation.py#setUnsetVars.
"""

from __future__ import annotations

import shlex
from typing import Mapping

from pilotcore.errors import PilotError
from pilotcore.experiments.experiment import Experiment
from pilotcore.experiments.experiment import Site
from pilotcore.job import Job
from pilotcore.software import is_downloaded

SETUP_FAILED = 1110
TESTBED = "ITB_INTEGRATION"
SCRATCH = "OSG_WN_TMP"


class Osg(Experiment):
    """The pilot of OSG."""

    name = "osg"
    pilots_role = "osg:/osg/Role=pilot"
    users_role = "osg"

    def check_job(self, job: Job, site: Site) -> None:
        """Raise PilotError (1110) for a job that wants software where the site has none."""
        if not is_downloaded(job.transformation) and not site.env.get("OSG_APP"):
            raise PilotError(SETUP_FAILED, f"{job.transformation}: the site names no OSG_APP")

    def environment(self, job: Job, site: Site) -> Mapping[str, str]:
        """Return a TMPDIR on the node's own disk, where the site names one."""
        scratch = site.env.get(SCRATCH, "")
        return {"TMPDIR": scratch} if scratch and site.platform.path(scratch).is_dir() else {}

    def payload(self, job: Job, script: str, site: Site) -> str:
        """Return the line of the payload, after the set-up of the client tools if there is one."""
        program = script or f"{site.env.get('OSG_APP', '')}/{job.transformation}"
        line = f"{program} {job.parameters}".rstrip()
        setup = f"{site.env.get('OSG_GRID', '')}/setup.sh"
        there = "OSG_GRID" in site.env and site.platform.path(setup).is_file()
        return f"source {shlex.quote(setup)} && {line}" if there else line
