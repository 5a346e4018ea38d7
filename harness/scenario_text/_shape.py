"""From a decoded document to the model, or to every flaw of its shape at once."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from datetime import time
from typing import Any
from typing import Iterator
from typing import Mapping
from typing import get_args

from pydantic import BaseModel
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from harness.scenario_text._flaws import Flaw
from harness.scenario_text._flaws import dotted_text
from harness.scenario_text._flaws import unknown
from harness.scenario_text._lines import KeyPath
from harness.scenario_text._model import ScenarioTable

GIVEN_MAX = 60
ARRAYS_OF_TABLES = ("job", "pilot", "fault")
SHOULD_BE = {
    "model_type": "should be a table",
    "dict_type": "should be a table",
    "list_type": "should be an array",
    "string_type": "should be text in quotes",
    "int_type": "should be a whole number",
    "float_type": "should be a number",
    "bool_type": "should be true or false",
    "datetime_type": "should be a date and time such as 2026-03-01T08:00:00Z",
    "timezone_aware": "should name its time zone, such as 2026-03-01T08:00:00Z",
}
PATTERNS = {
    "name": "should be lower-case words joined by hyphens, such as 'hanging-transfer'",
    "tags": "should be a lower-case word, for it becomes a marker of pytest",
}


def shaped(document: Mapping[str, Any]) -> tuple[ScenarioTable | None, list[Flaw]]:
    """Return *document* as a model and no flaw, or no model and all its flaws."""
    try:
        return ScenarioTable.model_validate(document), []
    except ValidationError as error:
        return None, [_flaw(each) for each in error.errors(include_url=False)]


def _flaw(error: ErrorDetails) -> Flaw:
    path = error["loc"]
    if error["type"] == "extra_forbidden":
        place = f" in [{dotted_text(path[:-1])}]" if path[1:] else ""
        return unknown(path, f"unknown key {{}}{place}", _keys_at(path[:-1]))
    if error["type"] == "missing":
        return Flaw(path, f"{dotted_text(path)!r} is missing")
    given = "" if error["type"] == "unit" else f" = {_given(error['input'])}"
    return Flaw(path, f"{dotted_text(path)}{given}: {_expected(error)}")


def _expected(error: ErrorDetails) -> str:
    path, kind = error["loc"], error["type"]
    if kind == "list_type" and path[-1] in ARRAYS_OF_TABLES and len(path) == 1:
        return f"should be written [[{path[0]}]], with two brackets"
    if kind == "string_pattern_mismatch" and path[0] in PATTERNS:
        return PATTERNS[str(path[0])]
    return SHOULD_BE.get(kind, error["msg"].removeprefix("Input "))


def _given(value: Any) -> str:
    """Return *value* about as the file has it, cut if it is long."""
    text = value.isoformat() if isinstance(value, datetime | date | time) else repr(value)
    text = text.lower() if isinstance(value, bool) else text
    return text if len(text) <= GIVEN_MAX else f"{text[: GIVEN_MAX - 1]}…"


def _keys_at(path: KeyPath) -> list[str]:
    """Return the keys that the table at *path* may have."""
    model: type[BaseModel] | None = ScenarioTable
    for part in path:
        if isinstance(part, str) and model is not None:
            model = next(_models(_annotations(model).get(part)), None)
    return sorted(_annotations(model)) if model else []


def _annotations(model: type[BaseModel]) -> dict[str, Any]:
    return {info.alias or name: info.annotation for name, info in model.model_fields.items()}


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models in *annotation*: itself, what its list holds, what it is besides None."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
