"""Where the tools of a simulated node are held against real ones, and where they differ.

The comparison is made by the tests with the mark ``programs`` (``tox -e real-tools``), which fail
when a real program says something else than is known here. One file a program, or a family of
them; docs/reference/fidelity.md is made of these tables.
"""

from __future__ import annotations

from fakesites.fidelity import arcproxy
from fakesites.fidelity import curl
from fakesites.fidelity import davix
from fakesites.fidelity import dccp
from fakesites.fidelity import gfal
from fakesites.fidelity import globus_url_copy
from fakesites.fidelity import grid_proxy_info
from fakesites.fidelity import openssl
from fakesites.fidelity import proxy_makers
from fakesites.fidelity import slurm
from fakesites.fidelity import srmcp
from fakesites.fidelity import voms_proxy_info
from fakesites.fidelity import xrdcp
from fakesites.fidelity.kinds import Comparison
from fakesites.fidelity.kinds import Difference

__all__ = ["COMPARISONS", "DIFFERENCES", "Comparison", "Difference"]

PROGRAMS = (
    *(voms_proxy_info, arcproxy, grid_proxy_info, openssl, proxy_makers),
    *(xrdcp, gfal, dccp, globus_url_copy, davix, curl, srmcp, slurm),
)
COMPARISONS: tuple[Comparison, ...] = tuple(
    each for program in PROGRAMS for each in program.COMPARISONS
)
DIFFERENCES: tuple[Difference, ...] = tuple(
    each for program in PROGRAMS for each in program.DIFFERENCES
)
