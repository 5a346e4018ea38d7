"""The ground of a simulated world: clock, random streams, journal, network, points.

Knows nothing of PanDA: a floor above brings its own words (event kinds, hosts, points).
"""

from __future__ import annotations

from simkernel.clock import Clock
from simkernel.clock import utc_text
from simkernel.errors import FlightsimError
from simkernel.errors import HarnessError
from simkernel.errors import ScenarioError
from simkernel.errors import ViolationError
from simkernel.journal import Event
from simkernel.journal import Journal
from simkernel.journal import declare
from simkernel.journal import read_journal
from simkernel.names import nearest
from simkernel.network import NetError
from simkernel.network import Network
from simkernel.network import Request
from simkernel.network import Response
from simkernel.points import Points
from simkernel.streams import Streams

__all__ = [
    "Clock",
    "Event",
    "FlightsimError",
    "HarnessError",
    "Journal",
    "NetError",
    "Network",
    "Points",
    "Request",
    "Response",
    "ScenarioError",
    "Streams",
    "ViolationError",
    "declare",
    "nearest",
    "read_journal",
    "utc_text",
]
