"""verdict.json: the verdict of one flight, as a file with a published schema.

Keys stand in the schema's order and numbers are written one way, so that two equal verdicts
are equal files. All of it but ``wall_s`` and ``run_dir`` can be made again from the journal.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from typing import Mapping

from reports.files import write_whole
from reports.wording import STATES
from reports.wording import Verdict
from simkernel import HarnessError

FORMAT = 1
FILE = "verdict.json"
TEXT = {"type": "string"}
SECONDS = {"type": "number", "minimum": 0}

FINDING_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "required": ["checker", "text", "at_s"],
    "additionalProperties": False,
    "properties": {
        "checker": {**TEXT, "description": "the name of the checker that fired"},
        "text": {**TEXT, "description": "what the pilot did wrong"},
        "at_s": {"type": "number", "description": "when, in virtual seconds since the start"},
        "job": {"type": ["string", "null"], "description": "the PandaID, if it is about one job"},
        "witnesses": {
            "type": "array",
            "items": {"type": "integer"},
            "description": "the numbers of the journal's events that show it",
        },
        "expected": {"type": "boolean", "description": "the scenario said that this would fire"},
    },
}
SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "The verdict of one flight",
    "type": "object",
    "required": ["state", "scenario", "pilot", "seed", "virtual_s", "wall_s"],
    "additionalProperties": False,
    "properties": {
        "format": {"const": FORMAT},
        "state": {
            "enum": list(STATES),
            "description": "fail is the pilot's, broken is the simulator's, unknown nobody's",
        },
        "scenario": TEXT,
        "variant": {**TEXT, "description": "empty unless the scenario's file holds several"},
        "pilot": TEXT,
        "seed": {"type": "integer"},
        "schedule": {**TEXT, "description": "how threads that can run are chosen, in one line"},
        "findings": {"type": "array", "items": FINDING_SCHEMA},
        "unmet": {
            "type": "array",
            "items": TEXT,
            "description": "expectations of the scenario that were not met",
        },
        "jobs": {
            "type": "object",
            "additionalProperties": TEXT,
            "description": "the final state of each job, by PandaID",
        },
        "virtual_s": {**SECONDS, "description": "how long the flight was, in virtual time"},
        "wall_s": {**SECONDS, "description": "how long it took, in real time"},
        "sha256": {**TEXT, "description": "of the journal: the identity of the flight"},
        "run_dir": TEXT,
        "rerun": {**TEXT, "description": "the command line that repeats the flight"},
        "notes": {"type": "array", "items": TEXT},
    },
}


def verdict_text(verdict: Verdict) -> str:
    """Return *verdict* as JSON text in the order of the schema.

    Raises HarnessError for a key that the schema does not have, or lacks a required one.
    """
    complete = {"format": FORMAT, **verdict}
    odd = [key for key in complete if key not in SCHEMA["properties"]]
    lacking = [key for key in SCHEMA["required"] if key not in complete]
    if odd or lacking:
        raise HarnessError(f"not a verdict: unknown {odd}, missing {lacking}")
    ordered = _ordered(complete, SCHEMA["properties"])
    ordered["findings"] = [
        _ordered(finding, FINDING_SCHEMA["properties"]) for finding in complete.get("findings", ())
    ]
    return json.dumps(ordered, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def write_verdict(path: Path, verdict: Verdict) -> None:
    """Write *verdict* to the file at *path*, all of it or nothing."""
    write_whole(path, verdict_text(verdict))


def read_verdict(path: Path) -> dict[str, Any]:
    """Return the verdict in the file at *path*. Raises HarnessError if it is none."""
    try:
        verdict = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise HarnessError(f"cannot be read: {error}", where=str(path)) from error
    if not isinstance(verdict, dict) or verdict.get("format", FORMAT) != FORMAT:
        remedy = f"this flightsim reads format {FORMAT}"
        raise HarnessError("not a verdict", where=str(path), remedy=remedy)
    lacking = [key for key in SCHEMA["required"] if key not in verdict]
    if lacking or verdict["state"] not in STATES:
        raise HarnessError(f"not a verdict: missing {lacking}", where=str(path))
    return verdict


def _ordered(values: Mapping[str, Any], keys: Mapping[str, Any]) -> dict[str, Any]:
    return {key: values[key] for key in keys if key in values}
