"""The two parts of a proxy: the certificate (``credential.proxy``), its attributes (``.voms``)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from harness.faults._fuse import Fuse

VOMS = "credential.voms"


def end_at(trigger: Fuse, *, left_s: float) -> None:
    """Let the part that the fault stands on end *left_s* seconds from now; it may be negative."""
    world = trigger.world
    instant = int(world.clock.wall() + left_s)
    credential = world.credentials.read()
    part = _attributes if trigger.plan.on == VOMS else _certificate
    world.credentials.write(part(credential, instant))


def _attributes(credential: Any, instant: int) -> Any:
    return replace(credential, voms_not_after=instant)


def _certificate(credential: Any, instant: int) -> Any:
    # Attributes never outlive the proxy that carries them.
    voms = credential.voms_not_after
    earlier = None if voms is None else min(voms, instant)
    begin = min(credential.not_before, instant - 1)
    return replace(credential, not_before=begin, not_after=instant, voms_not_after=earlier)
