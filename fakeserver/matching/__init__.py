"""Matching: which waiting job goes to a pilot that asks, and why another does not."""

from __future__ import annotations

from fakeserver.matching.labels import effective_label
from fakeserver.matching.request import JobRequest
from fakeserver.matching.rules import RULES
from fakeserver.matching.rules import Asking
from fakeserver.matching.rules import obstacle
from fakeserver.matching.rules import obstacles
from fakeserver.matching.shape import Shape
from fakeserver.matching.shape import shape_of
from fakeserver.matching.waiting import WaitingRoom

__all__ = [
    "RULES",
    "Asking",
    "JobRequest",
    "Shape",
    "WaitingRoom",
    "effective_label",
    "obstacle",
    "obstacles",
    "shape_of",
]
