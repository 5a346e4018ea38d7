"""What a job needs of its pilot, and what the pilot learns of a job."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Callable
from typing import Mapping

from pilotcore.credentials import Credential
from pilotcore.credentials.renewal import Renewal
from pilotcore.data.locations import Storages
from pilotcore.definitions import Queue
from pilotcore.errors import Failure
from pilotcore.experiments import Experiment
from pilotcore.experiments import Site
from pilotcore.logbook import Logbook
from pilotcore.options import Options
from pilotcore.orders import Orders
from pilotcore.platform import Platform
from pilotcore.records.database import Database
from pilotcore.server import Server
from pilotcore.updates import Identity


@dataclass(frozen=True)
class Kit:
    """What every job of one pilot is given.

    *start* is where pilots start, *directory* this pilot's own. *halt* carries orders to the
    whole pilot (signals, lifetime); *left_s* tells how many seconds it has still to go. *metrics*
    are what the pilot knows of its node, and every update tells.
    """

    platform: Platform
    log: Logbook
    options: Options
    env: Mapping[str, str]
    server: Server
    credential: Credential
    renewal: Renewal
    queue: Queue
    storages: Storages
    who: Identity
    start: Path
    directory: Path
    database: Database
    metrics: Mapping[str, object]
    halt: Orders
    left_s: Callable[[], float]
    experiment: Experiment
    site: Site


@dataclass(frozen=True)
class Landing:
    """How a job ended: the *failure* reported, if any, and whether the server knows."""

    failure: Failure | None
    acknowledged: bool
    soft_kill: bool = False
