"""Progress of event ranges: what pilots say became of them.

Each entry is answered by True (taken), False (refused) or None (not of interest yet). As on the
real server an entry for a range that has ended is answered True although nothing changes; when it
contradicts what was said before, the journal says so.
Read from panda-server@9cc36033:taskbuffer/db_proxy_mods/task_event_module.py#L324.
"""

from __future__ import annotations

from typing import Any
from typing import Mapping
from typing import Sequence

from fakeserver.events import EVENT_RANGE_DONE
from fakeserver.events import EVENT_RANGE_SAID
from fakeserver.events import SERVER
from fakeserver.jobtable import JobTable
from fakeserver.ranges import FINAL_STATUS
from fakeserver.ranges import PASSING_STATUS
from fakeserver.ranges import RangeTable
from fakeserver.states import State

OPEN_STATES = (State.SENT, State.STARTING, State.RUNNING, State.TRANSFERRING)

Outcome = bool | None


def unpacked(entries: Sequence[Any], *, version: int) -> list[Any]:
    """Return one entry a range: in versions other than 0 they may come in zipped bunches."""
    if version == 0:
        return list(entries)
    flat: list[Any] = []
    for entry in entries:
        inner = entry.get("eventRanges") if isinstance(entry, Mapping) else None
        flat += _of_bunch(entry, inner) if isinstance(inner, list) else [entry]
    return flat


def _of_bunch(bunch: Mapping[str, Any], inner: Sequence[Any]) -> list[Any]:
    """Return the entries of a bunch, each with the file that all of them are in."""
    file = bunch.get("zipFile")
    lfn = str(file.get("lfn") or "") if isinstance(file, Mapping) else ""
    return [{"lfn": lfn, **each} if isinstance(each, Mapping) else each for each in inner]


def update_ranges(
    table: JobTable, ranges: RangeTable, entries: Sequence[Any], *, who: str
) -> tuple[list[Outcome], dict[int, str | None]]:
    """Take note of *entries*; return an outcome for each and the command for each job."""
    outcomes: list[Outcome] = []
    commands: dict[int, str | None] = {}
    for entry in entries:
        panda_id = owner_of(entry)
        if panda_id is None:
            table.refuse(None, pilot=who, why=f"not an event range: {str(entry)[:80]}")
            outcomes.append(False)
            continue
        status = str(entry["eventStatus"])
        before = ranges.find(str(entry["eventRangeID"]))
        was = before.status if before else ""
        outcomes.append(update_range(table, ranges, entry, panda_id=panda_id, who=who))
        if status in FINAL_STATUS:
            table.journal.emit(
                EVENT_RANGE_SAID,
                who=SERVER,
                job=panda_id,
                range=str(entry["eventRangeID"]),
                pilot=who,
                state=status,
                file=str(entry.get("lfn") or ""),
                taken=outcomes[-1] is True and was == "sent",
            )
        job = table.jobs.get(panda_id)
        alive = job is not None and not job.final
        commands[panda_id] = (job.command or None) if job and alive else "tobekilled"
    return outcomes, commands


def owner_of(entry: Any) -> int | None:
    """Return the job in the identifier of an entry, or None when the entry is no good."""
    if not isinstance(entry, Mapping) or "eventStatus" not in entry:
        return None
    parts = str(entry.get("eventRangeID", "")).split("-")
    usable = len(parts) == 5 and all(part.isdigit() for part in parts)
    return int(parts[1]) if usable else None


def update_range(
    table: JobTable, ranges: RangeTable, entry: Mapping[str, Any], *, panda_id: int, who: str
) -> Outcome:
    """Take note of one entry."""
    name, status = str(entry["eventRangeID"]), str(entry["eventStatus"])
    if status in PASSING_STATUS:
        return None
    job = table.jobs.get(panda_id)
    if status not in FINAL_STATUS or job is None or job.state not in OPEN_STATES:
        state = job.state.value if job else "unknown"
        table.refuse(panda_id, pilot=who, why=f"range {name} {status}, the job is {state}")
        return False
    known = ranges.find(name)
    if known is not None and known.status == status:
        return True
    if known is None or known.status != "sent":
        was = known.status if known else "unknown"
        table.refuse(panda_id, pilot=who, why=f"range {name} {status}, it is {was}")
        return True
    ranges.set(known, status, error=str(entry.get("errorDiag") or entry.get("errorCode") or ""))
    table.journal.emit(
        EVENT_RANGE_DONE, who=SERVER, job=panda_id, range=name, pilot=who, state=status
    )
    return True
