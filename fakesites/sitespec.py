"""Sites as data: what a catalogue file says of a site, and how a scenario overrides it.

A file of fakesites/catalogue is TOML with the tables node, batch, storage and queue. Every
field can be overridden by a nested dict: tables are merged, storage elements and queues are
found by their names, other lists are replaced. What is wrong is said with the place and the
nearest known names.
"""

from __future__ import annotations

import tomllib
from dataclasses import MISSING
from dataclasses import dataclass
from dataclasses import field
from dataclasses import fields
from importlib import resources
from typing import Any
from typing import Callable
from typing import Mapping

from fakesites.batch import BatchSpec
from fakesites.catalogues import KINDS
from fakesites.cvmfs import package
from fakesites.machine import NodeSpec
from fakesites.storage import Door
from fakesites.storage_rules import Tape
from fakesites.turls import PORTS
from fakesites.units import parse_duration
from fakesites.units import parse_rate
from fakesites.units import parse_size
from simkernel import ScenarioError
from simkernel import nearest

Fields = Mapping[str, Any]
CATALOGUE = "fakesites.catalogue"
COPYTOOLS = (
    *("xrdcp", "lsm", "gfal", "mv", "rucio", "dccp", "objectstore", "s3", "gs"),
    *("globus", "srmcp", "davix"),
)


@dataclass(frozen=True, slots=True)
class StorageSpec:
    """One storage element: sizes in bytes, *bandwidth* in bytes a second.

    *visible_after_s* is how long a new file stays unseen. *owners*, *file_mode*, *quotas* (by
    owner, "*" for everybody) and *tape* are the rules of fakesites.storage_rules. Over
    *report_port* the element tells its space as JSON (0: it does not).
    """

    name: str
    host: str
    root: str
    doors: tuple[Door, ...]
    type: str = "DATADISK"
    token: str = ""
    space: int = 10**15
    used: int = 0
    bandwidth: int = 10**9
    visible_after_s: float = 0.0
    deterministic: bool = True
    software: str = "dcache"
    readonly: bool = False
    owners: bool = False
    file_mode: int = 0o644
    quotas: Fields = field(default_factory=dict)
    tape: Tape | None = None
    report_port: int = 0


@dataclass(frozen=True, slots=True)
class QueueSpec:
    """One PanDA queue; the fields that are not explained are those of schedconfig.

    *cvmfs* are the packages of fakesites.cvmfs that the nodes behind the queue have mounted.
    *storage* is where outputs go, *read_from* the endpoints counted as local; *copytools* are
    tried in order, *copytools_out* for outputs if those are others; *schemas* are the protocols
    asked for; *environ* is set for the pilot by
    the site, with ``{root}`` for the folder of the node that the pilot sees; *processing_type* is
    that of the jobs which the queue is meant for.
    """

    name: str
    storage: str
    resource: str = ""
    status: str = "online"
    state: str = "ACTIVE"
    type: str = "unified"
    resource_type: str = "GRID"
    processing_type: str = ""
    copytools: tuple[str, ...] = ("xrdcp",)
    copytools_out: tuple[str, ...] = ()
    schemas: tuple[str, ...] = ("root",)
    read_from: tuple[str, ...] = ()
    log_to: str = ""
    corecount: int = 1
    maxrss_mb: int = 4000
    maxwdir_mb: int = 20_000
    maxinputsize_mb: int = 14_000
    maxtime_s: float = 345_600.0
    timefloor_min: int = 0
    memkillgrace: int = 100
    catchall: str = ""
    allow_lan: bool = True
    allow_wan: bool = False
    direct_access_lan: bool = False
    direct_access_wan: bool = False
    copy_setup: str = ""
    cvmfs: tuple[str, ...] = ()
    params: Fields = field(default_factory=dict)
    environ: Fields = field(default_factory=dict)
    extra: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SiteSpec:
    """One site; *grid* is what it is in a grid of records (fakesites.grid.spec.GridSite).

    *authorization* is its decision point for gLExec (fields of fakesites.authorization), none if
    it is empty. *catalogue* is what knows its files: rucio, or before it lfc or lrc, which are then
    open besides.
    """

    name: str
    about: str
    vo: str
    cloud: str
    country: str
    domain: str
    tier: int
    node: NodeSpec
    batch: BatchSpec
    storages: tuple[StorageSpec, ...]
    queues: tuple[QueueSpec, ...]
    grid: Fields = field(default_factory=dict)
    authorization: Fields = field(default_factory=dict)
    catalogue: str = "rucio"

    def queue(self, name: str) -> QueueSpec:
        """Return the queue *name*. Raises ScenarioError with the nearest names."""
        found: QueueSpec = named(name, self.queues, kind="queue", where=self.name)
        return found

    def storage(self, name: str) -> StorageSpec:
        """Return the storage element *name*. Raises ScenarioError with the nearest names."""
        found: StorageSpec = named(name, self.storages, kind="storage element", where=self.name)
        return found


def site_names() -> list[str]:
    """Return the names of the sites in the catalogue."""
    files = resources.files(CATALOGUE).iterdir()
    return sorted(each.name[: -len(".toml")] for each in files if each.name.endswith(".toml"))


def load_site(name: str, overrides: Fields | None = None) -> SiteSpec:
    """Return the site *name* of the catalogue, with *overrides* put over it.

    Raises ScenarioError for an unknown site, field, queue or storage element, or a bad value.
    """
    known = site_names()
    if name not in known:
        raise unknown(f"site {name!r}", name, known)
    text = resources.files(CATALOGUE).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    table = merge(tomllib.loads(text), overrides or {}, where=name)
    return site_of(table, where=name)


def unknown(what: str, name: str, known: list[str], *, where: str = "") -> ScenarioError:
    """Return the error for a *name* that is none of the *known* ones."""
    near = nearest(name, known, count=2)
    remedy = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known)}"
    return ScenarioError(f"unknown {what}", where=where, remedy=remedy)


def named(name: str, each: tuple[Any, ...], *, kind: str, where: str) -> Any:
    """Return the one of *each* that is called *name*. Raises ScenarioError."""
    for one in each:
        if one.name == name:
            return one
    raise unknown(f"{kind} {name!r}", name, [one.name for one in each], where=where)


def merge(table: Fields, over: Fields, *, where: str) -> dict[str, Any]:
    """Return *table* with *over* put over it, tables in tables merged."""
    merged = dict(table)
    for key in over:
        old, new, place = merged.get(key), over[key], f"{where}.{key}"
        if key in ("storage", "queue") and isinstance(old, list):
            merged[key] = merge_named(old, new, kind=key, where=place)
        elif isinstance(old, Mapping) and isinstance(new, Mapping):
            merged[key] = merge(old, new, where=place)
        else:
            merged[key] = new
    return merged


def merge_named(old: list[Fields], new: Any, *, kind: str, where: str) -> list[Fields]:
    """Return the list *old* with the entries of *new* put over those of the same name.

    *new* is a list of tables with a name, or a table of tables by name. Raises ScenarioError.
    """
    entries = [{"name": name, **new[name]} for name in new] if isinstance(new, Mapping) else new
    merged = {each["name"]: each for each in old}
    for entry in entries:
        name = entry.get("name")
        if name is None:
            raise ScenarioError(f"a {kind} without a name", where=where)
        whole = entry.get("new", False)
        if name not in merged and not whole:
            error = unknown(f"{kind} {name!r}", name, list(merged), where=where)
            error.remedy += "; a new one says new = true"
            raise error
        bare = {key: value for key, value in entry.items() if key != "new"}
        merged[name] = merge(merged.get(name, {}), bare, where=f"{where}.{name}")
    return list(merged.values())


Convert = Callable[[Any], Any]


def build(kind: type[Any], table: Fields, *, where: str, convert: Mapping[str, Convert]) -> Any:
    """Return a *kind* (a dataclass) from *table*. Raises ScenarioError for a field or a value."""
    known = [each.name for each in fields(kind)]
    for key in table:
        if key not in known:
            raise unknown(f"field {key!r}", key, known, where=where)
    values: dict[str, Any] = {}
    for each in fields(kind):
        if each.name in table:
            values[each.name] = _value(each, table[each.name], where=where, convert=convert)
        elif each.default is MISSING and each.default_factory is MISSING:
            raise ScenarioError(f"field {each.name!r} is missing", where=where)
    return kind(**values)


PLAIN: Mapping[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (float, int),
    "bool": (bool,),
    "Fields": (Mapping,),
}


def _value(each: Any, value: Any, *, where: str, convert: Mapping[str, Convert]) -> Any:
    place = f"{where}.{each.name}"
    if each.name in convert:
        try:
            return convert[each.name](value)
        except ScenarioError:
            raise
        except (ValueError, TypeError, AttributeError) as error:
            raise ScenarioError(str(error), where=place) from error
    if each.type == "tuple[str, ...]" and isinstance(value, list):
        return tuple(str(one) for one in value)
    allowed = PLAIN.get(each.type, ())
    # In Python True is an int; in a catalogue it is a mistake.
    if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
        raise ScenarioError(f"{value!r} is no {each.type}", where=place)
    return value


def site_of(table: Fields, *, where: str) -> SiteSpec:
    """Return the site that *table* describes. Raises ScenarioError."""
    site: SiteSpec = build(
        SiteSpec,
        {_plural(key): value for key, value in table.items()},
        where=where,
        convert={
            "node": lambda value: build(NodeSpec, value, where=f"{where}.node", convert={}),
            "batch": lambda value: batch_of(value, where=f"{where}.batch"),
            "storages": lambda value: tuple(
                storage_of(each, where=f"{where}.storage.{each.get('name')}") for each in value
            ),
            "queues": lambda value: tuple(
                queue_of(each, where=f"{where}.queue.{each.get('name')}") for each in value
            ),
        },
    )
    if site.catalogue not in KINDS:
        raise unknown(f"catalogue {site.catalogue!r}", site.catalogue, list(KINDS), where=where)
    for queue in site.queues:
        check_queue(site, queue)
    return site


def _plural(key: str) -> str:
    return {"storage": "storages", "queue": "queues"}.get(key, key)


def batch_of(table: Fields, *, where: str) -> BatchSpec:
    """Return the batch system that *table* describes; its times may carry units."""
    renamed = {
        {"start_delay": "start_delay_s", "walltime": "walltime_s", "grace": "grace_s"}.get(
            key, key
        ): value
        for key, value in table.items()
    }
    times = dict.fromkeys(("start_delay_s", "walltime_s", "grace_s"), parse_duration)
    batch: BatchSpec = build(BatchSpec, renamed, where=where, convert=times)
    return batch


def storage_of(table: Fields, *, where: str) -> StorageSpec:
    """Return the storage element that *table* describes."""
    storage: StorageSpec = build(
        StorageSpec,
        table,
        where=where,
        convert={
            "doors": lambda value: tuple(door_of(each, where=f"{where}.doors") for each in value),
            "space": parse_size,
            "used": parse_size,
            "bandwidth": parse_rate,
            "visible_after_s": parse_duration,
            "quotas": lambda value: {owner: parse_size(value[owner]) for owner in value},
            "tape": lambda value: tape_of(value, where=f"{where}.tape"),
        },
    )
    return storage


def tape_of(table: Fields, *, where: str) -> Tape:
    """Return the tape that *table* describes; its times may carry units."""
    times = dict.fromkeys(("stage_s", "pin_s"), parse_duration)
    renamed = {{"stage": "stage_s", "pin": "pin_s"}.get(key, key): table[key] for key in table}
    tape: Tape = build(Tape, renamed, where=where, convert=times)
    return tape


def door_of(table: Fields, *, where: str) -> Door:
    """Return the door that *table* describes; a port may be left to the protocol."""
    protocol = table.get("protocol", "")
    if protocol not in PORTS:
        raise unknown(f"protocol {protocol!r}", protocol, list(PORTS), where=where)
    whole = {
        "port": PORTS[protocol],
        "prefix": "/srm/managerv2?SFN=" if protocol == "srm" else "",
        "credential": protocol not in ("dcap", "file", "s3", "gs"),
        **table,
    }
    door: Door = build(Door, whole, where=where, convert={})
    return door


def queue_of(table: Fields, *, where: str) -> QueueSpec:
    """Return the queue that *table* describes."""
    queue: QueueSpec = build(QueueSpec, table, where=where, convert={"maxtime_s": parse_duration})
    return queue


def check_queue(site: SiteSpec, queue: QueueSpec) -> None:
    """Raise ScenarioError if *queue* names an endpoint or a copytool that there is not."""
    where = f"{site.name}.queue.{queue.name}"
    for name in (queue.storage, *queue.read_from, *filter(None, [queue.log_to])):
        named(name, site.storages, kind="storage element", where=where)
    for name in queue.cvmfs:
        package(name)
    for name in (*queue.copytools, *queue.copytools_out):
        if name not in COPYTOOLS:
            raise unknown(f"copytool {name!r}", name, list(COPYTOOLS), where=where)
