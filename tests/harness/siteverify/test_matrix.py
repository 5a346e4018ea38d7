"""Checks × faults: each check notices its own faults, and no check any other."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from harness.siteverify_bridge.matrix import Found
from harness.siteverify_bridge.matrix import Line
from harness.siteverify_bridge.matrix import as_markdown
from harness.siteverify_bridge.matrix import as_text
from harness.siteverify_bridge.matrix import main
from harness.siteverify_bridge.matrix import verdict
from harness.siteverify_bridge.rows import NARROW
from harness.siteverify_bridge.rows import ROWS
from harness.siteverify_bridge.rows import Row
from siteverify import Status
from siteverify.checks import CHECKS

COMPLAINTS = (Status.FAIL, Status.WARN, Status.UNKNOWN)
CUTTING = (Status.FAIL, Status.UNKNOWN, Status.BLOCKED)
NUMBERED = re.compile(r"[ \d]\d ([a-z.]+) +([.FWUb]{34}) ")
Lines = dict[str, Line]

each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.check}-{row.label}")
each_narrow_row = pytest.mark.parametrize("row", NARROW, ids=lambda row: row.check)


@pytest.mark.parametrize("check", CHECKS)
def test_a_healthy_node_passes_every_check(check: str, healthy: Found) -> None:
    assert (Status.PASS, "OK") == (healthy[check].status, healthy[check].reason_code)


def test_every_check_has_a_row_of_its_own_in_the_order_of_the_checks() -> None:
    assert list(CHECKS) == [row.check for row in NARROW]


def test_the_fault_of_a_narrow_row_breaks_nothing_else() -> None:
    assert [] == [row.check for row in NARROW if row.also]


def test_no_fault_is_tried_twice() -> None:
    labels = [row.label for row in ROWS]
    assert sorted(set(labels)) == sorted(labels)


@each_row
def test_a_check_notices_its_fault(row: Row, lines: Lines) -> None:
    result = lines[row.label].found[row.check]
    assert result.status in COMPLAINTS, result.summary
    assert row.reason == result.reason_code


@each_row
def test_further_checks_notice_a_fault_only_where_the_row_says_so(row: Row, lines: Lines) -> None:
    found = lines[row.label].found
    complaining = {check for check, result in found.items() if result.status in COMPLAINTS}
    assert {row.check, *row.also} == complaining


@each_row
def test_a_check_is_blocked_just_where_it_declares_that_it_depends(row: Row, lines: Lines) -> None:
    found = lines[row.label].found
    cut = {check for check in CHECKS if found[check].status in CUTTING}
    expect = {
        check
        for check in CHECKS
        if check not in (row.check, *row.also) and cut & set(CHECKS[check].depends_on)
    }
    blocked = {check for check in CHECKS if found[check].status is Status.BLOCKED}
    assert expect == blocked
    assert {found[check].blocked_by for check in blocked} <= {row.check, *row.also}


@each_row
def test_all_other_cells_pass(row: Row, lines: Lines) -> None:
    found = lines[row.label].found
    rest = [
        result.status
        for check, result in found.items()
        if check not in (row.check, *row.also) and result.status is not Status.BLOCKED
    ]
    assert [Status.PASS] * len(rest) == rest


@each_narrow_row
def test_a_severe_check_fails_and_a_mild_one_warns(row: Row, lines: Lines) -> None:
    expect = Status.WARN if CHECKS[row.check].severity.value in "WI" else Status.FAIL
    assert expect is lines[row.label].found[row.check].status


def test_the_three_complaints_all_occur(lines: Lines) -> None:
    found = {result.status for line in lines.values() for result in line.found.values()}
    assert {*COMPLAINTS, Status.PASS, Status.BLOCKED} == found


# -- what is printed


def test_the_text_has_a_row_a_fault_and_a_character_a_check(lines: Lines) -> None:
    text = as_text(list(lines.values())).splitlines()
    numbered = [found for line in text if (found := NUMBERED.match(line))]
    cells = {found[1]: found[2] for found in numbered}
    assert list(CHECKS) == list(cells)
    assert "....Fb............................" == cells["auth.proxy.lifetime"]
    assert ".........W........................" == cells["env.home"]
    assert text[-1].startswith(f"RIGHT: {len(ROWS)} faults × {len(CHECKS)} checks")


def test_markdown_has_a_row_a_fault_too(lines: Lines) -> None:
    text = as_markdown(list(lines.values())).splitlines()
    rows = [line for line in text if line.startswith("| ") and "`" in line]
    assert len(ROWS) == len(rows)
    assert (
        "| 3 | auth.cred.present | missing on credential.proxy | FAIL CRED_MISSING "
        "| `..F.bb............................` |"
    ) == rows[2]


def test_a_check_that_does_not_notice_is_marked(lines: Lines) -> None:
    overload = lines["overload on node.load"]
    wrong = replace(overload, row=replace(overload.row, check="env.home"))
    assert ["env.home", "res.load"] == wrong.wrong
    assert "!" == wrong.mark("env.home")
    assert verdict([wrong]).startswith("WRONG: 1 faults × 34 checks: 2 cells")


def test_a_check_that_notices_something_else_is_marked(lines: Lines) -> None:
    line = lines["expired on credential.proxy"]
    assert [] == line.wrong
    odd = replace(line, row=replace(line.row, reason="PROXY_SHORT"))
    assert ["auth.proxy.lifetime"] == odd.wrong


def test_a_check_that_is_blocked_without_having_said_so_is_marked(lines: Lines) -> None:
    line = lines["missing on credential.proxy"]
    found = {**line.found, "res.load": line.found["auth.proxy.voms"]}
    assert ["res.load"] == replace(line, found=found).wrong


def test_a_check_that_is_blocked_by_something_else_is_marked(lines: Lines) -> None:
    line = lines["missing on credential.proxy"]
    other = replace(line.found["auth.proxy.voms"], blocked_by="env.home")
    assert ["auth.proxy.voms"] == replace(
        line, found={**line.found, "auth.proxy.voms": other}
    ).wrong


def test_a_check_that_passes_though_it_should_be_blocked_is_marked(lines: Lines) -> None:
    line = lines["missing on credential.proxy"]
    found = {**line.found, "auth.proxy.voms": line.found["res.load"]}
    assert ["auth.proxy.voms"] == replace(line, found=found).wrong


def test_the_program_ends_with_one_if_a_cell_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = replace(NARROW[-1], check="res.nofile")
    assert 1 == main(["--site", "UC_ITB"], rows=[wrong])
    assert "WRONG: 1 faults" in capsys.readouterr().out
    assert 0 == main(["--markdown"], rows=NARROW[-1:])
    assert capsys.readouterr().out.startswith("| | check | fault |")
