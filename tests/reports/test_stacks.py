"""The stacks of a pilot that makes no progress, as people read them."""

from __future__ import annotations

import json
from pathlib import Path

from reports.stacks import journal_lines
from reports.stacks import stack_lines
from reports.stacks import stacks_of

STUCK = {
    "t": 60.0,
    "n": 3,
    "who": "pilot-1",
    "what": "guest.stuck",
    "why": "deadlock: a\nwaits",
    "stacks": "a (strand 1001) sleeps\n  work/x.py:3 in a: wait()",
}


def test_why_comes_first_and_the_stacks_below_it() -> None:
    assert [
        "pilot-1 at 1m00s: deadlock: a waits",
        "  a (strand 1001) sleeps",
        "    work/x.py:3 in a: wait()",
    ] == list(stack_lines([STUCK]))


def test_very_many_lines_are_cut_short() -> None:
    lines = list(stack_lines([{**STUCK, "stacks": "line\n" * 100}]))
    assert "  and 40 lines more, in events.jsonl" == lines[-1]
    assert 62 == len(lines)


def test_only_a_flight_that_did_not_pass_shows_stacks(tmp_path: Path) -> None:
    journal = [{"journal": 1}, {"t": 0.0, "n": 0, "who": "x", "what": "y"}, STUCK]
    (tmp_path / "events.jsonl").write_text("".join(json.dumps(each) + "\n" for each in journal))
    verdict = {"state": "fail", "run_dir": str(tmp_path)}
    assert list(stack_lines([STUCK])) == stacks_of(verdict)
    assert [] == stacks_of({**verdict, "state": "pass"})
    assert [] == stacks_of({**verdict, "run_dir": "/nowhere"})


def test_an_event_is_one_line_that_fits() -> None:
    (line,) = journal_lines([{**STUCK, "stacks": "x" * 500}])
    assert line.startswith("     1m00s  pilot-1    guest.stuck      {")
    assert 160 == len(line)
