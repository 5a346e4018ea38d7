"""A pilot's exit code says how it ended."""

from __future__ import annotations

import pytest

from harness.checkers.exit_code import exit_code
from harness.findings import Finding
from tests.harness.journals import Story
from tests.harness.journals import complete
from tests.harness.journals import healthy
from tests.harness.journals import story
from tests.harness.journals import texts


def found(told: Story) -> list[Finding]:
    return exit_code(told.flight())


def told_to_stop(*, code: int | None, signal: int = 0) -> Story:
    """Tell of a pilot that got SIGTERM in the middle of its job, and how it ended."""
    told = healthy().signal("SIGTERM", at=3600).final("failed", at=3700)
    return told.leave(at=3720, code=code, signal=signal)


def test_0_after_a_finished_job_is_right() -> None:
    assert [] == found(complete())


def test_0_without_any_job_is_right() -> None:
    assert [] == found(story().pilot().leave(at=66))


@pytest.mark.parametrize(
    ("code", "words"), [(0, "with 0, as if all were well"), (1, "with 1, as after a traceback")]
)
def test_a_job_left_open_is_found(code: int, words: str) -> None:
    findings = found(healthy().leave(at=9000, code=code))
    assert [f"pilot-1 exited {words}, at 2:30:00 and left job 1 without a final state"] == texts(
        findings
    )
    assert ("1", 9000.0) == (findings[0].job, findings[0].at_s)


def test_a_documented_code_may_leave_a_job_open() -> None:
    assert [] == found(healthy().leave(at=9000, code=77))


def test_a_job_that_never_arrived_is_not_left_open() -> None:
    assert [] == found(story().pilot().dispatch(reply="lost").leave(at=66))


def test_a_final_update_that_the_world_lost_was_sent() -> None:
    assert [] == found(healthy().update("finished", at=8000, reply="gone").leave(at=9000))


@pytest.mark.parametrize("code", [143, -15, 64, 81])
def test_a_code_that_tells_of_the_signal_or_is_documented_is_right(code: int) -> None:
    assert [] == found(told_to_stop(code=code))


def test_an_end_by_the_signal_itself_is_right() -> None:
    assert [] == found(told_to_stop(code=None, signal=15))


@pytest.mark.parametrize("code", [0, 1, 139])
def test_a_code_that_hides_the_signal_is_found(code: int) -> None:
    findings = found(told_to_stop(code=code))
    assert [
        f"pilot-1 got SIGTERM at 1:00:00 (walltime) and exited with {code} at 1:02:00, not with 143"
    ] == texts(findings)


def test_a_pilot_that_was_done_when_the_signal_came_may_exit_with_0() -> None:
    told = healthy().final("finished", at=8000).signal("SIGTERM", at=8010).leave(at=8020)
    assert [] == found(told)


def test_a_pilot_that_had_to_be_killed_has_no_code_of_its_own() -> None:
    told = healthy().signal("SIGTERM", at=3600).signal("SIGKILL", at=3660)
    assert [] == found(told.leave(at=3660, code=None, signal=9))


def test_sigcont_stops_nobody() -> None:
    assert [] == found(
        healthy().signal("SIGCONT", at=100).final("finished", at=8000).leave(at=8020)
    )


def test_a_job_that_the_user_ended_is_not_left_open() -> None:
    assert [] == found(healthy().state("cancelled", at=8000, by="user").leave(at=8100))


def test_a_job_that_the_reaper_ends_later_was_left_open() -> None:
    assert 1 == len(found(healthy().leave(at=8100).state("failed", at=20000, by="reaper")))


def test_what_another_pilot_has_to_do_does_not_keep_this_one() -> None:
    told = healthy().final("finished", at=8000).dispatch(2, pilot="pilot-2", at=8001)
    told.signal("SIGTERM", at=8010, pilot="pilot-1")
    assert [] == found(told.leave(at=8020, pilot="pilot-1"))


def test_a_job_that_never_arrived_does_not_keep_a_pilot() -> None:
    told = healthy().final("finished", at=8000).dispatch(2, at=8001, reply="lost")
    assert [] == found(told.signal("SIGTERM", at=8010).leave(at=8020))
