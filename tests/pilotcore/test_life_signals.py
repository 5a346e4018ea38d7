"""Whole lives that a signal, or the end of the pilot's time, cuts short in each phase."""

from __future__ import annotations

from typing import Any

import pytest

from pilotcore.errors import DIAG_LENGTH_MAX
from pilotcore.platform import Exit
from pilotcore.platform import Response
from tests.pilotcore.grid import HOUR
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import record
from tests.pilotcore.scripted import ScriptedChild

NOTICE_FAIR_S = 30.0


def slow_getjob(grid: Grid, seconds: float) -> None:
    usual = grid.getJob

    def slow(fields: dict[str, Any]) -> Response:
        grid.platform.sleep(seconds)
        return usual(fields)

    grid.getJob = slow  # type: ignore[method-assign]


def slow_copies(grid: Grid, end: str, seconds: float) -> None:
    """Let copies of the file called *end* take *seconds* the first time."""
    usual, slow = grid.run_xrdcp, [end]

    def run(child: ScriptedChild) -> Exit:
        if slow and any(word.endswith(end) for word in child.argv[-2:]):
            slow.pop()
            child.sleep(seconds)
        return usual(child)

    grid.run_xrdcp = run  # type: ignore[method-assign]


# Times: stage-in until 10 s, payload until 7210 s, stage-out until 7220 s, log until 7230 s.
@pytest.mark.parametrize(
    ("seconds", "phase"),
    [(5.0, "stage-in"), (3000.0, "payload"), (7215.0, "stage-out"), (7225.0, "log")],
)
def test_sigterm_ends_the_job_as_failed_with_its_log_in_time(
    grid: Grid, seconds: float, phase: str
) -> None:
    grid.signal_at(seconds)
    code = grid.fly()
    assert (143, "failed", 1201) == (code, grid.final["state"], grid.final["pilotErrorCode"])
    assert ["job.log.tgz"] == list(grid.xml)
    assert grid.platform.clock.now - seconds < NOTICE_FAIR_S


def test_no_process_is_left_after_sigterm(grid: Grid) -> None:
    grid.signal_at(3000.0)
    grid.fly()
    assert [] == [child.argv for child in grid.platform.children if child.exit() is None]


def test_a_payload_that_ignores_sigterm_is_killed_within_the_notice(grid: Grid) -> None:
    usual = grid.run_payload

    def stubborn(child: ScriptedChild) -> Exit:
        child.ignores = {15}
        return usual(child)

    grid.run_payload = stubborn  # type: ignore[method-assign]
    grid.signal_at(3000.0)
    grid.fly()
    assert 1201 == grid.final["pilotErrorCode"]
    assert grid.platform.clock.now - 3000.0 < NOTICE_FAIR_S


def test_sigterm_before_there_is_a_job_ends_the_pilot_without_asking_for_one(grid: Grid) -> None:
    usual = grid.run_df

    def slow(child: ScriptedChild) -> Exit:
        child.sleep(20.0)
        return usual(child)

    grid.run_df = slow  # type: ignore[method-assign]
    grid.signal_at(10.0)
    assert (143, [], 1) == (grid.fly(), grid.updates, len(grid.jobs))


def test_sigterm_between_two_requests_ends_the_pilot_at_once(grid: Grid) -> None:
    grid.jobs = []
    grid.signal_at(30.0)
    assert (143, 30.0) == (grid.fly(), grid.platform.clock.now)


def test_a_job_that_arrives_just_after_sigterm_is_reported(grid: Grid) -> None:
    slow_getjob(grid, 20.0)
    grid.signal_at(18.0)
    assert (143, 1201) == (grid.fly(), grid.final["pilotErrorCode"])
    assert [] == grid.platform.ran("/bin/bash")


def test_a_job_that_does_not_arrive_is_not_waited_for_after_sigterm(grid: Grid) -> None:
    slow_getjob(grid, 100.0)
    grid.signal_at(18.0)
    assert (143, []) == (grid.fly(), grid.updates)
    assert grid.platform.clock.now < 18.0 + NOTICE_FAIR_S


def test_sigterm_after_the_final_update_does_not_change_it(grid: Grid) -> None:
    usual = grid.take

    def take(update: dict[str, Any]) -> Response:
        answer = usual(update)
        return Response(500, b"") if update["state"] == "finished" else answer

    grid.take = take  # type: ignore[method-assign]
    grid.signal_at(7400.0)
    assert (143, "finished") == (grid.fly(), grid.final["state"])
    assert grid.platform.clock.now < 7400.0 + NOTICE_FAIR_S
    assert 1 == len(list(grid.start.glob("pilotcore-final-*.json")))


def test_a_log_that_hangs_does_not_cost_the_final_update_its_notice(grid: Grid) -> None:
    slow_copies(grid, "job.log.tgz", 1e9)
    grid.signal_at(3000.0)
    assert (143, 1201) == (grid.fly(), grid.final["pilotErrorCode"])
    assert grid.platform.clock.now - 3000.0 < NOTICE_FAIR_S


def test_a_transfer_of_the_log_that_a_signal_interrupts_is_begun_anew(grid: Grid) -> None:
    slow_copies(grid, "job.log.tgz", 300.0)
    grid.signal_at(7300.0)
    grid.fly()
    assert (1201, ["job.log.tgz"]) == (grid.final["pilotErrorCode"], list(grid.xml))


@pytest.mark.parametrize(
    ("number", "error", "code"),
    [(15, 1201, 143), (3, 1202, 131), (24, 1204, 152), (10, 1207, 138), (2, 1208, 130)],
)
def test_each_signal_has_its_error_and_its_exit_code(
    grid: Grid, number: int, error: int, code: int
) -> None:
    grid.signal_at(3000.0, number)
    assert (code, error) == (grid.fly(), grid.final["pilotErrorCode"])


def test_sigterm_on_kubernetes_is_preemption(grid: Grid) -> None:
    grid.env["K8S_JOB_ID"] = "x"
    grid.signal_at(3000.0)
    assert (143, 1379) == (grid.fly(), grid.final["pilotErrorCode"])


def test_a_second_signal_changes_nothing(grid: Grid) -> None:
    grid.signal_at(3000.0)
    grid.signal_at(3002.0, 2)
    assert (143, 1201) == (grid.fly(), grid.final["pilotErrorCode"])


def test_a_signal_is_not_the_cause_of_a_job_that_had_failed_before(grid: Grid) -> None:
    grid.run_payload = lambda child: Exit(7)  # type: ignore[method-assign]
    slow_copies(grid, "job.log.tgz", 300.0)
    grid.signal_at(100.0)
    assert (143, 1305) == (grid.fly(), grid.final["pilotErrorCode"])


def test_a_payload_that_dies_of_the_signal_first_is_not_the_cause(grid: Grid) -> None:
    """The batch system signals the whole group; the payload may be gone before the pilot knows."""

    def dies(child: ScriptedChild) -> Exit:
        child.sleep(100.0)
        return Exit(0, 15)

    grid.run_payload = dies  # type: ignore[method-assign]
    slow_copies(grid, "job.log.tgz", 300.0)
    grid.signal_at(110.5)
    grid.fly()
    assert (1201, 143) == (grid.final["pilotErrorCode"], grid.final["transExitCode"])


@pytest.mark.parametrize("lifetime", [4000, 7218])
def test_a_job_that_outlives_the_pilot_is_stopped_and_reported_in_time(
    grid: Grid, lifetime: int
) -> None:
    code = grid.fly("-l", str(lifetime))
    assert (81, 1213) == (code, grid.final["pilotErrorCode"])
    assert grid.platform.clock.now < lifetime


def test_the_queue_may_shorten_the_lifetime(grid: Grid) -> None:
    queue = grid.queue()
    assert isinstance(queue, dict)
    grid.queue = lambda: {**queue, "maxtime": 3600}  # type: ignore[method-assign]
    assert (81, 1213) == (grid.fly(), grid.final["pilotErrorCode"])


def test_a_transfer_does_not_outlive_the_pilot(grid: Grid) -> None:
    grid.jobs = [record(fsize="9000000000", checksum="NULL")]
    grid.copy_s = 2 * HOUR
    grid.fly("-l", "3600")
    assert 1213 == grid.final["pilotErrorCode"]


def test_the_diagnostics_fit_what_the_server_keeps(grid: Grid) -> None:
    grid.run_xrdcp = lambda child: Exit(1, 0, "", "x" * 5000)  # type: ignore[method-assign]
    grid.fly()
    assert DIAG_LENGTH_MAX == len(grid.final["pilotErrorDiag"])
