"""CHARMM: molecular dynamics, whose program says in words whether it has failed.

CHARMM may end with exit code 0 though it has failed: what counts is the last lines of its log,
NORMAL or ABNORMAL TERMINATION. A payload that says neither has its exit code judged, as any other.
An example of an experiment whose error analysis reads what a payload has said; neither pilot 1
nor pilot3 has a plug-in of this name.
"""

from __future__ import annotations

import re

from pilotcore.errors import Failure
from pilotcore.experiments.experiment import End
from pilotcore.experiments.experiment import Experiment
from pilotcore.experiments.experiment import Site

PAYLOAD_FAILED = 1305
ABNORMAL = "ABNORMAL TERMINATION"
REASON = re.compile(r"\*+ +LEVEL +(?P<level>-?\d+) +WARNING FROM +<(?P<where>[^>]*)>")


class Charmm(Experiment):
    """The pilot of CHARMM."""

    name = "charmm"

    def explain(self, end: End, site: Site) -> Failure | None:
        """Return a failure for a payload that says that it has ended abnormally."""
        if ABNORMAL not in end.words:
            return super().explain(end, site)
        reasons = list(REASON.finditer(end.words))
        where = f" in {reasons[-1]['where']}" if reasons else ""
        return Failure(PAYLOAD_FAILED, f"{ABNORMAL.lower()}{where}, exit code {end.code}")
