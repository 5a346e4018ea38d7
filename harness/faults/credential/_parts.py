"""The two parts of a proxy: the certificate (``credential.proxy``), its attributes (``.voms``)."""

from __future__ import annotations

from typing import Any
from typing import Callable

from fakesites.recipes import with_attributes_until
from fakesites.recipes import with_end
from harness.faults._fuse import Fuse

VOMS = "credential.voms"


def on_credential(trigger: Fuse, change: Callable[[], None]) -> None:
    """Call *change* when the trigger says; of a file that is gone by then nothing can change."""

    def strike(_pilot: str) -> None:
        try:
            change()
        except FileNotFoundError:
            return

    trigger.on_moments(strike)


def end_at(trigger: Fuse, *, left_s: float) -> None:
    """Let the part that the fault stands on end *left_s* seconds from now; it may be negative."""
    part = with_attributes_until if trigger.plan.on == VOMS else with_end
    change_credential(trigger, part, left_s=left_s)


def change_credential(trigger: Fuse, part: Callable[[Any, int], Any], *, left_s: float) -> None:
    """Let *part* of the credential end *left_s* seconds from now."""
    world = trigger.world
    instant = int(world.clock.wall() + left_s)
    world.credentials.write(part(world.credentials.read(), instant))
