"""How hypothesis behaves in these tests.

Steady by default: the same examples in every run, so that a red test is the change's own doing,
and no deadline, because no test judges real time. FLIGHTSIM_PROFILE=hunt draws new ones.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("hunt", deadline=None)
settings.load_profile(os.environ.get("FLIGHTSIM_PROFILE", "steady"))
