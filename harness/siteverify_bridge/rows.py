"""What is broken, row by row, and which check has to say so, with which reason code.

The first rows are one for each check, in the order of the checks, and each breaks nothing else:
what such a fault does is as narrow as the real one can be. OTHERS are more ways to break the
same, and faults that rightly break several things at once; *also* names the further checks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping

from fakesites.conditions import CVMFS
from harness.scenario import FaultPlan

GB = 10**9
HOUR_S = 3600.0
# A connection whose first four SYN packets are lost is made at the fifth: 1 + 2 + 4 + 8 s later.
FOUR_SYNS_S = 15.0
PANDA = "net.pandaserver.sim"
VOMS_TOOLS = ("voms-proxy-info", "arcproxy")
NO_LIBRARY = "ImportError: libssl.so.3: cannot open shared object file: No such file or directory"


@dataclass(frozen=True, slots=True)
class Row:
    """A way to break a node: *check* has to notice, and nothing else but those in *also*."""

    check: str
    reason: str
    fault: FaultPlan
    also: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Return the fault as one would say it: ``noexec on node.disk (path=/srv/tmp)``."""
        options = ", ".join(f"{key}={_shown(value)}" for key, value in self.fault.options.items())
        where = f"{self.fault.do} on {self.fault.on}"
        return f"{where} ({options})" if options else where


def row(
    check: str, reason: str, do: str, on: str, *also: str, options: Mapping[str, object] | None = None
) -> Row:
    """Return the row of one fault."""
    return Row(check, reason, FaultPlan(on, do, options=dict(options or {})), also)


def _shown(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def rows_for(site_domain: str) -> tuple[Row, ...]:
    """Return every row for a site whose hosts are in *site_domain*: the narrow ones, the others."""
    return (*_narrow(f"net.squid.{site_domain}"), *OTHERS)


def _narrow(squid: str) -> tuple[Row, ...]:
    return (*PREREQUISITES, *ENVIRONMENT, row("env.proxyvars", "PROXYVAR_REFUSED", "refuse", squid), *MACHINE, *SERVICES)
