"""Every name in a document that nobody knows, each with the nearest one that somebody does.

Works on the decoded tables, not on the model: a file whose shape is wrong in one place still
has its names checked in all the others. What has the wrong type is skipped here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from typing import Iterable
from typing import Iterator
from typing import Mapping

from pydantic import ValidationError

from harness.scenario import SITE_SECTIONS
from harness.scenario import FaultPlan
from harness.scenario_text._build import fault_plan
from harness.scenario_text._flaws import Flaw
from harness.scenario_text._flaws import proposal
from harness.scenario_text._flaws import unknown
from harness.scenario_text._lines import KeyPath
from harness.scenario_text._model import FAMILIES
from harness.scenario_text._model import FaultTable
from harness.scenario_text._model import TriggerTable
from harness.scenario_text._units import override_flaw
from harness.scenario_text._units import written_names
from harness.vocabulary import FaultWords
from harness.vocabulary import Vocabulary
from simkernel import ScenarioError

Tables = Mapping[str, Any]
NOT_OPTIONS = ("on", "do", "at")
CONDITIONS = tuple(TriggerTable.model_fields)
MISPLACED = "it belongs into at = { … }"


def word_flaws(tables: Tables, vocabulary: Vocabulary) -> Iterator[Flaw]:
    """Yield a flaw for each unknown name in *tables*, and for each value a name does not allow."""
    for wrong in _names(tables, "rows", vocabulary.rows):
        yield Flaw(("rows",), f"unknown row {wrong!r}", proposal(wrong, vocabulary.rows))
    yield from _world(_table(tables, "world"), vocabulary)
    for path, job in _rows(tables, "job"):
        yield from _one_of(job, "kind", path, vocabulary.job_kinds, "unknown kind of job {}")
    for path, fault in _rows(tables, "fault"):
        yield from _fault(fault, path, vocabulary)
    expect = _table(tables, "expect")
    yield from _claims(expect, ("expect",), vocabulary)
    for family in FAMILIES:
        yield from _claims(_table(expect, family), ("expect", family), vocabulary)


def _world(world: Tables, vocabulary: Vocabulary) -> Iterator[Flaw]:
    yield from _one_of(world, "site", ("world",), vocabulary.sites, "unknown site {}")
    site = _text(world, "site")
    if site is not None and site in vocabulary.sites:
        queues = vocabulary.sites[site]
        yield from _one_of(world, "queue", ("world",), queues, f"unknown queue {{}} of {site}")
        yield from _site_overrides(site, world, vocabulary)
    for section, known in vocabulary.overrides.items():
        names = written_names(known or ())
        for key, value in _table(world, section).items() if known is not None else ():
            path = ("world", section, key)
            if key not in names:
                yield unknown(path, f"unknown key {{}} in [world.{section}]", names)
            else:
                yield from override_flaw(path, names[key], value)


def _site_overrides(site: str, world: Tables, vocabulary: Vocabulary) -> Iterator[Flaw]:
    """Yield what the catalogue says of each override by itself, so that each has its line."""
    if vocabulary.check_site is None:
        return
    for section in SITE_SECTIONS:
        for key, value in _table(world, section).items():
            try:
                vocabulary.check_site(site, {section: {key: value}})
            except ScenarioError as error:
                yield Flaw(("world", section, key), error.what, error.remedy)


def _fault(fault: Tables, path: KeyPath, vocabulary: Vocabulary) -> Iterator[Flaw]:
    """Yield the flaws of one fault, from the most general name (its point) to the values."""
    point, kind = _text(fault, "on") or "", _text(fault, "do") or ""
    yield from _phase(fault, path, vocabulary)
    if point and not vocabulary.has_point(point):
        yield unknown((*path, "on"), "unknown point {}", vocabulary.points, name=point)
        point = ""
    if kind and kind not in vocabulary.faults:
        on = f" on {point!r}" if point else ""
        known = _fitting(point, vocabulary)
        yield unknown((*path, "do"), f"unknown fault {{}}{on}", known, name=kind)
    elif kind and point:
        words = [each for each in vocabulary.faults[kind] if each.fits(point)]
        yield from _fitted(fault, path, words, vocabulary)


def _phase(fault: Tables, path: KeyPath, vocabulary: Vocabulary) -> Iterator[Flaw]:
    at = _table(fault, "at")
    yield from _one_of(at, "phase", (*path, "at"), vocabulary.phases, "unknown phase {}")


def _fitting(point: str, vocabulary: Vocabulary) -> list[str]:
    """Return the kinds of fault that fit *point*, or every kind if none does."""
    kinds = vocabulary.faults.items()
    fitting = [name for name, words in kinds if point and any(w.fits(point) for w in words)]
    return fitting or list(vocabulary.faults)


def _fitted(
    fault: Tables, path: KeyPath, words: list[FaultWords], vocabulary: Vocabulary
) -> Iterator[Flaw]:
    point, kind = str(fault["on"]), str(fault["do"])
    if not words:
        places = sorted({place for each in vocabulary.faults[kind] for place in each.on})
        remedy = f"it stands on {', '.join(places)}"
        yield Flaw((*path, "do"), f"fault {kind!r} does not fit {point!r}", remedy)
        return
    options = [key for key in fault if key not in NOT_OPTIONS]
    if words[0].options is not None:
        strange = [key for key in options if key not in words[0].options]
        for key in strange:
            flaw = unknown((*path, key), f"unknown option {{}} of fault {kind!r}", words[0].options)
            yield replace(flaw, remedy=MISPLACED) if key in CONDITIONS else flaw
        options = [key for key in options if key not in strange]
    yield from _values(fault, path, options, vocabulary)


def _values(
    fault: Tables, path: KeyPath, options: list[str], vocabulary: Vocabulary
) -> Iterator[Flaw]:
    """Yield what the fault's own check says, of the trigger and of each option by itself."""
    head = {"on": fault["on"], "do": fault["do"]}
    when = {"at": fault["at"]} if "at" in fault else {}
    given = {key: fault[key] for key in options}
    # By itself an option may make no sense, and no options at all need not either.
    if not any(_refused({**head, **when, **given}, path, vocabulary)):
        return
    yield from _refused({**head, **when}, (*path, "at") if when else path, vocabulary)
    # A trigger that suits every kind, so that only the option can be what is refused.
    calm = {"at": {"phase": vocabulary.phases[0]}}
    for key in options:
        yield from _refused({**head, **calm, key: fault[key]}, (*path, key), vocabulary)


def _refused(fault: Tables, path: KeyPath, vocabulary: Vocabulary) -> Iterator[Flaw]:
    plan = _plan(fault)
    if plan is None or vocabulary.check_fault is None:
        return
    try:
        vocabulary.check_fault(plan)
    except ScenarioError as error:
        yield Flaw(path, error.what, error.remedy)


def _plan(fault: Tables) -> FaultPlan | None:
    try:
        return fault_plan(FaultTable.model_validate(fault), where="")
    except ValidationError:
        return None  # its shape is wrong, which is reported with the other flaws of shape


def _claims(claims: Tables, path: KeyPath, vocabulary: Vocabulary) -> Iterator[Flaw]:
    states = vocabulary.states
    job = (*path, "job", "state")
    for wrong in _names(_table(claims, "job"), "state", states):
        yield Flaw(job, f"unknown job state {wrong!r}", proposal(wrong, states))
    for state in _table(claims, "jobs"):
        if state not in states:
            yield unknown((*path, "jobs", state), "unknown job state {}", states)
    for field in ("violations", "tolerated"):
        for wrong in _names(claims, field, vocabulary.checkers):
            remedy = proposal(wrong, vocabulary.checkers)
            yield Flaw((*path, field), f"unknown checker {wrong!r}", remedy)


def _one_of(
    table: Tables, key: str, path: KeyPath, known: Iterable[str], what: str
) -> Iterator[Flaw]:
    value = _text(table, key)
    if value is not None and value not in known:
        yield unknown((*path, key), what, known, name=value)


def _names(table: Tables, key: str, known: Iterable[str]) -> list[str]:
    """Return the names under *key* (one or a list) that are not *known*."""
    value = table.get(key)
    given = value if isinstance(value, list) else [value]
    return [name for name in given if isinstance(name, str) and name not in known]


def _text(table: Tables, key: str) -> str | None:
    value = table.get(key)
    return value if isinstance(value, str) else None


def _table(tables: Tables, key: str) -> Tables:
    value = tables.get(key)
    return value if isinstance(value, dict) else {}


def _rows(tables: Tables, key: str) -> Iterator[tuple[KeyPath, Tables]]:
    rows = tables.get(key)
    for index, row in enumerate(rows if isinstance(rows, list) else []):
        if isinstance(row, dict):
            yield (key, index), row
