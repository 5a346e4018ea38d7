"""A grid as data: its sites, what they do to pilots, what goes wrong, what it has to do.

A site of the catalogue says in its table ``grid`` what it is in a grid of records; a grid file
(TOML) names sites, overrides any of their fields, and has the workload, the links between sites
and the incidents. What is wrong is said with its place and the nearest known names.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from pathlib import Path
from typing import Any
from typing import Mapping

from fakesites.grid.systems import SYSTEMS
from fakesites.grid.workload import WorkloadSpec
from fakesites.sitespec import Fields
from fakesites.sitespec import SiteSpec
from fakesites.sitespec import build
from fakesites.sitespec import load_site
from fakesites.sitespec import unknown
from fakesites.units import parse_duration
from fakesites.units import parse_rate
from fakesites.units import parse_size
from simkernel import ScenarioError

DEFAULT_SITES = (
    "BNL", "UC", "LBNL", "CALTECH", "FNAL", "AGLT2", "MWT2", "UC_ITB", "NERSC", "GOOGLE",
)  # fmt: skip
FACTORIES = ("cron", "pull", "push")
POLICIES = ("data", "load", "trace")
INCIDENTS = ("storage", "uplink", "downlink", "slots")


@dataclass(frozen=True, slots=True)
class Rates:
    """How often things go wrong at a site.

    A chance for each job: *stage_in*, *payload*, *stage_out*. For each pilot: *hold* (and then
    *removed* instead of released), *silent* (it dies without a word), *output_lost* (its logs do
    not come back), *twice* (it is started again after its end). A day: *preempt* for each pilot
    that runs, *host_down* for each host.
    """

    stage_in: float = 0.0
    payload: float = 0.0
    stage_out: float = 0.0
    hold: float = 0.0
    removed: float = 0.5
    silent: float = 0.0
    output_lost: float = 0.0
    twice: float = 0.0
    preempt: float = 0.0
    host_down: float = 0.0


@dataclass(frozen=True, slots=True)
class Tag:
    """One line of the crontab, as pilotController had them: pilots called *tag*, *each* a turn."""

    name: str
    each: int = 100
    priority: int = 0
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class GridSite:
    """One site: rates in bytes a second, times in seconds.

    *power* is how fast its cores are; *stream* what one transfer can have; *storage* what all
    have together, *movers* how many of them there are (0: no limit). *queues* are its PanDA queues,
    by which a trace may name it. *factory* is cron (pilots
    whether there is work or not), pull (as many as there is work for) or push (each with its
    job). *idle_most* pilots wait at a time, and past *collapse* the batch system slows down.
    """

    name: str
    system: str = "htcondor-ce"
    hosts: int = 10
    cores: int = 8
    power: float = 1.0
    pilot_cores: int = 1
    factory: str = "pull"
    interval_s: float = 300.0
    idle_most: int = 500
    collapse: int = 10_000
    each: int = 200
    tags: tuple[Tag, ...] = (Tag("prod"),)
    start_delay_s: float = 30.0
    walltime_s: float = 96 * 3600.0
    startup_s: float = 45.0
    asks: int = 3
    ask_every_s: float = 60.0
    timefloor_s: float = 0.0
    suspend_s: float = 3600.0
    hold_s: float = 4 * 3600.0
    repair_s: float = 4 * 3600.0
    storage: float = 5e9
    movers: int = 0
    stream: float = 125e6
    uplink: float = 12.5e9
    downlink: float = 12.5e9
    queues: tuple[str, ...] = ()
    rates: Rates = field(default_factory=Rates)

    @property
    def slots(self) -> int:
        """How many cores there are."""
        return self.hosts * self.cores


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that changes under way: *what* of *site* has but *factor* of itself for a while."""

    site: str
    what: str
    at_s: float
    lasting_s: float
    factor: float = 0.0


@dataclass(frozen=True, slots=True)
class GridSpec:
    """A whole grid; *links* are paths of their own between two sites, in bytes a second.

    A job is tried *attempts* times, and is given up when nothing was heard of it for *lost_s*. A
    run with a *duration_s* of 0 ends when all jobs are done.
    """

    sites: tuple[GridSite, ...]
    workload: WorkloadSpec = field(default_factory=WorkloadSpec)
    name: str = "grid"
    about: str = ""
    seed: int = 1
    duration_s: float = 86400.0
    policy: str = "data"
    attempts: int = 3
    lost_s: float = 2 * 3600.0
    links: Mapping[str, float] = field(default_factory=dict)
    incidents: tuple[Incident, ...] = ()

    @property
    def slots(self) -> int:
        """How many cores there are in all."""
        return sum(site.slots for site in self.sites)


SECONDS = (
    "interval", "start_delay", "walltime", "startup", "ask_every", "timefloor", "suspend", "hold",
    "repair", "duration", "lost", "at", "lasting", "payload", "over",
)  # fmt: skip


def timed(table: Fields) -> dict[str, Any]:
    """Return *table* with the names of times as the records have them: ``walltime_s``."""
    return {f"{key}_s" if key in SECONDS else key: value for key, value in table.items()}


def made(kind: type[Any], table: Fields, *, where: str, **convert: Any) -> Any:
    """Return a *kind* from *table*, with times and rates in units. Raises ScenarioError."""
    table = timed(table)
    rules: dict[str, Any] = {key: parse_duration for key in table if key.endswith("_s")}
    rules |= dict.fromkeys(("storage", "stream", "uplink", "downlink"), parse_rate)
    return build(kind, table, where=where, convert={**rules, **convert})


def site_of(spec: SiteSpec) -> GridSite:
    """Return what the site *spec* is in a grid. Raises ScenarioError."""
    where = f"{spec.name}.grid"
    known = {
        "name": spec.name,
        "cores": spec.node.cores,
        "start_delay_s": spec.batch.start_delay_s,
        "walltime_s": spec.batch.walltime_s,
        "storage": sum(each.bandwidth for each in spec.storages),
        "queues": [queue.name for queue in spec.queues],
    }
    site: GridSite = made(
        GridSite,
        {**known, **timed(spec.grid)},
        where=where,
        rates=lambda value: build(Rates, value, where=f"{where}.rates", convert={}),
        tags=lambda value: tuple(
            build(Tag, each, where=f"{where}.tags", convert={}) for each in value
        ),
    )
    return checked_site(site, where=where)


def checked_site(site: GridSite, *, where: str) -> GridSite:
    """Return *site* if it can work. Raises ScenarioError."""
    if site.system not in SYSTEMS:
        raise unknown(f"system {site.system!r}", site.system, list(SYSTEMS), where=where)
    if site.factory not in FACTORIES:
        raise unknown(f"factory {site.factory!r}", site.factory, list(FACTORIES), where=where)
    for name in ("hosts", "cores", "pilot_cores", "power", "storage", "stream", "interval_s"):
        if getattr(site, name) <= 0:
            raise ScenarioError(f"{name} = {getattr(site, name)}: nothing would run", where=where)
    if site.pilot_cores > site.cores:
        remedy = f"at most {site.cores}, the cores of a host"
        raise ScenarioError(f"pilot_cores = {site.pilot_cores}", where=where, remedy=remedy)
    return site


def default_grid(names: tuple[str, ...] = DEFAULT_SITES) -> GridSpec:
    """Return a grid of the sites *names* of the catalogue. Raises ScenarioError."""
    return GridSpec(tuple(site_of(load_site(name)) for name in names), name="us")


def load_grid(path: Path) -> GridSpec:
    """Return the grid of the file at *path*. Raises ScenarioError."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(str(error), where=str(path)) from error
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"no TOML: {error}", where=str(path)) from error
    return grid_of(table, where=path.name, folder=path.parent)


def grid_of(table: Fields, *, where: str, folder: Path = Path()) -> GridSpec:
    """Return the grid that *table* describes; a trace is looked for in *folder*."""
    sites = tuple(_site(each, where=where) for each in table.get("site", [])) or None
    rest = {
        {"incident": "incidents"}.get(key, key): value
        for key, value in table.items()
        if key != "site"
    }
    spec: GridSpec = made(
        GridSpec,
        {"sites": [], **rest},
        where=where,
        sites=lambda _value: sites or default_grid().sites,
        workload=lambda value: _workload(value, where=f"{where}.workload", folder=folder),
        links=lambda value: {pair: float(parse_rate(rate)) for pair, rate in value.items()},
        incidents=lambda value: tuple(
            made(Incident, each, where=f"{where}.incident") for each in value
        ),
    )
    return checked(spec, where=where)


def _site(table: Fields, *, where: str) -> GridSite:
    known = {**table}
    name = known.pop("name", None)
    if not isinstance(name, str):
        raise ScenarioError("a site without a name", where=f"{where}.site")
    catalogue = known.pop("like", name)
    return replace(site_of(load_site(catalogue, known or None)), name=name)


def _workload(table: Fields, *, where: str, folder: Path) -> WorkloadSpec:
    sizes = {"input": parse_size, "output": parse_size}
    spec: WorkloadSpec = made(WorkloadSpec, table, where=where, **sizes)
    return replace(spec, trace=str(folder / spec.trace)) if spec.trace else spec


def checked(spec: GridSpec, *, where: str) -> GridSpec:
    """Return *spec* if what it names is there. Raises ScenarioError."""
    names = [site.name for site in spec.sites]
    if len(set(names)) < len(names):
        raise ScenarioError("two sites of one name", where=where)
    if spec.policy not in POLICIES:
        raise unknown(f"policy {spec.policy!r}", spec.policy, list(POLICIES), where=where)
    for pair in spec.links:
        for name in pair.split(":"):
            if name not in names or pair.count(":") != 1:
                raise unknown(f"site {name!r}", name, names, where=f"{where}.links")
    for incident in spec.incidents:
        if incident.site not in names:
            error = unknown(f"site {incident.site!r}", incident.site, names, where=where)
            raise error
        if incident.what not in INCIDENTS:
            what = incident.what
            raise unknown(f"incident {what!r}", what, list(INCIDENTS), where=where)
    return spec
