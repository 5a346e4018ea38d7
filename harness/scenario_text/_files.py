"""Read scenario files, and tell everything that is wrong with one."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import Sequence

from harness.scenario import Scenario
from harness.scenario_text._build import built
from harness.scenario_text._flaws import Flaw
from harness.scenario_text._lines import Lines
from harness.scenario_text._lines import locate
from harness.scenario_text._model import ScenarioTable
from harness.scenario_text._shape import shaped
from harness.scenario_text._variants import Document
from harness.scenario_text._variants import documents
from harness.scenario_text._words import word_flaws
from harness.vocabulary import Vocabulary
from simkernel import ScenarioError

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"

_SYNTAX = re.compile(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of.*)\)")


class ScenarioFileError(ScenarioError):
    """A scenario file, or several, with all that is wrong with it; *problems* are in file order."""

    def __init__(self, problems: Sequence[ScenarioError]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one file: its scenarios, or its problems in the order of their lines."""

    scenarios: tuple[Scenario, ...]
    problems: tuple[ScenarioError, ...]


def read_scenarios(
    path: Path, *, vocabulary: Vocabulary, source: str | None = None
) -> tuple[Scenario, ...]:
    """Return the scenarios of the file at *path*; *source* is how a user would name it.

    Raises ScenarioFileError with every problem of the file.
    """
    reading = read_file(path, vocabulary=vocabulary, source=source)
    if reading.problems:
        raise ScenarioFileError(reading.problems)
    return reading.scenarios


def read_file(path: Path, *, vocabulary: Vocabulary, source: str | None = None) -> Reading:
    """Return what the file at *path* holds, scenarios or problems; never raises for its content."""
    where = str(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        return _refused(where, error.strerror or str(error), remedy="give a scenario file")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return _refused(f"{where}:{line}", "this line is not UTF-8")
    return parse_scenarios(text, vocabulary=vocabulary, where=where, source=source)


def parse_scenarios(
    text: str, *, vocabulary: Vocabulary, where: str, source: str | None = None
) -> Reading:
    """Return what *text* holds; *where* is its file name in messages."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return _syntax(text, str(error), where)
    except RecursionError:
        return _refused(where, "the tables are nested too deep")
    lines = locate(text)
    found, flaws = documents(tables)
    problems = [(lines.of(flaw.path), flaw) for flaw in flaws]
    scenarios = []
    for document in found:
        table, wrong = _checked(document, vocabulary)
        problems += [(document.line_of(flaw.path, lines), flaw) for flaw in wrong]
        if table is not None and not wrong:
            scenarios.append(_scenario(table, document, lines, vocabulary, where, source or where))
    if problems:
        return Reading((), _in_order(problems, where))
    return Reading(tuple(scenarios), ())


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file."""
    schema = ScenarioTable.model_json_schema(by_alias=True)
    return {"$schema": SCHEMA_DIALECT, **schema}


def _checked(document: Document, vocabulary: Vocabulary) -> tuple[ScenarioTable | None, list[Flaw]]:
    table, flaws = shaped(document.tables)
    return table, [*flaws, *word_flaws(document.tables, vocabulary)]


def _scenario(
    table: ScenarioTable,
    document: Document,
    lines: Lines,
    vocabulary: Vocabulary,
    where: str,
    source: str,
) -> Scenario:
    faults = range(len(table.fault))
    places = tuple(f"{where}:{document.line_of(('fault', at), lines)}" for at in faults)
    return built(
        table,
        variant=document.variant,
        source=source,
        fields=vocabulary.overrides,
        places=places,
    )


def _in_order(problems: list[tuple[int, Flaw]], where: str) -> tuple[ScenarioError, ...]:
    """Return *problems* by line; what every variant inherits from the template is said once."""
    unique = dict.fromkeys((line, flaw.text, flaw.remedy) for line, flaw in problems)
    return tuple(
        ScenarioError(text, where=f"{where}:{line}", remedy=remedy)
        for line, text, remedy in sorted(unique, key=lambda problem: problem[0])
    )


def _syntax(text: str, message: str, where: str) -> Reading:
    match = _SYNTAX.fullmatch(message)
    if match is None:
        return _refused(where, message)
    line = match["line"] or str(len(text.splitlines()))
    column = f", column {match['column']}" if match["column"] else " at the end of the file"
    return _refused(f"{where}:{line}", f"not TOML: {match['what']}{column}")


def _refused(where: str, what: str, *, remedy: str = "") -> Reading:
    return Reading((), (ScenarioError(what, where=where, remedy=remedy),))
