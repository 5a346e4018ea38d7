"""A grid of sites with pilots and jobs as records: no pilot code, a day in seconds.

Models ten sites or a hundred with their batch systems, pilot factories, brokerage, shared links
and failures. To fly a real pilot at a site, see fakesites.site.
"""

from __future__ import annotations

from fakesites.grid.model import Grid
from fakesites.grid.outcome import Outcome
from fakesites.grid.outcome import check
from fakesites.grid.spec import GridSite
from fakesites.grid.spec import GridSpec
from fakesites.grid.spec import default_grid
from fakesites.grid.spec import load_grid

__all__ = ["Grid", "GridSite", "GridSpec", "Outcome", "check", "default_grid", "load_grid"]
