"""Alarms: conditions that somebody wants to hear of, raised once and cleared when they pass.

A watch is a function that looks at the server and yields what is wrong: about what, and in words.
An alarm that is raised stays until its watch says it no more, or somebody acknowledges it; each of
these is in the journal, which is where mail would come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from typing import Callable
from typing import Iterator

from fakeserver.events import ALARM
from fakeserver.events import SERVER
from fakeserver.keeping import Room
from fakeserver.keeping import Rooms
from fakeserver.operation.durations import anomalies
from fakeserver.operation.schedulers import SILENT_S
from fakeserver.operation.schedulers import schedulers
from fakeserver.states import State

if TYPE_CHECKING:
    from fakeserver.server import PandaServer

RAISED, ACKNOWLEDGED, CLEARED = "raised", "acknowledged", "cleared"
NO_PILOT_S = 3600.0
FAILURES_MIN = 10
FAILURES_PART = 0.5
Found = tuple[str, str]
Watching = Callable[["PandaServer", float], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Watch:
    """One condition that is watched."""

    name: str
    about: str
    look: Watching


WATCHES: list[Watch] = []


def watch(about: str) -> Callable[[Watching], Watching]:
    """Enter the decorated function as a watch under its own name."""

    def enter(look: Watching) -> Watching:
        WATCHES.append(Watch(look.__name__, about, look))
        return look

    return enter


class Alarms:
    """The alarms of one server: ``{"watch", "about", "text", "state", "since", …}`` by key."""

    def __init__(self, server: PandaServer, rooms: Rooms) -> None:
        self._server = server
        self.alarms: Room[dict[str, Any]] = rooms.room("alarms")

    def look(self, now: float) -> list[dict[str, Any]]:
        """Look at everything that is watched; return the alarms that changed."""
        found = {
            f"{each.name}/{about}": (each.name, about, text)
            for each in WATCHES
            for about, text in each.look(self._server, now)
        }
        raised = [self._raise(key, *what, now=now) for key, what in found.items()]
        cleared = [
            self._clear(key, now=now)
            for key, alarm in list(self.alarms.items())
            if key not in found and alarm["state"] != CLEARED and not alarm.get("by_hand")
        ]
        return [each for each in (*raised, *cleared) if each is not None]

    def register(self, about: str, text: str, *, by: str, now: float) -> dict[str, Any]:
        """Raise an alarm by hand; it is cleared by hand, too."""
        key = f"hand/{about}"
        self._raise(key, "hand", about, text, now=now)
        alarm = self.alarms.make(key, {})
        alarm |= {"by_hand": True, "by": by}
        return alarm

    def acknowledge(self, key: str, *, by: str) -> bool:
        """Note that somebody knows of an alarm; return False if there is none."""
        alarm = self.alarms.get(key)
        if alarm is None or alarm["state"] != RAISED:
            return False
        alarm |= {"state": ACKNOWLEDGED, "by": by}
        self.alarms.touch(key)
        self._say(alarm)
        return True

    def clear(self, key: str, *, now: float) -> bool:
        """Clear an alarm by hand; return False if there is none."""
        return key in self.alarms and self._clear(key, now=now) is not None

    def present(self) -> list[dict[str, Any]]:
        """Return the alarms that are not cleared, the oldest first."""
        alive = [(key, each) for key, each in self.alarms.items() if each["state"] != CLEARED]
        return [each | {"key": key} for key, each in sorted(alive, key=lambda at: at[1]["since"])]

    def _raise(
        self, key: str, name: str, about: str, text: str, *, now: float
    ) -> dict[str, Any] | None:
        known = self.alarms.get(key)
        if known is not None and known["state"] != CLEARED:
            if known["text"] != text:
                known["text"] = text
                self.alarms.touch(key)
            return None
        alarm = {"watch": name, "about": about, "text": text, "state": RAISED, "since": now}
        self.alarms[key] = alarm
        self._say(alarm)
        return alarm

    def _clear(self, key: str, *, now: float) -> dict[str, Any] | None:
        alarm = self.alarms[key]
        if alarm["state"] == CLEARED:
            return None
        alarm |= {"state": CLEARED, "until": now}
        self.alarms.touch(key)
        self._say(alarm)
        return alarm

    def _say(self, alarm: dict[str, Any]) -> None:
        self._server.journal.emit(
            ALARM,
            who=SERVER,
            alarm=alarm["watch"],
            about=alarm["about"],
            state=alarm["state"],
            text=alarm["text"],
        )


def spelt(seconds: float) -> str:
    """Return a duration as people say it."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


@watch("a job waits or runs far longer than others of its kind")
def takes_too_long(server: PandaServer, now: float) -> Iterator[Found]:
    """Yield jobs that are out of the ordinary."""
    for each in anomalies(server.table, now=now):
        doing = "waits" if each["phase"] == "wait" else "runs"
        yield str(each["job"]), f"job {each['job']} {doing} longer than {spelt(each['limit_s'])}"


@watch("jobs wait at a queue where no pilot asks")
def no_pilots(server: PandaServer, now: float) -> Iterator[Found]:
    """Yield queues whose jobs wait in vain."""
    for queue in server.table.queues():
        waiting = server.table.at(queue, State.ACTIVATED)
        if not waiting:
            continue
        since = min(job.changed_at for job in waiting.values())
        last = server.sightings.last(queue)
        if now - max(since, last or 0.0) > NO_PILOT_S:
            yield queue, f"no pilot has asked at {queue} for more than {spelt(NO_PILOT_S)}"


@watch("most jobs that ended at a queue failed")
def many_failures(server: PandaServer, _: float) -> Iterator[Found]:
    """Yield queues at which more jobs fail than finish."""
    ended: dict[str, list[int]] = {}
    for job in server.table.recent.values():
        if job.state in (State.FINISHED, State.FAILED):
            tally = ended.setdefault(job.spec.queue, [0, 0])
            tally[job.state is State.FAILED] += 1
    for queue, (good, bad) in sorted(ended.items()):
        if good + bad >= FAILURES_MIN and bad > (good + bad) * FAILURES_PART:
            yield queue, f"{bad} of {good + bad} jobs failed at {queue}"


@watch("a scheduler has fallen silent")
def silent_scheduler(server: PandaServer, now: float) -> Iterator[Found]:
    """Yield schedulers of which nothing was heard."""
    for each in schedulers(server, now=now):
        if each["state"] == "silent":
            name = each["name"]
            yield name, f"nothing was heard of scheduler {name} for more than {spelt(SILENT_S)}"
