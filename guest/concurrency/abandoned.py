"""What a strand becomes when the process that it belongs to is ended from outside."""

from __future__ import annotations

from guest.hub import Strand


class Abandoned(Strand):
    """A strand that is never switched to again. Nothing of it is unwound, as of any killed process."""

    dead = True
