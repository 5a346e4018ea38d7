"""Event ranges: parts of the inputs of a jobset, which its jobs take one batch after another.

The ranges of a jobset are made when its first job is defined. A range is ready, then sent to
one job, then finished, failed or fatal; what a job leaves undone is ready again when the job
ends, with one attempt fewer. Of a task that the server looks after, finished ranges are done once
their job has ended, and merged once their outputs are. Identifiers are
``task-panda-file-process-attempt``. A jumbo job takes ranges of every jobset of its task.
Read from panda-server@9cc36033:taskbuffer/db_proxy_mods/task_event_module.py#L51 and #L324.
Not modelled: zip files, segments, fine-grained processing.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import fields
from heapq import heappop
from heapq import heappush
from typing import Any
from typing import Iterable
from typing import Mapping

from fakeserver.jobs import JobSpec
from fakeserver.keeping import Notes
from fakeserver.splitting import pieces

MAX_ATTEMPT = 10
FINAL_STATUS = ("finished", "failed", "fatal")
PASSING_STATUS = ("running", "transferring")
GOOD = ("finished", "done", "merged")
RANGES = "ranges"


@dataclass(slots=True)
class EventRange:
    """Events *first* to *last* of one file; *owner* is the job that has them, 0 for nobody.

    *number* is its place in the jobset. *error* is what a pilot said of its failure.
    """

    task: int
    file: int
    process: int
    first: int
    last: int
    lfn: str
    guid: str
    scope: str
    attempt: int = MAX_ATTEMPT
    owner: int = 0
    status: str = "ready"
    jobset: int = 0
    number: int = 0
    error: str = ""

    @property
    def name(self) -> str:
        """Return the identifier that its present owner knows it by."""
        return f"{self.task}-{self.owner}-{self.file}-{self.process}-{self.attempt}"

    @property
    def key(self) -> str:
        """Return what the range is kept under."""
        return f"{self.jobset}/{self.number}"

    @property
    def waits(self) -> bool:
        """Tell whether a job may take it."""
        return self.status == "ready" and self.attempt > 0

    def record(self) -> dict[str, Any]:
        """Return the range in the words that a pilot reads."""
        return {
            "eventRangeID": self.name,
            "startEvent": self.first,
            "lastEvent": self.last,
            "LFN": self.lfn,
            "GUID": self.guid,
            "scope": self.scope,
        }


_FIELDS = tuple(each.name for each in fields(EventRange))


class RangeTable:
    """The event ranges of every jobset."""

    def __init__(self, notes: Notes | None = None) -> None:
        self.notes = notes or Notes()
        self._jobsets: dict[int, list[EventRange]] = {}
        self._ready: dict[int, list[int]] = {}
        self._held: dict[int, dict[str, EventRange]] = {}
        self._tasks: dict[int, dict[int, None]] = {}
        self._files: dict[int, int] = {}

    def define(self, spec: JobSpec) -> None:
        """Make the ranges of the jobset of *spec*, unless an earlier job of it did."""
        self._tasks.setdefault(spec.task_id, {})[spec.jobset] = None
        if spec.jobset in self._jobsets:
            return
        # Files are numbered throughout a task: a jumbo job has ranges of several jobsets of it.
        before = self._files.get(spec.task_id, 0)
        for made in make_ranges(spec):
            made.file += before
            self._enter(made)
            self.notes.note(RANGES, made.key)

    def of(self, jobset: int) -> list[EventRange]:
        """Return the ranges of *jobset*."""
        return self._jobsets.get(jobset, [])

    def ready(self, jobset: int) -> list[EventRange]:
        """Return the ranges that wait for a job."""
        return [each for each in self.of(jobset) if each.waits]

    def any_ready(self, jobset: int) -> bool:
        """Tell whether any range waits for a job."""
        return self._first(jobset) is not None

    def owned(self, jobset: int, *, owner: int) -> list[EventRange]:
        """Return the ranges of *jobset* that belong to a job, whatever became of them."""
        held = (each for each in self.held(owner) if each.jobset == jobset)
        return sorted(held, key=lambda each: each.number)

    def held(self, owner: int) -> list[EventRange]:
        """Return the ranges that belong to a job, of whatever jobset, as they were taken."""
        return list(self._held.get(owner, {}).values())

    def holder(self, jobset: int) -> int:
        """Return the job that has any range of *jobset*, 0 when nobody has."""
        return next((each.owner for each in self.of(jobset) if each.owner), 0)

    def take(self, jobset: int, *, owner: int, count: int) -> list[EventRange]:
        """Give at most *count* waiting ranges to *owner* and return them."""
        taken: list[EventRange] = []
        while len(taken) < count:
            found = self._first(jobset)
            if found is None:
                break
            heappop(self._ready[jobset])
            found.owner, found.status = owner, "sent"
            self._held.setdefault(owner, {})[found.name] = found
            self.notes.note(RANGES, found.key)
            taken.append(found)
        return taken

    def take_any(self, task: int, *, owner: int, count: int) -> list[EventRange]:
        """Give at most *count* waiting ranges of any jobset of a task to *owner*."""
        taken: list[EventRange] = []
        for jobset in self._tasks.get(task, {}):
            taken += self.take(jobset, owner=owner, count=count - len(taken))
        return taken

    def find(self, name: str) -> EventRange | None:
        """Return the range known as *name*, or None."""
        parts = name.split("-")
        owner = parts[1] if len(parts) == 5 else ""
        return self._held.get(int(owner), {}).get(name) if owner.isdigit() else None

    def release(self, jobset: int, *, owner: int) -> None:
        """Make ready again what *owner* did not bring to a good or a hopeless end."""
        for each in self.owned(jobset, owner=owner):
            if each.status in ("sent", "failed"):
                self._give_back(each)

    def release_all(self, owner: int) -> None:
        """Make ready again all that *owner* left undone, of whatever jobset."""
        for jobset in sorted({each.jobset for each in self.held(owner)}):
            self.release(jobset, owner=owner)

    def set(self, found: EventRange, status: str, *, error: str = "") -> None:
        """Let *status* be that of a range."""
        found.status, found.error = status, error
        self.notes.note(RANGES, found.key)

    def plain(self, key: str) -> dict[str, Any] | None:
        """Return the range kept under *key* as a plain record; what is 0 or empty is left out."""
        jobset, _, number = key.partition("/")
        each = self._jobsets[int(jobset)][int(number)]
        return {name: value for name in _FIELDS if (value := getattr(each, name))}

    def load(self, content: Mapping[str, Any]) -> None:
        """Enter a range that was kept; those of one jobset have to come in order."""
        empty: dict[str, Any] = dict.fromkeys(("lfn", "guid", "scope", "error"), "")
        empty |= dict.fromkeys(("task", "file", "process", "first", "last", "attempt"), 0)
        self._enter(EventRange(**(empty | dict(content))))

    def snapshot(self) -> dict[str, list[str]]:
        """Return every range as text, by jobset."""
        return {
            str(jobset): [f"{each.name} {each.status}" for each in ranges]
            for jobset, ranges in self._jobsets.items()
        }

    def _enter(self, made: EventRange) -> None:
        ranges = self._jobsets.setdefault(made.jobset, [])
        assert made.number == len(ranges)
        ranges.append(made)
        self._tasks.setdefault(made.task, {})[made.jobset] = None
        self._files[made.task] = max(self._files.get(made.task, 0), made.file)
        ready = self._ready.setdefault(made.jobset, [])
        if made.waits:
            heappush(ready, made.number)
        if made.owner:
            self._held.setdefault(made.owner, {})[made.name] = made

    def _give_back(self, each: EventRange) -> None:
        self._held[each.owner].pop(each.name)
        each.owner, each.status, each.attempt = 0, "ready", each.attempt - 1
        if each.waits:
            heappush(self._ready[each.jobset], each.number)
        self.notes.note(RANGES, each.key)

    def _first(self, jobset: int) -> EventRange | None:
        ready = self._ready.get(jobset)
        return self._jobsets[jobset][ready[0]] if ready else None


def make_ranges(spec: JobSpec) -> Iterable[EventRange]:
    """Yield the ranges of a job, the pieces of its inputs."""
    for number, piece in enumerate(pieces(spec)):
        source = piece.source
        yield EventRange(
            task=spec.task_id,
            file=piece.file,
            process=piece.process,
            first=piece.first,
            last=piece.last,
            lfn=source.lfn if source else "pseudo_lfn",
            guid=source.guid if source else "",
            scope=source.scope if source else "",
            jobset=spec.jobset,
            number=number,
        )
