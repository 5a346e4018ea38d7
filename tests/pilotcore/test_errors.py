"""The table of errors, and which of several failures is the cause."""

from __future__ import annotations

import pytest

from pilotcore.errors import ERRORS
from pilotcore.errors import ROWS
from pilotcore.errors import Diagnosis
from pilotcore.errors import Failure
from pilotcore.exitcodes import ENDS_PILOT
from pilotcore.exitcodes import SHELL
from pilotcore.exitcodes import exit_code

OWNERS = {"batch", "central", "pilot", "site", "user"}


def test_every_code_stands_once_and_has_a_name_a_text_and_an_owner() -> None:
    assert len(ROWS) == len(ERRORS) == len({row.name for row in ROWS})
    assert [] == [row for row in ROWS if not row.text or row.owner not in OWNERS]


def test_every_exit_code_is_of_an_error_of_the_table() -> None:
    assert [] == [code for code in (*SHELL, *ENDS_PILOT) if code not in ERRORS]


@pytest.mark.parametrize(
    ("failures", "cause"),
    [
        ([], None),
        ([Failure(1151), Failure(1320)], 1151),
        ([Failure(1320), Failure(1151)], 1151),
        ([Failure(1151), Failure(1137)], 1151),
        ([Failure(1383), Failure(1177)], 1177),
        ([Failure(1305), Failure(1201)], 1305),
        ([Failure(1305, consequence=True), Failure(1201)], 1201),
        ([Failure(1177), Failure(1098)], 1177),
    ],
)
def test_the_first_failure_of_the_lowest_rank_is_the_cause(
    failures: list[Failure], cause: int | None
) -> None:
    diagnosis = Diagnosis()
    for failure in failures:
        diagnosis.add(failure)
    assert cause == (diagnosis.cause.code if diagnosis.cause else None)


def test_diagnostics_are_one_line_of_at_most_256_characters() -> None:
    diag = Failure(1099, "a\nb" + "x" * 500).diag
    assert (256, "Failed to stage-in file: a b") == (len(diag), diag[:28])


@pytest.mark.parametrize(
    ("failure", "code"), [(None, 0), (Failure(1177), 68), (Failure(1318), 79), (Failure(1137), 65)]
)
def test_the_exit_code_of_a_pilot_is_that_of_its_failure(
    failure: Failure | None, code: int
) -> None:
    assert code == exit_code(failure)
