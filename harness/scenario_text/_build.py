"""From the model of a file to the values that the harness uses."""

from __future__ import annotations

from typing import Any
from typing import Mapping

from harness.scenario import Events
from harness.scenario import Expectation
from harness.scenario import FaultPlan
from harness.scenario import File
from harness.scenario import Job
from harness.scenario import Payload
from harness.scenario import Pilot
from harness.scenario import Scenario
from harness.scenario import Worker
from harness.scenario import World
from harness.scenario_text._model import FAMILIES
from harness.scenario_text._model import Claims
from harness.scenario_text._model import EventsTable
from harness.scenario_text._model import FaultTable
from harness.scenario_text._model import FileTable
from harness.scenario_text._model import HarvesterTable
from harness.scenario_text._model import JobTable
from harness.scenario_text._model import PayloadTable
from harness.scenario_text._model import PilotTable
from harness.scenario_text._model import ScenarioTable
from harness.scenario_text._model import WorldTable
from harness.scenario_text._units import override_value
from harness.scenario_text._units import written_names
from harness.triggers import Trigger
from harness.vocabulary import OPEN_OVERRIDES

Fields = Mapping[str, tuple[str, ...] | None]


def built(
    table: ScenarioTable, *, variant: str, source: str, fields: Fields, places: tuple[str, ...]
) -> Scenario:
    """Return *table* as a scenario; *places* are file and line of each fault, for messages."""
    families = {name: getattr(table.expect, name) for name in FAMILIES}
    faults = zip(table.fault, places, strict=True)
    return Scenario(
        name=f"{table.name}[{variant}]" if variant else table.name,
        world=_world(table.world, fields),
        about=table.about,
        origin=table.origin,
        tags=tuple(table.tags),
        rows=tuple(table.rows),
        seed=table.seed,
        jobs=tuple(_job(each) for each in table.job),
        pilots=tuple(_pilot(each) for each in table.pilot),
        faults=tuple(fault_plan(each, where=where) for each, where in faults),
        expect=_expectation(table.expect),
        families={name: _expectation(each) for name, each in families.items() if each is not None},
        variant=variant,
        source=f"{source}::{variant}" if variant else source,
    )


def fault_plan(table: FaultTable, *, where: str) -> FaultPlan:
    """Return one ``[[fault]]``, its options as they were written."""
    at = table.at
    trigger = Trigger(at.call, at.after, at.every, at.phase, at.p, at.times, at.event)
    return FaultPlan(table.on, table.do, trigger, dict(table.model_extra or {}), where)


def _world(table: WorldTable, fields: Fields) -> World:
    written = {section: getattr(table, section) for section in OPEN_OVERRIDES}
    overrides = {
        section: _override(values, fields.get(section))
        for section, values in written.items()
        if values
    }
    return World(table.site, table.queue, table.start.timestamp(), overrides)


def _override(values: dict[str, Any], known: tuple[str, ...] | None) -> dict[str, Any]:
    if known is None:
        return values
    names = written_names(known)
    return {names[key]: override_value(names[key], value) for key, value in values.items()}


def _job(table: JobTable) -> Job:
    return Job(
        kind=table.kind,
        label=table.label,
        processing_type=table.processing_type,
        inputs=_files(table.inputs),
        payload=_payload(table.payload),
        log=table.log,
        clone=table.clone,
        count=table.count,
        events=_events(table.events),
        record=table.record,
    )


def _events(table: EventsTable | None) -> Events | None:
    if table is None:
        return None
    return Events(table.ranges, table.each, table.size, tuple(table.failing))


def _payload(table: PayloadTable) -> Payload:
    return Payload(
        walltime_s=table.walltime,
        cpu=table.cpu,
        cores=table.cores,
        rss_bytes=table.rss,
        exit_code=table.exit,
        signal=table.signal,
        touch_s=table.touch,
        hang_at_s=table.hang,
        stdout=tuple(table.stdout),
        stderr=tuple(table.stderr),
        outputs=_files(table.outputs),
        orphans=table.orphans,
    )


def _files(tables: list[FileTable]) -> tuple[File, ...]:
    return tuple(
        File(each.size, each.lfn, each.missing) for each in tables for _ in range(each.count)
    )


def _pilot(table: PilotTable) -> Pilot:
    batch = table.batch
    return Pilot(
        walltime_s=batch.walltime,
        notice_s=batch.notice,
        after_s=table.after,
        label=table.label,
        experiment=table.experiment,
        node=table.node,
        wrapper=table.wrapper,
        harvester=_worker(table.harvester),
    )


def _worker(table: HarvesterTable | None) -> Worker | None:
    if table is None:
        return None
    files = table.reports == "files" or table.hpc
    return Worker(table.mode == "push", table.jobs, files, table.hpc)


def _expectation(table: Claims) -> Expectation:
    job = table.job
    return Expectation(
        states=_tuple(job.state),
        pilot_error_codes=_tuple(job.pilot_error_code),
        within_s=job.within,
        fields=None if job.fields is None else {k: tuple(v) for k, v in job.fields.items()},
        counts=table.jobs,
        exit_codes=_tuple(table.exit),
        violations=_tuple(table.violations),
        tolerated=_tuple(table.tolerated),
    )


def _tuple(values: list[Any] | None) -> tuple[Any, ...] | None:
    return None if values is None else tuple(values)
