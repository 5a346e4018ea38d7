"""The table of flights."""

from __future__ import annotations

import io

import pytest

from reports.terminal import rendered
from reports.terminal import table
from reports.terminal import wants_colours
from tests.reports.verdicts import BROKEN
from tests.reports.verdicts import FAILED
from tests.reports.verdicts import UNKNOWN
from tests.reports.verdicts import verdict

PLAIN = """\
verdict  scenario          pilot  seed     virtual    wall  jobs      violations
pass     first-job         core      7    2h02m05s    1.2s  finished
FAIL     hanging-transfer  core      7    2h02m05s    1.2s  2 failed, 1 running  heartbeat-gap, 1 unmet
unknown  first-job         core      7    2h02m05s    1.2s  finished  the journal breaks off at 0:10:00
BROKEN   first-job         core      7    2h02m05s    1.2s  no job    RuntimeError: ours
"""  # noqa: E501 - a line is as wide as what is said in it


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_the_table_is_one_line_a_flight() -> None:
    assert PLAIN.rstrip("\n") == rendered([verdict(), FAILED, UNKNOWN, BROKEN])


def test_columns_are_as_wide_as_the_flights_to_come_need() -> None:
    flights = [("first-job", "core", 7), ("a-much-longer-name[variant]", "pypi-3.7.0.36", 1000)]
    row = table(flights).row(verdict())
    assert row.startswith(f"pass     {'first-job':27}  {'core':13}     7  ")


@pytest.mark.parametrize(
    ("state", "start"),
    [
        ("pass", "\x1b[32mpass\x1b[0m     "),
        ("fail", "\x1b[31mFAIL\x1b[0m     "),
        ("unknown", "\x1b[33munknown\x1b[0m  "),
        ("broken", "\x1b[35mBROKEN\x1b[0m   "),
    ],
)
def test_with_colours_only_the_verdict_is_coloured(state: str, start: str) -> None:
    row = table([("first-job", "core", 7)], colours=True).row(verdict(state=state))
    assert start == row[: len(start)]
    assert 2 == row.count("\x1b")


def test_what_others_wrote_cannot_break_a_line_or_colour_it() -> None:
    row = table([]).row(verdict(state="unknown", notes=["one\ntwo\x1b[31m\rthree"]))
    assert "one two [31m three" in row
    assert "\x1b" not in row


@pytest.mark.parametrize(
    ("stream", "environment", "expected"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
        (io.StringIO(), {"FORCE_COLOR": "1"}, True),
        (io.StringIO(), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colours_are_for_terminals_and_may_be_forced_or_forbidden(
    stream: io.StringIO, environment: dict[str, str], expected: bool
) -> None:
    assert expected == wants_colours(stream, environment)
