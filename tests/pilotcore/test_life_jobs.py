"""Whole lives in which the payload, a limit, a credential or another clone decides."""

from __future__ import annotations

import os
from typing import Any

import pytest

from pilotcore.platform import Exit
from pilotcore.platform import Response
from tests.pilotcore.grid import HOUR
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import lost
from tests.pilotcore.grid import record
from tests.pilotcore.grid import refused
from tests.pilotcore.scripted import ScriptedChild


def payload(grid: Grid, **files: bytes) -> None:
    """Let the payload write *files* (``__`` stands for a dot) and end well."""

    def run(child: ScriptedChild) -> Exit:
        assert child.command.cwd is not None
        for name, data in files.items():
            (child.command.cwd / name.replace("__", ".")).write_bytes(data)
        return Exit(0)

    grid.run_payload = run  # type: ignore[method-assign]


# -- payload


@pytest.mark.parametrize("code", [1, 3, 7, 64, 250])
def test_the_payloads_exit_code_keeps_its_value(grid: Grid, code: int) -> None:
    grid.run_payload = lambda child: Exit(code)  # type: ignore[method-assign]
    pilot_code = grid.fly()
    assert (0, 1305, code) == (
        pilot_code,
        grid.final["pilotErrorCode"],
        grid.final["transExitCode"],
    )


@pytest.mark.parametrize("how", [Exit(139), Exit(0, 11)])
def test_a_segmentation_fault_has_a_code_of_its_own(grid: Grid, how: Exit) -> None:
    grid.run_payload = lambda child: how  # type: ignore[method-assign]
    grid.fly()
    assert (1328, 139) == (grid.final["pilotErrorCode"], grid.final["transExitCode"])


def test_a_missing_output_fails_the_job(grid: Grid) -> None:
    payload(grid)
    grid.fly()
    assert (1165, 0) == (grid.final["pilotErrorCode"], grid.final["transExitCode"])


def test_an_empty_output_is_not_registered(grid: Grid) -> None:
    payload(grid, out__root=b"")
    grid.fly()
    assert (1191, ["job.log.tgz"]) == (grid.final["pilotErrorCode"], list(grid.xml))


def test_an_output_that_may_be_missing_may_be_missing(grid: Grid) -> None:
    grid.jobs = [record(allowNoOutput="out.root")]
    payload(grid)
    assert (0, "finished", ["job.log.tgz"]) == (grid.fly(), grid.final["state"], list(grid.xml))


def test_the_job_report_is_passed_on(grid: Grid) -> None:
    payload(grid, out__root=b"data", jobReport__json=b'{"exitCode": 5, "exitMsg": "five"}')
    grid.fly()
    assert (5, "five") == (grid.final["exeErrorCode"], grid.final["exeErrorDiag"])


def test_a_job_report_that_is_garbage_does_no_harm(grid: Grid) -> None:
    payload(grid, out__root=b"data", jobReport__json=b"{")
    assert (0, "finished") == (grid.fly(), grid.final["state"])


def test_the_payload_runs_in_its_directory_with_the_proxy_and_without_the_token(grid: Grid) -> None:
    grid.env["PANDA_AUTH_TOKEN"] = "secret"
    grid.fly()
    command = grid.platform.ran("/bin/bash")[0].command
    assert ("/bin/bash", "-c", "./payload --events 10") == command.argv
    assert command.env is not None
    assert (True, False) == ("X509_USER_PROXY" in command.env, "PANDA_AUTH_TOKEN" in command.env)


def test_what_the_payload_left_running_in_its_group_is_killed(grid: Grid) -> None:
    grid.fly()
    assert [9] == grid.platform.ran("/bin/bash")[0].late_signals


@pytest.mark.parametrize(
    "answer", [Response(404, b""), Response(200, b""), Response(200, b"<html>Welcome"), None]
)
def test_a_transform_that_cannot_be_had_fails_the_job(grid: Grid, answer: Response | None) -> None:
    usual = grid.http

    def http(request: Any) -> Response:
        if "/trf/" in request.url:
            if answer is None:
                raise refused()
            return answer
        return usual(request)

    grid.platform._http = http
    grid.fly()
    assert 1149 == grid.final["pilotErrorCode"]


def test_a_transform_from_elsewhere_is_not_downloaded(grid: Grid) -> None:
    grid.jobs = [record(transformation="http://pandaserver.sim:25085/trf/user2/payload")]
    grid.fly()
    asked = [each.request.url for each in grid.platform.asked]
    assert (1149, False) == (grid.final["pilotErrorCode"], any("/trf/" in url for url in asked))


# -- limits


def test_a_payload_that_touches_nothing_is_killed_as_looping(grid: Grid) -> None:
    grid.payload_s, grid.touches = 24 * HOUR, False
    grid.fly()
    signalled = grid.platform.ran("/bin/bash")[0].signals[0]
    assert (1150, (7210.0, 15)) == (grid.final["pilotErrorCode"], signalled)


def test_a_payload_that_touches_its_files_is_not_looping(grid: Grid) -> None:
    grid.payload_s = 24 * HOUR
    grid.fly()
    assert "finished" == grid.final["state"]


def test_a_payload_that_the_batch_system_stopped_is_not_looping(grid: Grid) -> None:
    grid.payload_s, grid.touches = 9 * HOUR, False
    grid.run_ps = lambda child: Exit(0, 0, "T\n")  # type: ignore[attr-defined]
    grid.fly()
    assert "finished" == grid.final["state"]


def test_a_job_may_switch_the_looping_check_off(grid: Grid) -> None:
    grid.jobs = [record(loopingCheck="False")]
    grid.payload_s, grid.touches = 9 * HOUR, False
    grid.fly()
    assert "finished" == grid.final["state"]


def grows(grid: Grid, name: str, size: int) -> None:
    """Let the payload write a sparse file of *size* bytes, and then work on."""
    usual = grid.run_payload

    def run(child: ScriptedChild) -> Exit:
        assert child.command.cwd is not None
        with open(child.command.cwd / name, "wb") as target:
            os.truncate(target.fileno(), size)
        child.sleep(1000.0)
        return usual(child)

    grid.run_payload = run  # type: ignore[method-assign]


def test_a_payload_that_prints_too_much_is_killed(grid: Grid) -> None:
    grows(grid, "payload.stdout", 3 * 1024**3)
    grid.fly()
    assert 1106 == grid.final["pilotErrorCode"]
    assert "payload.stdout.tail" in grid.log_members()


def test_a_payload_that_fills_its_directory_is_killed(grid: Grid) -> None:
    grows(grid, "core", 21_000_000_000)
    grid.fly()
    assert 1104 == grid.final["pilotErrorCode"]


def test_a_disk_that_fills_up_ends_job_and_pilot(grid: Grid) -> None:
    def run(child: ScriptedChild) -> Exit:
        grid.free_mb = 10
        child.sleep(1000.0)
        return Exit(1)

    grid.run_payload = run  # type: ignore[method-assign]
    assert (69, 1098) == (grid.fly(), grid.final["pilotErrorCode"])


def test_a_full_disk_at_the_start_ends_the_pilot_before_it_asks(grid: Grid) -> None:
    grid.free_mb = 2000
    assert (69, 1) == (grid.fly(), len(grid.jobs))


def test_a_df_that_does_not_work_stops_nobody(grid: Grid) -> None:
    grid.run_df = lambda child: Exit(1, 0, "", "df: no")  # type: ignore[method-assign]
    assert 0 == grid.fly()


# -- credentials


@pytest.mark.parametrize(
    ("proxy_s", "voms_s", "code"),
    [(0, 0, 68), (HOUR, 0, 68), (0, HOUR, 68), (HOUR, 600, 80), (600, HOUR, 80), (HOUR, HOUR, 0)],
)
def test_no_job_is_asked_for_with_a_credential_that_would_not_do(
    grid: Grid, proxy_s: float, voms_s: float, code: int
) -> None:
    grid.lifetimes = [proxy_s, voms_s]
    grid.jobs = []
    code_found = grid.fly("-v", "1")
    asked = any(each.request.url.endswith("getJob") for each in grid.platform.asked)
    assert (code, code == 0) == (code_found, asked)


def test_expired_attributes_are_told_from_an_expired_proxy(grid: Grid) -> None:
    grid.lifetimes = [HOUR, 0]
    grid.fly()
    assert ("1177" in grid.log, "1163" in grid.log) == (True, False)


def test_a_job_is_ended_and_reported_before_its_attributes_expire(grid: Grid) -> None:
    grid.lifetimes = [96 * HOUR, HOUR]
    code = grid.fly()
    assert (68, 1370, ["job.log.tgz"]) == (code, grid.final["pilotErrorCode"], list(grid.xml))
    assert grid.platform.clock.now < HOUR


def test_attributes_that_are_renewed_in_time_let_the_job_go_on(grid: Grid) -> None:
    grid.lifetimes = [96 * HOUR, HOUR]
    grid.at.append((2000.0, lambda: grid.lifetimes.__setitem__(1, 96 * HOUR)))
    assert (0, "finished") == (grid.fly(), grid.final["state"])


def test_attributes_that_expired_behind_its_back_are_found_before_stage_out(grid: Grid) -> None:
    def run(child: ScriptedChild) -> Exit:
        grid.lifetimes[1] = 0
        return Exit(0)

    grid.run_payload = run  # type: ignore[method-assign]
    code = grid.fly()
    puts = [child for child in grid.platform.ran("xrdcp") if child.argv[-2].endswith("out.root")]
    assert (68, 1177, []) == (code, grid.final["pilotErrorCode"], puts)


def test_a_door_that_refuses_expired_attributes_is_not_blamed(grid: Grid) -> None:
    def refuse(child: ScriptedChild) -> Exit:
        grid.lifetimes[1] = 0
        return Exit(1, 0, "", "Permission denied")

    grid.run_xrdcp = refuse  # type: ignore[method-assign]
    grid.fly()
    assert 1177 == grid.final["pilotErrorCode"]


# -- clones


def clone(kind: str) -> dict[str, object]:
    return record(cloneJob=kind)


RANGE = [{"eventRangeID": "11-6001-1-1-1"}]


@pytest.mark.parametrize("dialect", ["legacy", "api"])
def test_a_clone_that_gets_its_ranges_runs(tmp_path: Any, dialect: str) -> None:
    grid = Grid(tmp_path, dialect=dialect)
    grid.jobs, grid.ranges = [clone("runonce")], [RANGE]
    assert (0, "finished") == (grid.fly(), grid.final["state"])


def test_a_clone_asks_before_anything_else_is_done_for_it(grid: Grid) -> None:
    grid.jobs, grid.ranges = [clone("runonce")], [RANGE]
    grid.fly()
    called = [each.request.url.rpartition("/")[2] for each in grid.platform.asked]
    assert "getEventRanges" == called[called.index("getJob") + 1]


@pytest.mark.parametrize("dialect", ["legacy", "api"])
def test_a_clone_that_has_lost_stops_and_is_closed(tmp_path: Any, dialect: str) -> None:
    grid = Grid(tmp_path, dialect=dialect)
    grid.jobs, grid.ranges = [clone("runonce")], [[]]
    code = grid.fly()
    status = "jobSubStatus" if dialect == "legacy" else "job_sub_status"
    error = "pilotErrorCode" if dialect == "legacy" else "pilot_error_code"
    assert (0, 1234, "pilot_closed") == (code, grid.final[error], grid.final[status])
    assert [] == grid.platform.ran("/bin/bash")


def test_an_empty_list_after_a_lost_answer_does_not_stop_a_clone(grid: Grid) -> None:
    grid.jobs, grid.ranges = [clone("runonce")], [lost(), []]
    assert (0, "finished") == (grid.fly(), grid.final["state"])


def test_an_empty_list_after_a_refused_connection_does(grid: Grid) -> None:
    grid.jobs, grid.ranges = [clone("runonce")], [refused(), []]
    grid.fly()
    assert 1234 == grid.final["pilotErrorCode"]


def test_a_clone_that_cannot_ask_does_not_run(grid: Grid) -> None:
    grid.jobs, grid.ranges = [clone("runonce")], [refused()] * 9
    grid.fly()
    assert (1318, []) == (grid.final["pilotErrorCode"], grid.platform.ran("/bin/bash"))


def test_a_clone_that_stores_once_asks_before_its_outputs_are_stored(grid: Grid) -> None:
    grid.jobs, grid.ranges = [clone("storeonce")], [[]]
    grid.fly()
    assert (1234, ["job.log.tgz"]) == (grid.final["pilotErrorCode"], list(grid.xml))
    assert 1 == len(grid.platform.ran("/bin/bash"))


def test_an_unexpected_exception_is_reported_and_logged(
    grid: Grid, monkeypatch: pytest.MonkeyPatch
) -> None:
    def surprise(*args: object) -> None:
        raise RuntimeError("surprise")

    monkeypatch.setattr("pilotcore.work.find_outputs", surprise)
    assert (0, 1301) == (grid.fly(), grid.final["pilotErrorCode"])
    assert 'raise RuntimeError("surprise")' in grid.log_members()["pilotlog.txt"]
