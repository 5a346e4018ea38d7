"""The failure block."""

from __future__ import annotations

import json
from pathlib import Path

from reports.failure import FINDINGS_MAX
from reports.failure import epoch_of
from reports.failure import failure_block
from tests.reports.verdicts import BROKEN
from tests.reports.verdicts import FAILED
from tests.reports.verdicts import finding
from tests.reports.verdicts import verdict

START_S = 1_772_352_000.0
BLOCK = """\
FAIL  hanging-transfer · core · seed 7
  violated  heartbeat-gap: no update for 2 h 10 min while staging in
            at 2h01m30s (2026-03-01T10:01:30Z) · job 6000000001 · events 812, 1190
  unmet     job 6000000001 is running, expected failed
  repeat    flightsim run hanging-transfer --pilot core --seeds 7
  look      runs/hanging-transfer/core-7"""


def test_the_block_says_what_when_which_job_and_how_to_see_it_again() -> None:
    assert BLOCK == failure_block(FAILED, epoch=START_S)


def test_without_a_journal_only_the_virtual_time_is_told() -> None:
    assert "            at 2h01m30s · job 6000000001 ·" in failure_block(FAILED)


def test_what_the_scenario_expected_to_fire_is_no_violation() -> None:
    block = failure_block(verdict(state="fail", findings=[finding(expected=True)]))
    assert "violated" not in block


def test_many_findings_are_cut_and_counted() -> None:
    many = [finding() for _ in range(FINDINGS_MAX + 5)]
    block = failure_block(verdict(state="fail", findings=many))
    assert FINDINGS_MAX == block.count("violated")
    assert "and 5 more, in verdict.json" in block


def test_many_witnesses_are_cut() -> None:
    block = failure_block(verdict(state="fail", findings=[finding(witnesses=list(range(20)))]))
    assert "events 0, 1, 2, 3, 4, 5, 6, 7, …" in block


def test_one_witness_is_singular_and_no_job_is_left_out() -> None:
    block = failure_block(verdict(state="fail", findings=[finding(job=None, witnesses=[3])]))
    assert "            at 2h01m30s · event 3\n" in block


def test_a_broken_flight_shows_what_broke_line_by_line() -> None:
    expected = "  note      Traceback\n              File x\n            RuntimeError: ours\n"
    assert expected in failure_block(BROKEN)


def test_only_the_verdict_is_coloured() -> None:
    block = failure_block(FAILED, colours=True)
    assert block.startswith("\x1b[31mFAIL\x1b[0m  hanging-transfer")
    assert 2 == block.count("\x1b")


def test_the_start_is_read_from_the_header_of_the_journal(tmp_path: Path) -> None:
    header = json.dumps({"journal": 1, "scenario": "first-job", "start": START_S})
    (tmp_path / "events.jsonl").write_text(f'{header}\n{{"t":0.0}}\n')
    assert START_S == epoch_of(verdict(run_dir=str(tmp_path)))


def test_a_journal_that_is_missing_or_damaged_has_no_start(tmp_path: Path) -> None:
    assert epoch_of(verdict(run_dir=str(tmp_path))) is None
    assert epoch_of(verdict(run_dir="")) is None
    (tmp_path / "events.jsonl").write_text("{not json\n{}\n")
    assert epoch_of(verdict(run_dir=str(tmp_path))) is None
