"""The contract of the exit code."""

from __future__ import annotations

import pytest

from siteverify.outcome import Owner
from siteverify.outcome import Severity
from siteverify.outcome import Status
from siteverify.render.nagios import nagios_code
from siteverify.results import Result
from siteverify.results import RunRecord
from siteverify.results import exit_code


def record_of(*statuses: Status) -> RunRecord:
    results = tuple(
        Result(
            check_id=f"a.{number}",
            version=1,
            title="a thing",
            status=status,
            severity=Severity.ERROR,
            owner=Owner.SITE,
            vantage="WN",
            reason_code="X",
            summary="so",
            started_at=0.0,
            duration_s=0.0,
        )
        for number, status in enumerate(statuses)
    )
    return RunRecord(
        profile="standard",
        vantage="WN",
        host="wn001.sim",
        site="",
        queue="",
        batch_id="",
        catalogue_hash="0",
        started_at=0.0,
        finished_at=0.0,
        duration_s=0.0,
        results=results,
    )


P, W, F, U = Status.PASS, Status.WARN, Status.FAIL, Status.UNKNOWN
S, B, E = Status.SKIP, Status.BLOCKED, Status.EXEMPT


@pytest.mark.parametrize(
    ("statuses", "plain", "strict", "nagios"),
    [
        ((), 0, 0, 0),
        ((P, S, E), 0, 0, 0),
        ((P, W), 0, 1, 1),
        ((P, E, B), 0, 0, 0),
        ((P, W, U), 3, 3, 3),
        ((U, B), 3, 3, 3),
        ((P, W, U, F), 2, 2, 2),
        ((F, B), 2, 2, 2),
    ],
)
def test_the_exit_code_is_that_of_the_worst(
    statuses: tuple[Status, ...], plain: int, strict: int, nagios: int
) -> None:
    record = record_of(*statuses)
    codes = (exit_code(record), exit_code(record, strict=True), nagios_code(record))
    assert (plain, strict, nagios) == codes


def test_every_status_is_counted() -> None:
    counts = record_of(P, P, F).counts()
    assert (2, 1, 0) == (counts[P], counts[F], counts[U])
    assert set(Status) == set(counts)
