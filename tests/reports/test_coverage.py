"""The table of what was reached."""

from __future__ import annotations

from reports.coverage import coverage_table


def test_the_table_has_a_line_a_file_and_the_sum() -> None:
    rows = [
        ("pilot/a.py", 10, [3, 4, 5, 9]),
        ("pilot/never.py", 5, [1, 2, 3, 4, 5]),
        ("pilot/whole.py", 200, []),
        ("pilot/empty.py", 0, []),
    ]
    assert coverage_table(rows).splitlines() == [
        "file            statements  missed  reached  first lines missed",
        "pilot/a.py              10       4      60%  3-5, 9",
        "pilot/never.py           5       5       0%  all",
        "pilot/whole.py         200       0     100%",
        "total                  215       9      95%",
    ]


def test_nothing_that_misses_a_line_is_said_to_be_whole() -> None:
    assert "99%" in coverage_table([("a.py", 1000, [7])])


def test_many_gaps_are_cut_short() -> None:
    table = coverage_table([("a.py", 100, list(range(1, 40, 2)))])
    assert "1, 3, 5, 7, 9, 11, …" in table


def test_no_file_is_no_division_by_zero() -> None:
    assert "total           0       0        -" == coverage_table([]).splitlines()[-1]
