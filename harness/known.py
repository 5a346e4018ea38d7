"""What this flightsim knows by name: the vocabulary of scenarios, the lists of ``list``.

Everything is asked of the registry that has it; nothing is written down twice.
"""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import Any
from typing import Callable
from typing import Mapping
from urllib.parse import urlsplit

from fakeserver import ENDPOINTS
from fakeserver import Policy
from fakeserver import State
from fakeserver.jobs import KINDS
from fakesites.issuers import MYPROXY
from fakesites.sitespec import SiteSpec
from fakesites.sitespec import load_site
from fakesites.sitespec import site_names
from fakesites.tools import TOOLS
from harness.checkers import checker_names
from harness.checkers import known_checkers
from harness.faults import check_plan
from harness.faults import known_faults
from harness.faults import known_points
from harness.pilots.launch import SERVER
from harness.vocabulary import OPEN_OVERRIDES
from harness.vocabulary import FaultWords
from harness.vocabulary import Vocabulary
from simkernel import ScenarioError
from simkernel import nearest

SERVER_HOST = urlsplit(SERVER).hostname or ""
CREDENTIAL_FIELDS = ("dn", "lifetime_s", "voms_lifetime_s", "fqans", "mode")
Entries = list[tuple[str, str]]


@cache
def vocabulary() -> Vocabulary:
    """Return every name that a scenario may use."""
    faults: dict[str, list[FaultWords]] = {}
    for kind in known_faults():
        faults.setdefault(kind.name, []).append(FaultWords(kind.on, kind.options))
    overrides = {
        **OPEN_OVERRIDES,
        "server": tuple(each.name for each in fields(Policy)),
        "credential": CREDENTIAL_FIELDS,
    }
    return Vocabulary(
        points=tuple(name for name, _ in _points()),
        faults={name: tuple(words) for name, words in faults.items()},
        sites={site.name: tuple(queue.name for queue in site.queues) for site in _sites()},
        job_kinds=tuple(KINDS),
        checkers=checker_names(),
        states=tuple(str(state.value) for state in State),
        overrides=overrides,
        check_fault=check_plan,
        check_site=_check_site,
    )


def catalogue(kind: str) -> Entries:
    """Return names and descriptions of one *kind*: scenarios, points, faults, checkers or sites."""
    return LISTS[kind]()


def explain(code: str) -> str:
    """Return what a pilot error *code* (a number or a name) means. Raises ScenarioError."""
    from pilotcore.errors import ROWS

    for row in ROWS:
        if code.strip().upper() in (str(row.code), row.name):
            return f"{row.code} {row.name}: {row.text}\nto be acted upon by: {row.owner}"
    names = [row.name for row in ROWS] + [str(row.code) for row in ROWS]
    close = nearest(code.upper(), names)
    remedy = f"did you mean {close[0]}?" if close else "codes are numbers of four digits"
    raise ScenarioError(f"unknown pilot error {code!r}", remedy=remedy)


def _scenarios() -> Entries:
    from harness.discover import discover

    return [(each.name, each.about) for each in discover(vocabulary=vocabulary())]


def _points() -> Entries:
    sites = _sites()
    storages = [storage for site in sites for storage in site.storages]
    points = known_points(
        tools=TOOLS,
        endpoints=[endpoint.name for endpoint in ENDPOINTS],
        hosts=sorted({SERVER_HOST, MYPROXY, *(storage.host for storage in storages)}),
        doors=[storage.name for storage in storages],
    )
    about = {f"server.{endpoint.name}": endpoint.about for endpoint in ENDPOINTS}
    return [(point, about.get(point, "")) for point in points]


def _faults() -> Entries:
    return [(kind.name, _fault_text(kind)) for kind in known_faults()]


def _fault_text(kind: Any) -> str:
    options = f"; options {', '.join(kind.options)}" if kind.options else ""
    return f"{kind.about} (on {', '.join(kind.on)}{options})"


def _checkers() -> Entries:
    return [(each.name, each.about) for each in known_checkers()]


def _site_entries() -> Entries:
    return [(site.name, _site_text(site)) for site in _sites()]


def _site_text(site: SiteSpec) -> str:
    return f"{site.about} (queues {', '.join(queue.name for queue in site.queues)})"


def _check_site(site: str, overrides: Mapping[str, object]) -> None:
    try:
        load_site(site, overrides)
    except (AttributeError, TypeError, KeyError) as error:
        # The catalogue's reader trusts the shape of tables more than that of values.
        raise ScenarioError(f"the catalogue cannot take that: {error}") from error


@cache
def _sites() -> tuple[SiteSpec, ...]:
    return tuple(load_site(name) for name in site_names())


LISTS: Mapping[str, Callable[[], Entries]] = {
    "scenarios": _scenarios,
    "points": _points,
    "faults": _faults,
    "checkers": _checkers,
    "sites": _site_entries,
}
