"""Event ranges: parts of the inputs of a jobset, which its jobs take one batch after another.

The ranges of a jobset are made when its first job is defined. A range is ready, then sent to
one job, then finished, failed or fatal; what a job leaves undone is ready again when the job
ends, with one attempt fewer. Identifiers are ``task-panda-file-process-attempt``.
Read from panda-server@9cc36033:taskbuffer/db_proxy_mods/task_event_module.py#L51 and #L324.
Not modelled: jumbo jobs, zip files, segments, fine-grained processing, merging.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Iterable

from fakeserver.jobs import JobSpec

MAX_ATTEMPT = 10
FINAL_STATUS = ("finished", "failed", "fatal")
PASSING_STATUS = ("running", "transferring")


@dataclass(slots=True)
class EventRange:
    """Events *first* to *last* of one file; *owner* is the job that has them, 0 for nobody."""

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

    @property
    def name(self) -> str:
        """Return the identifier that its present owner knows it by."""
        return f"{self.task}-{self.owner}-{self.file}-{self.process}-{self.attempt}"

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


class RangeTable:
    """The event ranges of every jobset."""

    def __init__(self) -> None:
        self._jobsets: dict[int, list[EventRange]] = {}

    def define(self, spec: JobSpec) -> None:
        """Make the ranges of the jobset of *spec*, unless an earlier job of it did."""
        if spec.jobset not in self._jobsets:
            self._jobsets[spec.jobset] = list(make_ranges(spec))

    def of(self, jobset: int) -> list[EventRange]:
        """Return the ranges of *jobset*."""
        return self._jobsets.get(jobset, [])

    def ready(self, jobset: int) -> list[EventRange]:
        """Return the ranges that wait for a job."""
        return [each for each in self.of(jobset) if each.status == "ready" and each.attempt > 0]

    def owned(self, jobset: int, *, owner: int) -> list[EventRange]:
        """Return the ranges that belong to a job, whatever became of them."""
        return [each for each in self.of(jobset) if each.owner == owner]

    def holder(self, jobset: int) -> int:
        """Return the job that has any range of *jobset*, 0 when nobody has."""
        return next((each.owner for each in self.of(jobset) if each.owner), 0)

    def take(self, jobset: int, *, owner: int, count: int) -> list[EventRange]:
        """Give at most *count* waiting ranges to *owner* and return them."""
        taken = self.ready(jobset)[: max(count, 0)]
        for each in taken:
            each.owner, each.status = owner, "sent"
        return taken

    def find(self, name: str) -> EventRange | None:
        """Return the range known as *name*, or None."""
        for ranges in self._jobsets.values():
            for each in ranges:
                if each.owner and each.name == name:
                    return each
        return None

    def release(self, jobset: int, *, owner: int) -> None:
        """Make ready again what *owner* did not bring to a good or a hopeless end."""
        for each in self.owned(jobset, owner=owner):
            if each.status in ("sent", "failed"):
                each.owner, each.status, each.attempt = 0, "ready", each.attempt - 1

    def snapshot(self) -> dict[str, list[str]]:
        """Return every range as text, by jobset."""
        return {
            str(jobset): [f"{each.name} {each.status}" for each in ranges]
            for jobset, ranges in self._jobsets.items()
        }


def make_ranges(spec: JobSpec) -> Iterable[EventRange]:
    """Yield the ranges of a job: as many as it says (a clone has at least one) over its inputs."""
    count = max(spec.event_ranges, 1)
    files = max(len(spec.inputs), 1)
    made = [0] * files
    for number in range(count):
        file = number * files // count
        source = spec.inputs[file] if spec.inputs else None
        first = made[file] * spec.events_per_range + 1
        made[file] += 1
        yield EventRange(
            task=spec.task_id,
            file=file + 1,
            process=made[file],
            first=first,
            last=first + spec.events_per_range - 1,
            lfn=source.lfn if source else "pseudo_lfn",
            guid=source.guid if source else "",
            scope=source.scope if source else "",
        )
