"""Scenario files: TOML in, scenarios out, or every error of the file at once.

    scenarios = read_scenarios(Path("scenarios/flap.toml"), vocabulary=known)

An error names file, line and the nearest thing that was probably meant:

    scenarios/flap.toml:14: unknown fault 'http_eror' on 'server.acquire_jobs' — did you mean …
"""

from __future__ import annotations

from harness.scenario_text._files import Reading
from harness.scenario_text._files import ScenarioFileError
from harness.scenario_text._files import json_schema
from harness.scenario_text._files import parse_scenarios
from harness.scenario_text._files import read_file
from harness.scenario_text._files import read_scenarios
from harness.scenario_text._write import scenario_toml

__all__ = [
    "Reading",
    "ScenarioFileError",
    "json_schema",
    "parse_scenarios",
    "read_file",
    "read_scenarios",
    "scenario_toml",
]
