"""How a script is left before its end."""

from __future__ import annotations


class Leave(Exception):
    """The shell ends here, with *status*."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Return(Leave):
    """A function or a sourced file ends here, with *status*; outside of one, the shell does."""


class Jump(Exception):
    """So many *levels* of loops end here, or go on with their next round."""

    def __init__(self, levels: int) -> None:
        super().__init__(levels)
        self.levels = levels


class Break(Jump):
    """``break``."""


class Continue(Jump):
    """``continue``."""
