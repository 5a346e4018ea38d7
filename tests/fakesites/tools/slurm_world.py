"""A small world with a Slurm cluster: one node, its controller, the programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fakesites.slurm import CONFIG_PATH
from fakesites.slurm import Controller
from fakesites.slurm import SlurmSpec
from fakesites.slurm import configuration
from tests.fakesites.site_world import EPOCH
from tests.fakesites.site_world import SiteWorld
from tests.fakesites.site_world import make_world

PROGRAMS = ("sbatch", "scancel", "squeue", "sinfo", "scontrol", "sacct")


def slurm_world(
    root: Path, *, epoch: float = EPOCH, user: str = "root", listens: bool = True, **spec: Any
) -> tuple[SiteWorld, Controller]:
    """Return a world whose node is the only one of a cluster."""
    node = {"user": user, "group": "root", "name": "localhost", "programs": list(PROGRAMS)}
    world = make_world(root, site="CALTECH", overrides={"node": node}, epoch=epoch)
    controller = Controller(SlurmSpec(**spec), clock=world.clock)
    if listens:
        controller.listen(world.network)
    else:
        world.network.add_host(controller.spec.host)
    world.node.mounted[CONFIG_PATH] = configuration(controller.spec)
    return world, controller
