"""From a file to the URL by which a copytool reaches it.

activity → copytools and storage (queue) → protocol (storage) → endpoint + path + rucio path.
Read from pilot3@a090538b:pilot/api/data.py#resolve_surl, #prepare_destinations.
"""

from __future__ import annotations

import hashlib
from typing import Callable
from typing import Collection
from typing import Mapping

from pilotcore.definitions import Protocol
from pilotcore.definitions import Queue
from pilotcore.definitions import Storage
from pilotcore.errors import PilotError

# In order of preference; the names are those of schedconfig and CRIC, old and new.
READ = ("read_lan", "pr", "r", "default")
READ_WAN = ("read_wan",)
WRITE = ("write_lan", "pw", "w", "default")
WRITE_LOG = ("pl", "write_lan", "pw", "w", "default")
WRITE_EVENTS = ("es_events", *WRITE)
WRITE_PROTOCOLS = ("write_lan", "pw", "w", "write_wan", "a")

Storages = Mapping[str, Storage]


def rucio_path(scope: str, lfn: str) -> str:
    """Return where rucio puts *lfn* below the path of a deterministic endpoint."""
    digest = hashlib.md5(f"{scope}:{lfn}".encode()).hexdigest()
    return f"{scope.replace('.', '/')}/{digest[0:2]}/{digest[2:4]}/{lfn}"


def copytools_for(queue: Queue, activities: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the copytools for the first of *activities* that has any."""
    for activity in activities:
        if activity in queue.tools_for:
            return queue.tools_for[activity]
    return tuple(queue.copytools)


def storage_for(
    queue: Queue, storages: Storages, *, wanted: str, activities: tuple[str, ...]
) -> Storage:
    """Return the endpoint to write to: the one *wanted* if the queue may, else the queue's own.

    Raises PilotError (1133) if there is none.
    """
    for activity in activities:
        allowed = queue.storages_for.get(activity, ())
        if wanted in allowed and wanted in storages:
            return storages[wanted]
        for name in allowed:
            if name in storages:
                return storages[name]
    if wanted in storages:
        return storages[wanted]
    raise PilotError(1133, f"{queue.name}, activities {', '.join(activities)}, wanted {wanted!r}")


def alternative_for(
    queue: Queue,
    storages: Storages,
    *,
    wanted: str,
    activities: tuple[str, ...],
    but: Collection[str] = (),
) -> Storage | None:
    """Return the endpoint to write to if that of storage_for() fails, None if there is none.

    The next one of the queue's, from the last to the first again; for a file that is *wanted*
    where the queue has no storage of its own, just there. Never one of *but*. Read from
    pilot3@a090538b:pilot/api/data.py#prepare_destinations.
    """
    allowed = next(
        (queue.storages_for[each] for each in activities if each in queue.storages_for), ()
    )
    first = storage_for(queue, storages, wanted=wanted, activities=activities).name
    at = allowed.index(first) + 1 if first in allowed else 0
    others = [*allowed[at:], *allowed[:at]]
    if wanted and wanted not in allowed:
        others = [wanted]
    known = (storages[name] for name in others if name in storages and name not in (first, *but))
    return next(known, None)


def check_reachable(queue: Queue, storages: Storages) -> None:
    """Raise PilotError (1133, 1313) unless the queue has endpoints to read from and write to.

    Better known before a job is asked for. A queue that copies within the node needs none.
    """
    if {"mv", "cp"} & {*queue.copytools, *copytools_for(queue, READ)}:
        return
    _check(queue, storages, READ, lambda storage: read_protocols(queue, storage))
    _check(queue, storages, WRITE, write_protocols)


def _check(
    queue: Queue,
    storages: Storages,
    activities: tuple[str, ...],
    protocols: Callable[[Storage], tuple[Protocol, ...]],
) -> None:
    names = [name for each in activities for name in queue.storages_for.get(each, ())]
    known = [storages[name] for name in names if name in storages]
    if names and not known:
        raise PilotError(1133, f"{queue.name}: {', '.join(dict.fromkeys(names))} not defined")
    if known and not any(protocols(storage) for storage in known):
        raise PilotError(1313, f"{queue.name}: {', '.join(dict.fromkeys(names))}")


def read_protocols(queue: Queue, storage: Storage) -> tuple[Protocol, ...]:
    """Return the protocols by which this queue may read from *storage*, best first."""
    activities = READ + READ_WAN if queue.allow_wan else READ
    return _protocols(storage, activities)


def write_protocols(storage: Storage) -> tuple[Protocol, ...]:
    """Return the protocols by which to write to *storage*, best first."""
    return _protocols(storage, WRITE_PROTOCOLS)


def _protocols(storage: Storage, activities: tuple[str, ...]) -> tuple[Protocol, ...]:
    rows = [row for name in activities for row in storage.protocols.get(name, ())]
    return tuple(dict.fromkeys(rows))


def scheme_of(endpoint: str) -> str:
    """Return the scheme of a URL's beginning; a plain path has scheme ``file``."""
    scheme, separator, _ = endpoint.partition("://")
    return scheme if separator else "file"


def turl_of(
    storage: Storage,
    protocols: tuple[Protocol, ...],
    *,
    schemes: tuple[str, ...],
    scope: str,
    lfn: str,
) -> str:
    """Return the URL of *lfn* by the first of *protocols* that has one of *schemes*.

    Raises PilotError: 1313 if no protocol has, 1329 if the endpoint has no rule for paths.
    """
    chosen = _chosen(storage, protocols, schemes)
    if storage.deterministic:
        return f"{chosen.endpoint}{_slashed(chosen.path)}{rucio_path(scope, lfn)}"
    if storage.kind.startswith("OS"):
        return f"{chosen.endpoint}{_slashed(chosen.path)}{lfn}"
    raise PilotError(1329, storage.name)


def turl_at(storage: Storage, *, schemes: tuple[str, ...], path: str) -> str:
    """Return the URL for *path*, below that of *storage*, to write to. Raises PilotError (1313)."""
    chosen = _chosen(storage, write_protocols(storage), schemes)
    return f"{chosen.endpoint}{_slashed(chosen.path)}{path}"


def _chosen(
    storage: Storage, protocols: tuple[Protocol, ...], schemes: tuple[str, ...]
) -> Protocol:
    """Return the first of *protocols* that has one of *schemes*. Raises PilotError (1313)."""
    chosen = next((row for row in protocols if scheme_of(row.endpoint) in schemes), None)
    if chosen is None:
        raise PilotError(1313, f"{storage.name} has none of {', '.join(schemes)}")
    return chosen


def _slashed(path: str) -> str:
    return path if path.endswith("/") else f"{path}/"
