"""How a pilot is started: what follows the interpreter, its environment, its folder.

The paths are the guest's (below ``/srv``, where the machine allows it), the hosts those of the
simulated network.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Mapping

from harness.pilots.cache import Installed

ROOT = "/srv"
SERVER = "https://pandaserver.sim"
SERVER_PORT = 25443
CACHE = "http://pandaserver.sim:25085"
# Older releases know where transforms come from and take no -g; this is one of the places
# (pilot 3.7.0.36, pilot/user/generic/setup.py), and here an alias of the server.
TRANSFORM_HOST = "pandaserver-doma.cern.ch"
TRANSFORMS = f"http://{TRANSFORM_HOST}:25080/trf/user"
DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin"

# A pilot has to be done before the batch system ends it: this much before, of a long walltime.
MARGIN_S = 600.0
MARGIN_SHARE = 0.1
LIFETIME_S_MIN = 60


@dataclass(frozen=True, slots=True)
class PilotFacts:
    """What a world knows of one pilot before it starts.

    *label* is the prodSourceLabel it asks for, *requests* and *failures* how often it may ask
    (in a row, and in vain); *walltime_s* is the batch system's; *traces* says whether a server
    for Rucio traces is there; *variables* are added to the environment. *root* is the node's
    folder as the pilot sees it, with cred, home, pilot, tmp and work in it. *experiment* is
    whose pilot it is to be, empty for nobody's in particular; *cvmfs* says whether repositories
    of software are mounted. *workflow* is the pilot's; *extra* are further options.
    """

    queue: str
    label: str = "managed"
    experiment: str = ""
    node: str = "wn001"
    user: str = "pilot"
    walltime_s: float = 86_400.0
    requests: int = 2
    failures: int = 5
    traces: bool = False
    cvmfs: bool = False
    path: str = DEFAULT_PATH
    server: str = SERVER
    port: int = SERVER_PORT
    cache: str = CACHE
    root: str = ROOT
    workflow: str = "generic"
    extra: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Command:
    """One pilot's start; *argv* is what follows the interpreter."""

    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: str


def command_for(installed: Installed, facts: PilotFacts) -> Command:
    """Return how the *installed* pilot is started in a world of these *facts*."""
    if installed.family == "core":
        from harness.pilots.core import command
    else:
        from harness.pilots.pilot3 import command
    return command(installed, facts)


def lifetime_s(walltime_s: float) -> int:
    """Return the seconds that a pilot may live inside a batch job of *walltime_s*."""
    margin = min(MARGIN_S, walltime_s * MARGIN_SHARE)
    return max(LIFETIME_S_MIN, int(walltime_s - margin))


def environment(facts: PilotFacts) -> dict[str, str]:
    """Return the variables that every pilot finds on a node, sorted by name."""
    variables = {
        "HOME": f"{facts.root}/home",
        "LANG": "C.UTF-8",
        "LOGNAME": facts.user,
        "PANDA_HOSTNAME": facts.node,
        "PATH": facts.path,
        "PYTHONPATH": f"{facts.root}/pilot",
        "TMPDIR": f"{facts.root}/tmp",
        "TZ": "UTC",
        "USER": facts.user,
        "X509_USER_PROXY": f"{facts.root}/cred/x509up",
        **facts.variables,
    }
    # What is set to nothing is not set: PILOT_NOKILL, for one, counts by being there.
    return {name: value for name, value in sorted(variables.items()) if value}
