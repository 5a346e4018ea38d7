"""Shell wrappers: what a batch system starts on a worker node, to start a pilot there.

``wrapper.sh`` is thin: the site's set-up, a look at Python, the queue's own variables, the choice
of the code, and then the pilot, to which it passes on signals and whose exit code is its own.
``trivialWrapper`` is for testbeds: nothing but the start. Both are POSIX shell, and say nothing
while nothing is wrong; what they say has no experiment in it.

The order of things was read from PanDAWMS/pilot-wrapper@264e2e6:runpilot2-wrapper.sh. It is far
from all that that one does: no containers, no monitoring of factories, no supervisor of its log.
"""

from __future__ import annotations

__all__ = ["FULL", "NAMES", "TRIVIAL"]

FULL = "wrapper.sh"
TRIVIAL = "trivialWrapper"
NAMES = {"wrapper": FULL, "trivialWrapper": TRIVIAL}
