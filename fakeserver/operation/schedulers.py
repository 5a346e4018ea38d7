"""Schedulers: who sends pilots, and when each was last heard of."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from fakeserver.server import PandaServer

SILENT_S = 3600.0
OVER = ("finished", "failed", "cancelled", "missed")


def schedulers(server: PandaServer, *, now: float) -> list[dict[str, Any]]:
    """Return every harvester with its workers by state, when it was heard of, and how it is."""
    found: dict[str, dict[str, Any]] = {}
    for name, instance in server.harvesters.instances.items():
        found[name] = {"name": name, "seen": instance.get("last_seen", 0.0), "workers": {}}
    for key, worker in server.harvesters.workers.items():
        name = key.partition("/")[0]
        each = found.setdefault(name, {"name": name, "seen": 0.0, "workers": {}})
        each["seen"] = max(each["seen"], *_times(worker))
        state = str(worker.get("workerStatus") or worker.get("status") or "unknown")
        each["workers"][state] = each["workers"].get(state, 0) + 1
    for each in found.values():
        each["state"] = "silent" if now - each["seen"] > SILENT_S else "active"
    return [found[name] for name in sorted(found)]


def _times(worker: dict[str, Any]) -> list[float]:
    return [0.0, *(float(worker.get(f"{what}_at", 0.0)) for what in _STAMPS)]


_STAMPS = ("updated", "started", "finished")
