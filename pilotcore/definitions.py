"""Definitions of queues and storage endpoints, as people write them.

Values come with extra quotes, newlines, as null or of a wrong type. What can be read is read;
what the pilot cannot do without is refused before a job is asked for, so that a misdefined queue
does not fail one job after the other.
Read from pilot3@a090538b:pilot/info/queuedata.py, storagedata.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Mapping

from pilotcore.errors import PilotError

MB = 1_000_000
EVENT_GAP_S = 600.0
"""Between two stores of what was made of events, unless the queue says otherwise."""


@dataclass(frozen=True)
class Protocol:
    """One way to reach an endpoint: ``endpoint + path`` is the beginning of every turl."""

    endpoint: str
    path: str


@dataclass(frozen=True)
class Storage:
    """One storage endpoint (RSE); *number* is its id in the information system."""

    name: str
    deterministic: bool = True
    kind: str = ""
    number: int = 0
    protocols: Mapping[str, tuple[Protocol, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Queue:
    """What the pilot reads of a queue's definition; sizes in bytes, times in seconds.

    *alternative*: outputs may go to another storage; None leaves it to the job. *raw* is what all
    of it was read from.
    """

    name: str
    resource: str
    state: str = ""
    status: str = ""
    copytools: Mapping[str, str] = field(default_factory=dict)
    tools_for: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    storages_for: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    allow_wan: bool = False
    cores: int = 1
    memory_max: int = 0
    workdir_max: int = 0
    input_max: int = 0
    lifetime_s: float = 0.0
    timefloor_s: float = 0.0
    kind: str = ""
    event_gap_s: float = EVENT_GAP_S
    catchall: Mapping[str, str] = field(default_factory=dict)
    alternative: bool | None = None
    setup: str = ""
    glexec: bool = False
    pcache: bool = False
    containers: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, object] = field(default_factory=dict, compare=False, repr=False)


def clean(value: object) -> str:
    """Return *value* as text without the quotes and white space that people leave around it."""
    text = "" if value is None else str(value).strip().strip("\"'").strip()
    return "" if text in ("None", "NULL", "null") else text


def number(value: object, default: float = 0.0) -> float:
    """Return *value* as a number, or *default* if it is none."""
    try:
        return float(clean(value))
    except ValueError:
        return default


def names(value: object) -> tuple[str, ...]:
    """Return the names in *value*: a list, a comma-separated text, or the keys of a dict."""
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, (list, tuple, dict)):
        return ()
    return tuple(name for name in map(clean, value) if name)


def by_activity(value: object) -> dict[str, tuple[str, ...]]:
    """Return activity -> names; an entry that cannot be read is left out."""
    if not isinstance(value, dict):
        return {}
    rows = {clean(activity): names(each) for activity, each in value.items()}
    return {activity: row for activity, row in rows.items() if row}


def tools(value: object) -> dict[str, str]:
    """Return copytool -> path of its setup script (may be empty)."""
    if not isinstance(value, dict):
        return {name.partition("^")[0]: "" for name in names(value)}
    return {
        clean(name): clean(row.get("setup")).partition("^")[0] if isinstance(row, dict) else ""
        for name, row in value.items()
        if clean(name)
    }


def settings(value: object) -> dict[str, str]:
    """Return name -> value of a catchall: ``flag,name=value,…``; what it has none for is ""."""
    words = (word.partition("=") for word in clean(value).split(","))
    return {clean(name): clean(rest) for name, _, rest in words if clean(name)}


def container_types(value: object) -> dict[str, str]:
    """Return user -> program of ``apptainer:pilot;docker:wrapper``; a word without user is none."""
    words = (word.partition(":") for word in clean(value).split(";"))
    return {clean(user): clean(name) for name, _, user in words if clean(user)}


def truth(value: object) -> bool:
    """Return *value* as a Boolean, whether it is one or the text of one."""
    return clean(value).lower() in ("true", "1", "yes")


def _alternative(params: object) -> bool | None:
    """Return whether outputs may go to another storage; None if the queue leaves it to the job."""
    value = params.get("allow_altstageout") if isinstance(params, dict) else None
    return None if value is None else truth(value)


def parse_queue(raw: object, name: str) -> Queue:
    """Return the queue defined by *raw*. Raises PilotError (1117) if it cannot be worked with."""
    if not isinstance(raw, dict) or not raw:
        raise PilotError(1117, f"the definition of {name} is no table but {raw!r:.60}")
    queue = Queue(
        name=name,
        resource=clean(raw.get("panda_resource")) or name,
        state=clean(raw.get("state")).upper(),
        status=clean(raw.get("status")).lower(),
        copytools=tools(raw.get("copytools")),
        tools_for=by_activity(raw.get("acopytools")),
        storages_for=by_activity(raw.get("astorages")),
        allow_wan=truth(raw.get("allow_wan")),
        cores=int(max(1.0, number(raw.get("corecount"), 1.0))),
        memory_max=int(max(0.0, number(raw.get("maxrss"))) * MB),
        workdir_max=int(max(0.0, number(raw.get("maxwdir"))) * MB),
        input_max=int(max(0.0, number(raw.get("maxinputsize"))) * MB),
        lifetime_s=max(0.0, number(raw.get("maxtime"))),
        timefloor_s=max(0.0, number(raw.get("timefloor"))) * 60.0,
        kind=clean(raw.get("type")).lower(),
        event_gap_s=number(raw.get("zip_time_gap")) or EVENT_GAP_S,
        catchall=settings(raw.get("catchall")),
        alternative=_alternative(raw.get("params")),
        setup=clean(raw.get("envsetup")),
        glexec=truth(raw.get("glexec")),
        pcache=truth(raw.get("use_pcache")),
        containers=container_types(raw.get("container_type")),
        raw=raw,
    )
    if not queue.copytools and not queue.tools_for:
        raise PilotError(1117, f"{name} has no copytools: {raw.get('copytools')!r:.60}")
    return queue


def check_queue(queue: Queue) -> None:
    """Raise PilotError (1359, 1386) unless *queue* takes jobs."""
    if queue.state != "ACTIVE":
        raise PilotError(1359, f"state of {queue.name} is {queue.state or 'not given'}")
    if queue.status in ("", "none", "offline"):
        raise PilotError(1386, f"status of {queue.name} is {queue.status or 'not given'}")


def parse_protocols(value: object) -> tuple[Protocol, ...]:
    """Return the protocols of one activity; entries without an endpoint are left out."""
    rows = value if isinstance(value, list) else []
    return tuple(
        Protocol(clean(row.get("endpoint")), clean(row.get("path")))
        for row in rows
        if isinstance(row, dict) and clean(row.get("endpoint"))
    )


def parse_storages(raw: object) -> dict[str, Storage]:
    """Return the endpoints defined by *raw*, by name; those that cannot be read are left out."""
    if not isinstance(raw, dict):
        raise PilotError(1116, f"the storage definitions are no table but {raw!r:.60}")
    found = {}
    for name, row in raw.items():
        if isinstance(row, dict):
            found[clean(name)] = _storage(clean(name), row)
    return found


def _storage(name: str, row: Mapping[str, object]) -> Storage:
    activities = row.get("arprotocols")
    return Storage(
        name=name,
        deterministic=clean(row.get("is_deterministic", True)).lower() not in ("false", "0"),
        kind=clean(row.get("type")),
        number=int(number(row.get("id"))),
        protocols={
            clean(activity): parse_protocols(each)
            for activity, each in (activities.items() if isinstance(activities, dict) else ())
        },
    )
