"""Starting the reference pilot as a guest: ``python -m pilotcore``."""

from __future__ import annotations

from dataclasses import replace

from harness.pilots.cache import CORE_PACKAGE
from harness.pilots.cache import Installed
from harness.pilots.launch import Command
from harness.pilots.launch import PilotFacts
from harness.pilots.launch import environment
from harness.pilots.options import accepted
from harness.pilots.options import help_of
from harness.pilots.pilot3 import options_for

# A site that names the trace server wants traces.
TRACES = "RUCIO_TRACES_URL"


def command(installed: Installed, facts: PilotFacts) -> Command:
    """Return how the reference pilot is started; it takes the options of pilot3 that it knows."""
    facts = replace(facts, traces=facts.traces or TRACES in facts.variables)
    options = accepted(help_of(installed), options_for(facts))
    return Command(("-m", CORE_PACKAGE, *options), environment(facts), f"{facts.root}/work")
