"""Splitting: from the inputs of a job to ranges of events inside them.

Where a file says how many events it has, it is cut into pieces of *events_per_range*, the last one
shorter; otherwise *event_ranges* pieces are spread over the files.
Read from panda-server@9cc36033:taskbuffer/EventServiceUtils.py (encodeFileInfo) and
db_proxy_mods/job_complex_module.py#L3130 (insertNewJob).
"""

from __future__ import annotations

from typing import Iterator
from typing import NamedTuple

from fakeserver.jobs import InputFile
from fakeserver.jobs import JobSpec


class Piece(NamedTuple):
    """Events *first* to *last* of the *file*-th input (from 1), its *process*-th piece."""

    file: int
    process: int
    first: int
    last: int
    source: InputFile | None


def pieces(spec: JobSpec) -> Iterator[Piece]:
    """Yield the pieces of the inputs of *spec*; a job without inputs or events has at least one."""
    if any(each.events for each in spec.inputs):
        yield from _counted(spec)
    else:
        yield from _spread(spec)


def _counted(spec: JobSpec) -> Iterator[Piece]:
    size = spec.events_per_range
    for file, source in enumerate(spec.inputs, 1):
        for process, first in enumerate(range(1, source.events + 1, size), 1):
            yield Piece(file, process, first, min(first + size - 1, source.events), source)


def _spread(spec: JobSpec) -> Iterator[Piece]:
    count = max(spec.event_ranges, 1)
    files = max(len(spec.inputs), 1)
    made = [0] * files
    for number in range(count):
        file = number * files // count
        source = spec.inputs[file] if spec.inputs else None
        first = made[file] * spec.events_per_range + 1
        made[file] += 1
        yield Piece(file + 1, made[file], first, first + spec.events_per_range - 1, source)
