"""The two parts of a proxy: the certificate (``credential.proxy``), its attributes (``.voms``)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from typing import Callable

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
    part = end_attributes if trigger.plan.on == VOMS else end_certificate
    change_credential(trigger, part, left_s=left_s)


def change_credential(trigger: Fuse, part: Callable[[Any, int], Any], *, left_s: float) -> None:
    """Let *part* of the credential end *left_s* seconds from now."""
    world = trigger.world
    instant = int(world.clock.wall() + left_s)
    world.credentials.write(part(world.credentials.read(), instant))


def end_attributes(credential: Any, instant: int) -> Any:
    """Return *credential* with VOMS attributes that end at *instant* (POSIX seconds)."""
    return replace(credential, voms_not_after=instant)


def end_certificate(credential: Any, instant: int) -> Any:
    """Return *credential* with a certificate that ends at *instant* (POSIX seconds)."""
    # Attributes never outlive the proxy that carries them.
    voms = credential.voms_not_after
    earlier = None if voms is None else min(voms, instant)
    begin = min(credential.not_before, instant - 1)
    return replace(credential, not_before=begin, not_after=instant, voms_not_after=earlier)
