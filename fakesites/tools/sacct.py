"""sacct: the accounts of a Slurm cluster, which keeps none: as where no database is set up.

Held against slurm-wlm 22.05.8 (docs/reference/fidelity.md).
"""

from __future__ import annotations

from fakesites.tools import ToolCall
from fakesites.tools import tool
from fakesites.tools._slurm import VERSION


@tool("sacct", optional=True)
def sacct(call: ToolCall) -> int:
    """Say that there are no accounts; exit code 1."""
    if {"-V", "--version"} & {*call.argv[1:]}:
        call.out(VERSION)
        return 0
    call.err("Slurm accounting storage is disabled\n")
    return 1
