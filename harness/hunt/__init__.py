"""A hunt: many drawn scenarios, each flown and judged, and what breaks a pilot made small.

hypothesis draws and shrinks; what it draws is in ``scenarios.worlds``. A hunt goes in blocks,
each with a seed of its own made of the hunt's: what is over is kept, and not flown again.
"""

from __future__ import annotations

from harness.hunt._block import Block
from harness.hunt._block import Catch
from harness.hunt._block import Haul
from harness.hunt._block import hunt_block
from harness.hunt._hunt import BLOCK
from harness.hunt._hunt import Hunt
from harness.hunt._hunt import stopped_by_signals
from harness.hunt._trial import MEASURES
from harness.hunt._trial import Complaint
from harness.hunt._trial import Trial
from harness.hunt._trial import try_once

__all__ = [
    "BLOCK",
    "MEASURES",
    "Block",
    "Catch",
    "Complaint",
    "Haul",
    "Hunt",
    "Trial",
    "hunt_block",
    "stopped_by_signals",
    "try_once",
]
