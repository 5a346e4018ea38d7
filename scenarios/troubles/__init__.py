"""What may be unusual about a flight, one thing at a time, for hypothesis to draw.

A *trouble* is something to meet: faults, a queue, a job or a payload of another kind. Each says
what must hold all the same: that the jobs end well, that they fail for just this reason, or
nothing but the rules. Troubles may come together; ``scenarios.worlds`` puts them into a scenario.
"""

from __future__ import annotations

from typing import Mapping

from hypothesis import strategies as st

from scenarios.troubles import batch
from scenarios.troubles import credentials
from scenarios.troubles import network
from scenarios.troubles import nodes
from scenarios.troubles import payloads
from scenarios.troubles import queues
from scenarios.troubles import server
from scenarios.troubles import transfers
from scenarios.troubles import watchdogs
from scenarios.troubles import work
from scenarios.troubles._trouble import HARMLESS
from scenarios.troubles._trouble import OPEN
from scenarios.troubles._trouble import Trouble

__all__ = ["HARMLESS", "OPEN", "THEMES", "Trouble", "troubles"]

# Simpler ones first: hypothesis shrinks towards them.
THEMES: Mapping[str, st.SearchStrategy[Trouble]] = {
    "work": work.troubles(),
    "queues": queues.troubles(),
    "payloads": payloads.troubles(),
    "watchdogs": watchdogs.troubles(),
    "transfers": transfers.troubles(),
    "server": server.troubles(),
    "network": network.troubles(),
    "nodes": nodes.troubles(),
    "credentials": credentials.troubles(),
    "batch": batch.troubles(),
}


def troubles(*themes: str) -> st.SearchStrategy[Trouble]:
    """Return troubles of these *themes*, of all if none is named."""
    return st.one_of(*(THEMES[theme] for theme in themes or THEMES))
