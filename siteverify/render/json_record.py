"""The whole record as one JSON object; instants as ISO 8601 in UTC."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from datetime import timezone
from typing import Any

from siteverify.results import RunRecord
from siteverify.results import exit_code

INSTANTS = ("started_at", "finished_at", "expires")


def render(record: RunRecord, *, strict: bool = False) -> str:
    """Return *record*, its counts and its exit code."""
    document = _readable(asdict(record))
    document["counts"] = {status.value: count for status, count in record.counts().items()}
    document["exit_code"] = exit_code(record, strict=strict)
    return json.dumps(document, indent=2) + "\n"


def _readable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _date(v) if key in INSTANTS else _readable(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_readable(one) for one in value]
    return value


def _date(posix: float) -> str:
    moment = datetime.fromtimestamp(posix, timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
