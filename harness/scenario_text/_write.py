"""From the values that the harness uses back to a file: the inverse of ``_build``.

A program that draws a scenario keeps it this way. Comments, variants and what each family of
pilots may do are for people to write.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from datetime import timezone
from fractions import Fraction
from typing import Any
from typing import Mapping

import tomli_w

from harness.scenario import Expectation
from harness.scenario import FaultPlan
from harness.scenario import File
from harness.scenario import Job
from harness.scenario import Payload
from harness.scenario import Pilot
from harness.scenario import Scenario
from harness.scenario import World
from harness.triggers import Trigger

SCHEMA_LINE = "#:schema scenario.schema.json\n\n"
# Their values have units in a file, and the fields that they are meant for an ending.
WITH_UNITS = ("credential", "server")


def scenario_toml(scenario: Scenario) -> str:
    """Return *scenario* as the text of a file, without what other families may do."""
    tables: dict[str, Any] = {
        "name": scenario.name.replace("[", "-").replace("]", ""),
        "about": scenario.about,
        "from": scenario.origin,
        "tags": list(scenario.tags),
        "rows": list(scenario.rows),
        "seed": scenario.seed,
        "world": _world(scenario.world),
        "job": [_job(each) for each in scenario.jobs],
        "pilot": [_pilot(each) for each in scenario.pilots],
        "fault": [_fault(each) for each in scenario.faults],
        "expect": _expectation(scenario.expect),
    }
    told = {key: value for key, value in tables.items() if value not in ("", [], {})}
    return SCHEMA_LINE + tomli_w.dumps({"about": "", **told}, multiline_strings=False)


def _world(world: World) -> dict[str, Any]:
    overrides = {
        section: {_written(section, key): _valued(section, key, each) for key, each in row.items()}
        for section, row in world.overrides.items()
        if row
    }
    start = datetime.fromtimestamp(world.start, tz=timezone.utc)
    return {"site": world.site, "queue": world.queue, "start": start, **overrides}


def _written(section: str, key: str) -> str:
    return key.removesuffix("_s").removesuffix("_bytes") if section in WITH_UNITS else key


def _valued(section: str, key: str, value: object) -> object:
    if section in WITH_UNITS and isinstance(value, (int, float)):
        if key.endswith("_s"):
            return _duration(value)
        if key.endswith("_bytes"):
            return f"{value} B"
    return value


def _job(job: Job) -> dict[str, Any]:
    plain = {"kind": job.kind, "label": job.label, "processingType": job.processing_type}
    told: dict[str, Any] = {
        **{key: value for key, value in plain.items() if value},
        "log": job.log,
        "inputs": _files(job.inputs),
        "payload": _payload(job.payload),
    }
    more = {"clone": job.clone, "record": dict(job.record)}
    told |= {key: value for key, value in more.items() if value}
    return told if job.count == 1 else {**told, "count": job.count}


def _files(given: tuple[File, ...]) -> list[dict[str, Any]]:
    """Return each file, those alike that follow each other as one."""
    rows: list[dict[str, Any]] = []
    for each in given:
        row = {"size": f"{each.size_bytes} B"}
        row |= {"lfn": each.lfn} if each.lfn else {}
        row |= {"missing": True} if each.missing else {}  # type: ignore[dict-item]
        alike = rows and {key: rows[-1][key] for key in rows[-1] if key != "count"} == row
        if alike:
            rows[-1]["count"] = rows[-1].get("count", 1) + 1
        else:
            rows.append(dict(row))
    return rows


def _payload(payload: Payload) -> dict[str, Any]:
    told: dict[str, Any] = {
        "walltime": _duration(payload.walltime_s),
        "cpu": payload.cpu,
        "cores": payload.cores,
        "rss": f"{payload.rss_bytes} B",
        "exit": payload.exit_code,
        "signal": payload.signal,
        "touch": _duration(payload.touch_s),
        "stdout": list(payload.stdout),
        "stderr": list(payload.stderr),
        "outputs": _files(payload.outputs),
        "orphans": payload.orphans,
    }
    if payload.hang_at_s is not None:
        told["hang"] = _duration(payload.hang_at_s)
    return {key: value for key, value in told.items() if value not in (0, [])} | {
        "cpu": payload.cpu
    }


def _pilot(pilot: Pilot) -> dict[str, Any]:
    batch = {"walltime": _duration(pilot.walltime_s), "notice": _duration(pilot.notice_s)}
    told = {
        "label": pilot.label,
        "experiment": pilot.experiment,
        "node": pilot.node,
        "wrapper": pilot.wrapper,
    }
    after = {"after": _duration(pilot.after_s)} if pilot.after_s else {}
    return {**{key: text for key, text in told.items() if text}, **after, "batch": batch}


def _fault(plan: FaultPlan) -> dict[str, Any]:
    options = {key: list(v) if isinstance(v, tuple) else v for key, v in plan.options.items()}
    told = {"on": plan.on, "do": plan.do, **options}
    at = _trigger(plan.at)
    return {**told, "at": at} if at else told


def _trigger(at: Trigger) -> dict[str, Any]:
    given = {each.name: getattr(at, each.name) for each in fields(at)}
    told = {key: value for key, value in given.items() if value is not None and key != "after_s"}
    return told if at.after_s is None else {**told, "after": _duration(at.after_s)}


def _expectation(claims: Expectation) -> dict[str, Any]:
    job: Mapping[str, Any] = {
        "state": _list(claims.states),
        "pilotErrorCode": _list(claims.pilot_error_codes),
        "within": None if claims.within_s is None else _duration(claims.within_s),
        "fields": claims.fields and {key: list(each) for key, each in claims.fields.items()},
    }
    told: Mapping[str, Any] = {
        "job": {key: value for key, value in job.items() if value is not None},
        "jobs": claims.counts and dict(claims.counts),
        "exit": _list(claims.exit_codes),
        "violations": _list(claims.violations),
        "tolerated": _list(claims.tolerated),
    }
    return {key: value for key, value in told.items() if value not in (None, {})}


def _list(values: tuple[Any, ...] | None) -> list[Any] | None:
    return None if values is None else list(values)


def _duration(seconds: float) -> str:
    """Return *seconds* as a scenario writes them: exact, and never with an exponent."""
    whole, rest = divmod(Fraction(seconds).limit_denominator(1_000_000), 1)
    digits = f"{int(rest * 1_000_000):06}".rstrip("0")
    return f"{whole}.{digits}s" if digits else f"{whole}s"
