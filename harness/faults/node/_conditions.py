"""The node's conditions, and which folder a point of the node means."""

from __future__ import annotations

from typing import Callable
from typing import Mapping

from fakesites.conditions import APPS
from fakesites.conditions import AUTHORITIES
from fakesites.conditions import CVMFS
from fakesites.conditions import SHARED_MEMORY
from fakesites.conditions import Conditions
from harness.faults._fuse import Fuse

FOLDERS: Mapping[str, str] = {
    "node.apps": APPS,
    "node.certificates": AUTHORITIES,
    "node.cvmfs": CVMFS,
    "node.shm": SHARED_MEMORY,
}
WORK = "/srv/work"


def on_conditions(trigger: Fuse, change: Callable[[Conditions], None]) -> None:
    """Call *change* with the node's conditions when the trigger says."""
    trigger.on_moments(lambda _pilot: change(trigger.world.node.conditions))


def folder_of(trigger: Fuse, path: str) -> str:
    """Return *path*, or without one the folder that the fault's point stands for."""
    return path or FOLDERS[trigger.plan.on]
