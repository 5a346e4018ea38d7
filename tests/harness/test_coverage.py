"""What there is to reach in a pilot's source, what was, and the data file of coverage.py."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from harness.coverage import Reached
from harness.coverage import measured
from harness.coverage import merged
from harness.coverage import statements
from harness.coverage import write_coverage
from harness.coverage import write_data_file
from simkernel import HarnessError

SOURCE = '''\
"""A docstring is no statement."""

import os


@property
def work(one,
         other):
    """Nor is this."""
    global x
    total = sum(
        [one,
         other])
    if total:
        return total
    try:
        os.remove("x")
    except OSError:
        pass
    if one:  # pragma: no cover
        return 2
    return 1
'''


def test_a_statement_counts_once_however_many_lines_it_has() -> None:
    begins = [span.start for span in statements(SOURCE)]
    # coverage.py 7.17.3 gives the same lines for this source.
    assert [3, 6, 7, 11, 14, 15, 16, 17, 18, 19, 22] == begins


def test_a_file_of_another_python_has_nothing_to_reach() -> None:
    assert [] == statements("print 'two'")


def test_a_statement_is_reached_by_any_of_its_lines(tmp_path: Path) -> None:
    (tmp_path / "pilot.py").write_text(SOURCE)
    (tmp_path / "never.py").write_text("x = 1\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_it.py").write_text("x = 1\n")
    reached = Reached(tmp_path, {"pilot.py": {3, 6, 13, 14, 15}})
    rows = {row.name: (row.statements, row.missed) for row in measured(reached)}
    assert {"never.py": (1, (1,)), "pilot.py": (11, (7, 16, 17, 18, 19, 22))} == rows


def test_flights_of_one_pilot_are_merged_and_two_pilots_are_not(tmp_path: Path) -> None:
    one, other = Path("/pilots/one"), Path("/pilots/other")
    write_coverage(tmp_path / "1.json", Reached(one, {"a.py": {1, 2}}))
    write_coverage(tmp_path / "2.json", Reached(one, {"a.py": {2, 9}, "b.py": {1}}))
    write_coverage(tmp_path / "3.json", Reached(other, {"a.py": {5}}))
    found = merged(tmp_path / f"{number}.json" for number in (3, 1, 2))
    assert [
        Reached(one, {"a.py": {1, 2, 9}, "b.py": {1}}),
        Reached(other, {"a.py": {5}}),
    ] == found


def test_a_file_that_holds_no_coverage_is_told(tmp_path: Path) -> None:
    for content in ("", "[]", '{"format": 7}'):
        (tmp_path / "file").write_text(content)
        with pytest.raises(HarnessError, match="no coverage can be read"):
            merged([tmp_path / "file"])


def test_the_data_file_holds_each_line_as_a_bit(tmp_path: Path) -> None:
    path = tmp_path / ".coverage"
    path.write_text("what was there before")
    write_data_file(path, [Reached(Path("/p"), {"a.py": {0, 9, 16}})])
    with sqlite3.connect(path) as data:
        assert [("/p/a.py", b"\x01\x02\x01")] == data.execute(
            "select path, numbits from file join line_bits on file.id = file_id"
        ).fetchall()
        assert [(7,)] == data.execute("select version from coverage_schema").fetchall()
