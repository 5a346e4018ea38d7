"""Which lines of a pilot were reached, in one flight and in many.

A guest tells the lines that ran, by file. What there is to reach is read from the pilot's source:
a statement counts once, however many lines it has, docstrings and what ``# pragma: no cover``
leaves out do not; much as coverage.py counts. The data file is coverage.py's own:

    coverage report --data-file runs/.coverage
"""

from __future__ import annotations

import ast
import json
import sqlite3
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any
from typing import Iterable
from typing import Iterator
from typing import Mapping

from simkernel import HarnessError

FILE = "coverage.json"
DATA_FILE = ".coverage"
FORMAT = 1
PRAGMA = "pragma: no cover"
# coverage.py 7.17.3, coverage/sqldata.py: version 7 of its schema.
SCHEMA_VERSION = 7
SCHEMA = """
CREATE TABLE coverage_schema (version integer);
CREATE TABLE meta (key text, value text, unique (key));
CREATE TABLE file (id integer primary key, path text, unique (path));
CREATE TABLE context (id integer primary key, context text, unique (context));
CREATE TABLE line_bits (file_id integer, context_id integer, numbits blob,
    foreign key (file_id) references file (id),
    foreign key (context_id) references context (id), unique (file_id, context_id));
CREATE TABLE arc (file_id integer, context_id integer, fromno integer, tono integer,
    foreign key (file_id) references file (id),
    foreign key (context_id) references context (id),
    unique (file_id, context_id, fromno, tono));
CREATE TABLE tracer (file_id integer primary key, tracer text,
    foreign key (file_id) references file (id));
"""

Lines = Mapping[str, Iterable[int]]


@dataclass(slots=True)
class Reached:
    """The lines reached of one pilot, whose source lies in *root*, by file below it."""

    root: Path
    files: dict[str, set[int]] = field(default_factory=dict)

    def add(self, lines: Lines) -> None:
        """Add what one flight reached."""
        for name, numbers in lines.items():
            self.files.setdefault(name, set()).update(numbers)


@dataclass(frozen=True, slots=True)
class FileCoverage:
    """One file: how many *statements* it has, and the first lines of those that were *missed*."""

    name: str
    statements: int
    missed: tuple[int, ...]


def write_coverage(path: Path, reached: Reached) -> None:
    """Keep what one flight reached."""
    files = {name: sorted(numbers) for name, numbers in sorted(reached.files.items())}
    content = {"format": FORMAT, "root": str(reached.root), "files": files}
    path.write_text(json.dumps(content) + "\n", encoding="utf-8")


def merged(paths: Iterable[Path]) -> list[Reached]:
    """Return what the flights of the files *paths* reached, one for each pilot's source."""
    found: dict[str, Reached] = {}
    for path in paths:
        content = _read(path)
        mine = found.setdefault(content["root"], Reached(Path(content["root"])))
        mine.add(content["files"])
    return [found[root] for root in sorted(found)]


def _read(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise ValueError(f"format {content['format']}, and this flightsim reads {FORMAT}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise HarnessError(f"no coverage can be read: {error}", where=str(path)) from error
    return content


def measured(reached: Reached) -> list[FileCoverage]:
    """Return the coverage of every Python file of the pilot, those never imported included."""
    rows = []
    for path in sorted(reached.root.rglob("*.py")):
        name = str(path.relative_to(reached.root))
        if any(part.startswith(".") or part in NO_SOURCE for part in Path(name).parts):
            continue
        spans = statements(path.read_text(encoding="utf-8", errors="replace"))
        ran = reached.files.get(name, set())
        missed = [span.start for span in spans if not any(line in ran for line in span)]
        rows.append(FileCoverage(name, len(spans), tuple(missed)))
    return rows


NO_SOURCE = ("__pycache__", "build", "dist", "test", "tests", "venv")


# -- statements


def statements(source: str) -> list[range]:
    """Return the lines of each statement of *source*; of one with a body, those of its head."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []  # a file of another Python: nothing of it can be reached
    lines = source.splitlines()
    return sorted(_spans(tree, lines), key=lambda span: span.start)


def _spans(parent: ast.AST, lines: list[str]) -> Iterator[range]:
    for node in ast.iter_child_nodes(parent):
        if isinstance(node, ast.stmt | ast.ExceptHandler):
            span = _head(node)
            if any(PRAGMA in line for line in lines[span.start - 1 : span.stop - 1]):
                continue
            if not _is_silent(node):
                yield span
            for each in getattr(node, "decorator_list", []):
                yield range(each.lineno, (each.end_lineno or each.lineno) + 1)
        yield from _spans(node, lines)


def _head(node: ast.stmt | ast.ExceptHandler) -> range:
    begin = node.lineno
    body = getattr(node, "body", None) or getattr(node, "cases", None)
    if not body:
        return range(begin, (node.end_lineno or begin) + 1)
    first = body[0].pattern if isinstance(body[0], ast.match_case) else body[0]
    above = min([first.lineno, *(each.lineno for each in getattr(first, "decorator_list", []))])
    return range(begin, max(begin + 1, above))


def _is_silent(node: ast.AST) -> bool:
    """Tell whether *node* makes no bytecode: a docstring, a declaration of names."""
    if isinstance(node, ast.Global | ast.Nonlocal):
        return True
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


# -- coverage.py's data file


def write_data_file(path: Path, pilots: Iterable[Reached]) -> None:
    """Write what was reached as a data file of coverage.py, in place of the one that is there."""
    draft = path.with_name(path.name + ".draft")
    draft.unlink(missing_ok=True)
    data = sqlite3.connect(draft)
    try:
        data.executescript(SCHEMA)
        data.execute("insert into coverage_schema values (?)", (SCHEMA_VERSION,))
        data.execute("insert into meta values ('has_arcs', '0')")
        data.execute("insert into context values (1, '')")
        for each in pilots:
            for name, numbers in sorted(each.files.items()):
                row = data.execute("insert into file (path) values (?)", (str(each.root / name),))
                bits = (row.lastrowid, 1, _numbits(numbers))
                data.execute("insert into line_bits values (?, ?, ?)", bits)
        data.commit()
    finally:
        data.close()
    draft.replace(path)


def _numbits(numbers: Iterable[int]) -> bytes:
    """Return *numbers* as a set of bits, the way of coverage.py (coverage/numbits.py)."""
    packed = bytearray()
    for number in numbers:
        packed.extend(bytes(max(0, number // 8 + 1 - len(packed))))
        packed[number // 8] |= 1 << number % 8
    return bytes(packed)
