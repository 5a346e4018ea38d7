"""A failed job says why."""

from __future__ import annotations

import pytest

from harness.checkers.error_named import error_named
from harness.findings import Finding
from tests.harness.journals import Story
from tests.harness.journals import complete
from tests.harness.journals import story
from tests.harness.journals import texts


def failed(**fields: object) -> list[Finding]:
    """Return what is found in a job that failed with these fields."""
    told: Story = story().pilot().dispatch()
    return error_named(told.update("failed", at=3600, **fields).flight())  # type: ignore[arg-type]


def test_a_job_that_finished_needs_no_cause() -> None:
    assert [] == error_named(complete().flight())


@pytest.mark.parametrize(
    "fields",
    [
        {"pilotErrorCode": 1099, "pilotErrorDiag": "Failed to stage-in file"},
        {"pilotErrorCode": "1099", "pilotErrorDiag": "Failed to stage-in file"},
        {"pilotErrorCode": 0, "transExitCode": 65, "exeErrorDiag": "the transform failed"},
        {"pilot_error_code": 1099, "pilot_error_diag": "Failed to stage-in file"},
        {"pilotErrorCode": 1099, "pilotErrorDiag": "x" * 256},
    ],
)
def test_a_cause_with_code_and_words_is_right(fields: dict[str, object]) -> None:
    assert [] == failed(**fields)


@pytest.mark.parametrize("code", [0, "0", None, ""])
def test_a_failure_without_code_is_found(code: object) -> None:
    findings = failed(pilotErrorCode=code, pilotErrorDiag="it failed")
    assert [
        (
            "job 1 on pilot-1 failed at 1:00:00 without an error code (pilotErrorCode, "
            "transExitCode, exeErrorCode are 0 or missing)"
        )
    ] == texts(findings)
    assert ("1", 3600.0) == (findings[0].job, findings[0].at_s)


@pytest.mark.parametrize("diag", ["", "  ", None])
def test_a_failure_without_words_is_found(diag: object) -> None:
    assert [
        "job 1 on pilot-1 failed at 1:00:00 without a word on the cause (pilotErrorDiag is empty)"
    ] == texts(failed(pilotErrorCode=1099, pilotErrorDiag=diag))


def test_words_that_the_monitor_would_cut_are_found() -> None:
    findings = failed(pilotErrorCode=1099, pilotErrorDiag="x" * 257)
    assert "with a pilotErrorDiag of 257 characters (limit 256)" in findings[0].text


def test_words_that_are_no_text_are_found() -> None:
    findings = failed(pilotErrorCode=1099, pilotErrorDiag={"why": "no"})
    assert "with a pilotErrorDiag that is no text but dict" in findings[0].text


def test_a_lost_heartbeat_needs_no_word_of_the_pilot() -> None:
    told = story().pilot().dispatch().update("running", at=10)
    assert [] == error_named(told.state("failed", at=20000, by="reaper").flight())


@pytest.mark.parametrize("code", [7, "65", 999])
def test_an_exit_code_in_the_place_of_an_error_code_is_found(code: object) -> None:
    (found,) = failed(pilotErrorCode=code, pilotErrorDiag="failed")
    assert "which is none of a pilot's" in found.text
