"""From a file to the URL by which a copytool reaches it.

activity → copytools and storage (queue) → protocol (storage) → endpoint + path + rucio path.
Read from pilot3@a090538b:pilot/api/data.py#resolve_surl, #prepare_destinations.
"""

from __future__ import annotations

import hashlib
from typing import Mapping

from pilotcore.errors import PilotError
from pilotcore.information import Protocol
from pilotcore.information import Queue
from pilotcore.information import Storage

# In order of preference; the names are those of schedconfig and CRIC, old and new.
READ = ("read_lan", "pr", "r", "default")
READ_WAN = ("read_wan",)
WRITE = ("write_lan", "pw", "w", "default")
WRITE_LOG = ("pl", "write_lan", "pw", "w", "default")
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
    chosen = next((row for row in protocols if scheme_of(row.endpoint) in schemes), None)
    if chosen is None:
        raise PilotError(1313, f"{storage.name} has none of {', '.join(schemes)}")
    if storage.deterministic:
        return f"{chosen.endpoint}{_slashed(chosen.path)}{rucio_path(scope, lfn)}"
    if storage.kind.startswith("OS"):
        return f"{chosen.endpoint}{_slashed(chosen.path)}{lfn}"
    raise PilotError(1329, storage.name)


def _slashed(path: str) -> str:
    return path if path.endswith("/") else f"{path}/"
