"""A flight as a picture: who did what when, lane by lane, drawn from its journal alone."""

from reports.timeline.drawing import drawing
from reports.timeline.lanes import Bar
from reports.timeline.lanes import Lane
from reports.timeline.lanes import lanes_of

__all__ = ["Bar", "Lane", "drawing", "lanes_of"]
