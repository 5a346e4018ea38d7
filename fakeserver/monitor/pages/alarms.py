"""Alarms: what is wrong now, and what was."""

from __future__ import annotations

from fakeserver.monitor.registry import Ask
from fakeserver.monitor.registry import Content
from fakeserver.monitor.registry import page
from fakeserver.operation.alarms import CLEARED
from fakeserver.operation.alarms import WATCHES

PAST = 50


@page("alarms", title="Alarms")
def alarms(ask: Ask) -> Content:
    """Return alarms that are on, those that passed, and what is watched."""
    every = ask.model.alarms.alarms.values()
    past = sorted((each for each in every if each["state"] == CLEARED), key=lambda a: -a["since"])
    return {"present": ask.model.alarms.present(), "past": past[:PAST], "watches": WATCHES}
