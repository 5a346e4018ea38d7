"""What a scenario claims of a flight's end, and which of it did not come true."""

from __future__ import annotations

from harness.claims import claims_on
from harness.claims import unmet_claims
from harness.findings import Finding
from harness.scenario import Expectation
from harness.scenario import Scenario
from harness.scenario import World
from tests.harness.journals import Story
from tests.harness.journals import complete
from tests.harness.journals import done_s
from tests.harness.journals import healthy
from tests.harness.journals import story

WORLD = World("BNL", "BNL_ATLAS_1", 0.0)


def unmet(told: Story, claims: Expectation, *findings: Finding) -> list[str]:
    return unmet_claims(told.flight(), claims, findings=findings)


def failed(*, code: int = 1099) -> Story:
    """Tell of a job that failed."""
    told = story().pilot().dispatch()
    return told.final("failed", at=3600, pilotErrorCode=code, pilotErrorDiag="no file")


def test_no_claim_is_always_met() -> None:
    assert [] == unmet(healthy(), Expectation())


def test_a_state_that_is_expected_is_met() -> None:
    assert [] == unmet(complete(), Expectation(states=("failed", "finished")))


def test_another_state_is_unmet_and_says_why() -> None:
    assert ["job 1 is failed (1099: no file), expected finished"] == unmet(
        failed(), Expectation(states=("finished",))
    )


def test_a_job_that_was_never_dispatched_says_so() -> None:
    told = story().define(1).state("activated", at=0, job=1, by="broker")
    assert ["job 1 is activated and was never dispatched, expected finished"] == unmet(
        told, Expectation(states=("finished",))
    )


def test_a_flight_without_jobs_does_not_meet_a_state() -> None:
    assert ["expected a job to be finished, but there was no job"] == unmet(
        story(), Expectation(states=("finished",))
    )


def test_jobs_are_counted_by_state() -> None:
    assert ["expected 2 job(s) to be finished, got 1"] == unmet(
        complete(), Expectation(counts={"finished": 2, "failed": 0})
    )


def test_a_failed_job_must_report_one_of_the_codes() -> None:
    claims = Expectation(pilot_error_codes=(1099, 1152))
    assert [] == unmet(failed(), claims)
    assert ["job 1 failed with pilotErrorCode 1305, expected 1099 or 1152"] == unmet(
        failed(code=1305), claims
    )


def test_codes_are_asked_of_failed_jobs_only() -> None:
    assert [] == unmet(complete(), Expectation(pilot_error_codes=(1099,)))


def test_a_final_state_in_time_is_met() -> None:
    assert [] == unmet(complete(), Expectation(within_s=done_s() + 5))


def test_a_final_state_that_comes_late_is_unmet() -> None:
    assert ["job 1 was finished only at 2:01:25, expected a final state within 1 h"] == unmet(
        complete(), Expectation(within_s=3600.0)
    )


def test_a_final_state_that_never_comes_is_unmet() -> None:
    assert ["job 1 is running at the end, expected a final state within 1 h"] == unmet(
        healthy(), Expectation(within_s=3600.0)
    )


def test_a_pilots_exit_code_is_compared() -> None:
    assert [] == unmet(complete(), Expectation(exit_codes=(0,)))
    assert ["pilot-1 exited with 0, expected 77 or 143"] == unmet(
        complete(), Expectation(exit_codes=(77, 143))
    )


def test_an_end_by_a_signal_counts_as_a_shell_counts_it() -> None:
    told = story().pilot().leave(at=9, code=None, signal=15)
    assert [] == unmet(told, Expectation(exit_codes=(143,)))


def test_a_pilot_that_never_ended_has_no_exit_code() -> None:
    assert ["pilot-1 never ended, expected 0"] == unmet(healthy(), Expectation(exit_codes=(0,)))


def test_a_violation_that_is_expected_must_be_found() -> None:
    claims = Expectation(violations=("heartbeat-gap",))
    assert [] == unmet(complete(), claims, Finding("heartbeat-gap", "x", 0.0))
    assert ["expected 'heartbeat-gap' to fire, but it found nothing"] == unmet(complete(), claims)


def test_a_misspelt_violation_is_answered_with_the_nearest_name() -> None:
    assert [
        "expected 'heartbeat-gab' to fire, but it found nothing; did you mean 'heartbeat-gap'?"
    ] == (unmet(complete(), Expectation(violations=("heartbeat-gab",))))


def test_a_scenario_claims_something_else_of_another_family() -> None:
    scenario = Scenario(
        "x",
        WORLD,
        expect=Expectation(states=("finished",), exit_codes=(0,)),
        families={"pilot3": Expectation(states=("failed",))},
    )
    assert Expectation(states=("failed",), exit_codes=(0,)) == claims_on(scenario, family="pilot3")
    assert Expectation(states=("finished",), exit_codes=(0,)) == claims_on(scenario, family="core")


def test_a_bare_expectation_claims_the_same_of_all() -> None:
    claims = Expectation(states=("finished",))
    assert claims == claims_on(claims, family="pilot3")


def test_a_wrong_state_without_an_error_has_no_reason_to_give() -> None:
    assert ["job 1 is finished, expected failed"] == unmet(
        complete(), Expectation(states=("failed",))
    )


def test_an_error_without_words_is_given_by_its_code() -> None:
    told = story().dispatch().update("failed", at=9, pilotErrorCode=1099).state("failed", at=9)
    assert ["job 1 is failed (1099: ), expected finished"] == unmet(
        told, Expectation(states=("finished",))
    )
