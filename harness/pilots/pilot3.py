"""Starting pilot3, and pilot2, whose command line it took over.

Read from pilot3@a090538b:pilot/util/arguments.py and observed (protocol reference, 8.1, 8.2).
"""

from __future__ import annotations

from harness.pilots.cache import Installed
from harness.pilots.choice import SCRIPT
from harness.pilots.launch import TRANSFORMS
from harness.pilots.launch import Command
from harness.pilots.launch import PilotFacts
from harness.pilots.launch import environment
from harness.pilots.launch import lifetime_s
from harness.pilots.options import accepted
from harness.pilots.options import help_of

# Its plug-in (pilot/user/<name>) for experiments that need nothing of their own.
GENERIC = "generic"


def command(installed: Installed, facts: PilotFacts) -> Command:
    """Return how pilot3 is started; options that its own --help does not know are left out."""
    options = accepted(help_of(installed), options_for(facts))
    script = f"{facts.root}/pilot/{SCRIPT}"
    return Command((script, *options), variables_for(facts), f"{facts.root}/work")


def options_for(facts: PilotFacts) -> tuple[str, ...]:
    """Return all options that a world wants to give."""
    pairs = {
        "--pilot-user": facts.experiment or GENERIC,
        "-a": f"{facts.root}/work",
        "-q": facts.queue,
        "-j": facts.label,
        "-i": "PR",
        "-w": facts.workflow,
        "-v": str(facts.requests),
        "-x": str(facts.failures),
        "-l": str(lifetime_s(facts.walltime_s)),
        "--url": facts.server,
        "-p": str(facts.port),
        "--queuedata-url": f"{facts.cache}/cache/schedconfig/{{pandaqueue}}.all.json",
        "--storagedata-url": f"{facts.cache}/ddmendpoints.json",
        "-g": f"{facts.cache}/trf/user,{TRANSFORMS}",
        "--use-rucio-traces": str(facts.traces),
    }
    # Last, and without a value: do not look for repositories that are not mounted.
    flags = () if facts.cvmfs else ("-b",)
    return (*(text for pair in pairs.items() for text in pair), *flags, *facts.extra)


def variables_for(facts: PilotFacts) -> dict[str, str]:
    """Return the environment; without LOCAL_AGIS_SCHEDCONF pilot3 asks the real CRIC."""
    local = f"{facts.cache}/cache/schedconfig/{facts.queue}.json"
    return dict(sorted({**environment(facts), "LOCAL_AGIS_SCHEDCONF": local}.items()))
