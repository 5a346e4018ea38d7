"""One job: its life, why it waits, what was said of it, its record and files."""

from __future__ import annotations

import json
from typing import Any

from fakeserver.columns import files_of
from fakeserver.identity import compact
from fakeserver.jobs import Job
from fakeserver.monitor import charts
from fakeserver.monitor.registry import Ask
from fakeserver.monitor.registry import Content
from fakeserver.monitor.registry import UnknownError
from fakeserver.monitor.registry import page
from fakeserver.monitor.tallies import errors
from fakeserver.monitor.tallies import stages
from fakeserver.operation import why_waiting
from fakeserver.record import record_of

LINES = 200
SECRET = ("proxy", "token", "secret", "password")


@page("job")
def job(ask: Ask) -> Content:
    """Return all that is known of the job in the path. Raises UnknownError."""
    found = ask.model.jobs.get(int(ask.key)) if ask.key.isdigit() and len(ask.key) < 19 else None
    if found is None:
        raise UnknownError(f"There is no job {ask.key}.")
    life = stages(found, now=ask.now)
    return {
        "job": found,
        "state": found.state.value,
        "user": compact(found.spec.user),
        "life": charts.life(life, label=f"the life of job {found.panda_id}"),
        "why": why_waiting(ask.model, found),
        "facts": facts(found) | {"global id": ask.model.global_id(found.panda_id)},
        "record": {name: value for name, value in record_of(found).items() if value != "NULL"},
        "fields": {name: shown(name, value) for name, value in sorted(found.fields.items())},
        "files": files_of(found),
        "events": [
            read(line, begun=ask.begun) for _, line in ask.store.about(found.panda_id, count=LINES)
        ],
    }


def facts(found: Job) -> dict[str, Any]:
    """Return what a person asks first."""
    spec, wrong = found.spec, errors([found])
    known = {
        "error": "; ".join(f"{each['kind']} {each['code']} {each['text']}" for each in wrong),
        "queue": spec.queue,
        "kind": spec.kind,
        "label": spec.source_label,
        "task": spec.task_id,
        "attempt": found.attempt,
        "priority": spec.priority,
        "cores": spec.core_count,
        "pilot": found.pilot,
        "node": found.node,
        "batch id": found.batch,
        "worker": found.worker,
        "command": found.command,
        "retried by": found.retried_by,
        "merged by": found.merged_by,
    }
    return {name: value for name, value in known.items() if value}


def read(line: str, *, begun: float) -> dict[str, Any]:
    """Return a line of the journal as a row: when, what, the rest in one text."""
    event = json.loads(line)
    rest = {
        name: value
        for name, value in event.items()
        if name not in ("t", "n", "who", "what", "job") and value not in ("", None, {})
    }
    text = step(rest) if event["what"] == "job.state" else brief(rest)
    return {"at": begun + event["t"], "what": event["what"], "rest": text}


def step(rest: dict[str, Any]) -> str:
    """Return a change of state as people read it."""
    why = f": {rest['reason']}" if rest.get("reason") else ""
    return f"{rest.get('old')} → {rest.get('new')} by {rest.get('by')}{why}"


def brief(rest: dict[str, Any]) -> str:
    """Return names and values in one line."""
    flat = {**rest.pop("fields", {}), **rest} if isinstance(rest.get("fields"), dict) else rest
    return ", ".join(
        f"{name} {shown(name, value)}"
        for name, value in flat.items()
        if value not in ("", "NULL", None)
    )


def shown(name: str, value: Any) -> str:
    """Return a value as text, but for those that nobody is to read over a shoulder."""
    if any(word in name.lower() for word in SECRET):
        return "…"
    return str(value)
