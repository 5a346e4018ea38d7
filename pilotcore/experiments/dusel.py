"""DUSEL: an underground laboratory whose detectors are simulated, and no /cvmfs for it.

Software and geometry are put below OSG_APP by hand, site by site: a pilot that does not find them
there has no business asking for a job. An example of an experiment with a sanity check of its own;
neither pilot 1 nor pilot3 has a plug-in of this name.
"""

from __future__ import annotations

from typing import Mapping

from pilotcore.errors import PilotError
from pilotcore.experiments.experiment import Experiment
from pilotcore.experiments.experiment import Site
from pilotcore.job import Job
from pilotcore.orders import Orders

NO_SOFTWARE = 1377
FOLDER = "dusel"


class Dusel(Experiment):
    """The pilot of DUSEL."""

    name = "dusel"

    def check_node(self, site: Site, *, orders: Orders) -> None:
        """Raise PilotError (1377) where nobody has put the software."""
        place = self._place(site)
        if not place or not site.platform.path(place).is_dir():
            raise PilotError(NO_SOFTWARE, f"no software in {place or 'OSG_APP, which is not set'}")

    def environment(self, job: Job, site: Site) -> Mapping[str, str]:
        """Return where the geometry is."""
        return {"DUSEL_GEOMETRY": f"{self._place(site)}/geometry"}

    def _place(self, site: Site) -> str:
        base = site.env.get("OSG_APP", "")
        return f"{base}/{FOLDER}" if base else ""
