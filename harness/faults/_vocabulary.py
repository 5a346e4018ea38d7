"""The points at which a fault may stand, and what a scenario's name for one stands for.

A name with calls (``tool.dccp``, ``server.update_job``, ``net.pandaserver.sim``, ``payload``,
``batch.start``) becomes points of the world; one without (``credential.proxy``, ``node.disk``,
``queuedata.status``, ``batch.kill``) names a piece of state, or an act of the batch system.
"""

from __future__ import annotations

from typing import Iterable

from simkernel import ScenarioError
from simkernel import nearest

TRANSFER_TOOLS = (
    "dccp",
    "xrdcp",
    "lsm-get",
    "lsm-put",
    "gfal-copy",
    "davix-get",
    "davix-put",
    "globus-url-copy",
    "srmcp",
    "rucio",
    "mv",
    "cp",
    # What Rucio's and object stores' clients in Python run.
    "flightsim-rucio",
    "flightsim-object",
)
ALIASES = {
    "tool.transfer": tuple(f"tool.{tool}" for tool in TRANSFER_TOOLS),
    # Whatever asks the catalogue of replicas: the command line, the client in Python.
    "tool.replicas": ("tool.rucio", "tool.flightsim-replicas"),
    "payload": ("payload.*",),
}
CALL_FAMILIES = ("tool", "door", "server", "net", "payload")
BATCH_CALLS = ("batch.output", "batch.start", "batch.stop")
NODE_POINTS = (
    "node.account",
    "node.apps",
    "node.certificates",
    "node.clock",
    "node.cores",
    "node.cvmfs",
    "node.disk",
    "node.environ",
    "node.hostname",
    "node.limits",
    "node.load",
    "node.shm",
    "node.tools",
)
STATE_POINTS = ("batch.kill", "credential.proxy", "credential.voms", *NODE_POINTS)
# Any name will do behind these: a field of queuedata, the key of a job.
OPEN_FAMILIES = ("payload", "queuedata")
# Struck at the installation these would hit nobody: no pilot runs yet.
NEED_A_MOMENT = ("batch.kill",)


def family_of(point: str) -> str:
    """Return the family of *point*: what stands before the first dot."""
    return point.partition(".")[0]


def has_calls(point: str) -> bool:
    """Tell whether *point* is passed by calls (else its triggers go by time and phase)."""
    return family_of(point) in CALL_FAMILIES or point in BATCH_CALLS


def points_meant(point: str) -> tuple[str, ...]:
    """Return the world's own points that a scenario's *point* stands for."""
    return ALIASES.get(point, (point,))


def known_points(
    *,
    tools: Iterable[str],
    endpoints: Iterable[str],
    hosts: Iterable[str],
    doors: Iterable[str] = (),
) -> tuple[str, ...]:
    """Return every point of a world with these names in it, sorted.

    *doors* are storage endpoints (BNL_DATADISK), *hosts* those of the network.
    """
    named = {f"tool.{name}" for name in tools}
    named |= {f"door.{name}" for name in doors}
    named |= {f"server.{name}" for name in endpoints}
    named |= {f"net.{name}" for name in hosts}
    families = {f"{family_of(name)}.*" for name in named}
    return tuple(sorted(named | families | set(ALIASES) | set(BATCH_CALLS) | set(STATE_POINTS)))


def check_point(point: str, known: Iterable[str], *, where: str = "") -> None:
    """Raise ScenarioError, with the nearest names, unless *point* is one of the *known*."""
    known = tuple(known)
    if point in known or (family_of(point) in OPEN_FAMILIES and "." in point):
        return
    close = nearest(point, known, count=3)
    remedy = f"did you mean {' or '.join(map(repr, close))}?" if close else ""
    raise ScenarioError(f"unknown point {point!r}", where=where, remedy=remedy)
