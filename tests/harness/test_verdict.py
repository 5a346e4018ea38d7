"""The verdict on one flight."""

from __future__ import annotations

import dataclasses
import json

import pytest

from harness import verdict as verdict_module
from harness.checkers import Checker
from harness.findings import Finding
from harness.record import Flight
from harness.scenario import Expectation
from harness.scenario import Scenario
from harness.scenario import World
from harness.verdict import Verdict
from harness.verdict import combine
from harness.verdict import judge
from tests.harness.journals import Story
from tests.harness.journals import complete
from tests.harness.journals import healthy
from tests.harness.journals import story

FINISHED = Expectation(states=("finished",))
NO_CLAIM = Expectation()
DEADLOCK = {"why": "deadlock of 20 threads", "stacks": ""}


def judged(told: Story, claims: Expectation = NO_CLAIM, **more: object) -> Verdict:
    return judge(told.flight(), claims, family="core", **more)  # type: ignore[arg-type]


def leaking(told: Story) -> Story:
    """Add a violation to what was told."""
    return told.add("output.leak", who="pilot-1", at=100, file="log", kind="proxy")


# -- pass and fail


def test_a_healthy_flight_that_does_what_is_expected_passes() -> None:
    verdict = judged(complete(), FINISHED)
    assert ("pass", (), ()) == (verdict.state, verdict.findings, verdict.unmet)


def test_a_violation_fails() -> None:
    verdict = judged(leaking(complete()), FINISHED)
    assert ("fail", ["secrets"]) == (verdict.state, [each.checker for each in verdict.findings])


def test_an_expectation_that_is_unmet_fails() -> None:
    verdict = judged(complete(), Expectation(states=("failed",)))
    assert ("fail", ("job 1 is finished, expected failed",)) == (verdict.state, verdict.unmet)


def test_a_violation_that_is_expected_passes_and_is_marked() -> None:
    verdict = judged(leaking(complete()), Expectation(violations=("secrets",)))
    assert ("pass", [True]) == (verdict.state, [each.expected for each in verdict.findings])


def test_a_violation_that_is_expected_and_does_not_come_fails() -> None:
    assert "fail" == judged(complete(), Expectation(violations=("secrets",))).state


def test_an_expected_violation_excuses_no_other() -> None:
    assert "fail" == judged(leaking(complete()), Expectation(violations=("heartbeat-gap",))).state


def test_a_scenario_is_judged_by_what_it_claims_of_the_family() -> None:
    families = {"pilot3": Expectation(states=("failed",))}
    scenario = Scenario("x", World("BNL", "Q", 0.0), expect=FINISHED, families=families)
    states = [
        judge(complete().flight(), scenario, family=name).state for name in ("core", "pilot3")
    ]
    assert ["pass", "fail"] == states


def test_a_pilot_in_a_deadlock_fails() -> None:
    told = healthy().add("guest.stuck", who="pilot-1", at=9000, **DEADLOCK)
    assert "fail" == judged(told.end(at=9000)).state


def test_a_pilot_that_never_ends_fails_at_the_horizon() -> None:
    assert "fail" == judged(healthy().end(at=7400, reason="horizon")).state


def test_a_pilot_that_is_expected_never_to_end_passes_at_the_horizon() -> None:
    told = healthy().end(at=7400, reason="horizon")
    assert "pass" == judged(told, Expectation(violations=("bounded-time",))).state


# -- unknown


def test_a_journal_that_breaks_off_is_unknown() -> None:
    verdict = judged(healthy(), FINISHED)
    assert ("unknown", ("the journal breaks off at 2:01:20",)) == (verdict.state, verdict.notes)


@pytest.mark.parametrize("reason", ["interrupted", "until: 7400", "stopped", "stuck"])
def test_a_flight_that_was_cut_short_is_unknown(reason: str) -> None:
    assert "unknown" == judged(healthy().end(at=7400, reason=reason), FINISHED).state


def test_a_horizon_without_any_pilot_is_unknown() -> None:
    assert "unknown" == judged(story().define(1).end(at=7400, reason="horizon"), FINISHED).state


def test_a_pilot_that_the_batch_system_never_started_leaves_it_unknown() -> None:
    told = story().add("batch.submit", pilot="pilot-1", queue="Q", node="n1", walltime_s=9)
    verdict = judged(told.end(at=7400, reason="horizon"))
    assert ("unknown", ("the flight reached its horizon at 2:03:20: pilot-1 never ran",)) == (
        verdict.state,
        verdict.notes,
    )


@pytest.mark.parametrize("reason", ["horizon", "deadlock"])
def test_a_job_that_nobody_asked_for_leaves_nothing_unknown(reason: str) -> None:
    told = story().define(1).pilot().leave(at=66).end(at=7400, reason=reason)
    assert "pass" == judged(told, Expectation(exit_codes=(0,))).state


def test_a_standstill_without_any_pilot_is_unknown() -> None:
    verdict = judged(story().define(1).end(at=9, reason="deadlock"), FINISHED)
    assert ("unknown", ("the flight came to a standstill at 0:00:09: there was no pilot",)) == (
        verdict.state,
        verdict.notes,
    )


def test_a_pilot_in_a_deadlock_of_the_whole_flight_fails() -> None:
    assert "fail" == judged(healthy().end(at=7400, reason="deadlock")).state


def test_a_fault_that_had_to_fire_and_did_not_leaves_it_unknown() -> None:
    verdict = judged(complete(), Expectation(states=("failed",)), must_fire=["1/hang"])
    assert ("unknown", ("fault 1/hang never fired",)) == (verdict.state, verdict.notes)


def test_a_fault_that_fired_leaves_nothing_unknown() -> None:
    told = complete().add("fault.fired", at=9, fault="1/hang", on="tool.dccp", do="hang", call=1)
    assert "pass" == judged(told, FINISHED, must_fire=["1/hang"]).state


def test_a_violation_in_a_flight_that_was_cut_short_is_a_fact() -> None:
    assert "fail" == judged(leaking(healthy())).state


# -- broken


@pytest.mark.parametrize(
    ("what", "fields", "note"),
    [
        (
            "guest.escape",
            {"kind": "signal", "target": "pid 7", "place": "a.py:3"},
            "the pilot got past the fence: signal pid 7 at a.py:3",
        ),
        (
            "guest.refused",
            {"kind": "fork", "target": "", "place": "b.py:4"},
            "the pilot made a call that is not simulated: fork at b.py:4",
        ),
        (
            "shell.refused",
            {"line": "coproc x", "why": "coproc"},
            "the pilot ran a shell line that is not simulated: coproc x coproc",
        ),
        (
            "guest.stuck",
            {"why": "blocked in C", "stacks": ""},
            "w is stuck at 0:01:40, by our doing: blocked in C",
        ),
    ],
)
def test_what_is_our_fault_breaks_the_run(what: str, fields: dict[str, str], note: str) -> None:
    verdict = judged(complete().add(what, who="w", at=100, **fields), FINISHED)
    assert ("broken", (note,)) == (verdict.state, verdict.notes)


def test_stacks_that_were_asked_for_break_nothing() -> None:
    told = complete().add("guest.stuck", who="pilot-1", at=100, why="asked", stacks="x")
    assert "pass" == judged(told, FINISHED).state


def test_the_same_fault_of_ours_is_noted_once() -> None:
    told = complete()
    for at in (1, 2, 3):
        told.add("guest.refused", who="w", at=at, kind="fork", target="", place="b.py:4")
    assert [True] == [note.endswith("(3 times)") for note in judged(told).notes]


def test_a_broken_run_is_broken_whatever_the_pilot_did() -> None:
    told = leaking(complete()).add(
        "guest.escape", who="w", at=1, kind="signal", target="1", place=""
    )
    assert "broken" == judged(told).state


def test_an_error_of_the_harness_breaks_the_run() -> None:
    verdict = judged(complete(), broken=["the guest's wire was cut"])
    assert ("broken", ("the guest's wire was cut",)) == (verdict.state, verdict.notes)


@pytest.mark.parametrize("reason", ["broken: escape", "harness: KeyError", "error"])
def test_a_flight_that_ended_in_an_error_of_ours_is_broken(reason: str) -> None:
    assert "broken" == judged(healthy().end(at=7400, reason=reason)).state


def test_a_checker_that_breaks_is_our_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(flight: Flight) -> list[Finding]:
        raise KeyError("job")

    checkers = (Checker("careless", "nothing", breaks),)
    monkeypatch.setattr(verdict_module, "known_checkers", lambda: checkers)
    verdict = judged(complete())
    assert ("broken", ("checker careless broke: KeyError: 'job'",)) == (
        verdict.state,
        verdict.notes,
    )


# -- as data


def test_a_verdict_tells_all_that_a_report_needs() -> None:
    told = complete().add("flight.begin", who="world", scenario="first-job", seed=7, pilot="core")
    verdict = judged(
        told,
        FINISHED,
        variant="v",
        wall_s=1.5,
        sha256="ab",
        run_dir="runs/x",
        rerun="flightsim run first-job",
    )
    assert {
        "state": "pass",
        "scenario": "first-job",
        "variant": "v",
        "pilot": "core",
        "seed": 7,
        "findings": [],
        "unmet": [],
        "jobs": {"1": "finished"},
        "virtual_s": 7341.0,
        "wall_s": 1.5,
        "sha256": "ab",
        "run_dir": "runs/x",
        "rerun": "flightsim run first-job",
        "schedule": "fifo",
        "notes": [],
    } == verdict.as_dict()


def test_a_verdict_with_findings_is_json() -> None:
    verdict = judged(leaking(complete()))
    assert verdict.as_dict() == json.loads(json.dumps(verdict.as_dict()))


def test_a_verdict_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        judged(complete()).state = "pass"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("state", "code"), [("pass", 0), ("fail", 1), ("unknown", 2), ("broken", 4)]
)
def test_each_state_has_its_exit_code(state: verdict_module.State, code: int) -> None:
    assert code == Verdict(state, "x").exit_code


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ([0, 0], 0),
        ([0, 2], 2),
        ([2, 1, 0], 1),
        ([1, 4, 2], 4),
        ([4, 3], 3),
        ([3, 130], 130),
        ([], 2),
    ],
)
def test_of_many_runs_the_gravest_code_counts(codes: list[int], code: int) -> None:
    assert code == combine(codes)


def test_a_strange_exit_code_is_refused() -> None:
    with pytest.raises(ValueError, match="77 is no exit code"):
        combine([0, 77])


def test_a_flight_without_pilots_that_ran_to_its_end_is_not_doubted() -> None:
    assert "pass" == judged(story().end(at=9, reason="complete")).state
