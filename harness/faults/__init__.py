"""Faults: what can go wrong in a world, one small file a kind, registered by name.

A kind stands at a *point*. Where calls pass (a tool, an endpoint of the server, a host of the
network, a payload) it wraps those calls that its trigger chooses; elsewhere (a credential, a
node, the batch system, queuedata) it changes state at the moments that its trigger chooses.

    faults = install_faults(world, scenario.faults)
    world.journal: fault.armed when it stands, fault.fired each time it strikes
"""

from __future__ import annotations

from harness.faults._fuse import Fuse
from harness.faults._registry import Fault
from harness.faults._registry import FaultKind
from harness.faults._registry import check_plan
from harness.faults._registry import fault
from harness.faults._registry import fault_kind
from harness.faults._registry import install_faults
from harness.faults._registry import known_faults
from harness.faults._registry import points_of
from harness.faults._vocabulary import OPEN_FAMILIES
from harness.faults._vocabulary import check_point
from harness.faults._vocabulary import known_points
from harness.faults._world import Batch
from harness.faults._world import CredentialStore
from harness.faults._world import FaultPlan
from harness.faults._world import Files
from harness.faults._world import Node
from harness.faults._world import PayloadRun
from harness.faults._world import ProcessTable
from harness.faults._world import Server
from harness.faults._world import Site
from harness.faults._world import ToolCall
from harness.faults._world import World

__all__ = [
    "OPEN_FAMILIES",
    "Batch",
    "CredentialStore",
    "Fault",
    "FaultKind",
    "FaultPlan",
    "Files",
    "Fuse",
    "Node",
    "PayloadRun",
    "ProcessTable",
    "Server",
    "Site",
    "ToolCall",
    "World",
    "check_plan",
    "check_point",
    "fault",
    "fault_kind",
    "install_faults",
    "known_faults",
    "known_points",
    "points_of",
]
