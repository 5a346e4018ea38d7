"""Whole lives in which the server, or the way to it, is not as it should be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pilotcore.platform import HttpFailure
from pilotcore.platform import Request
from pilotcore.platform import Response
from tests.pilotcore.grid import HOUR
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import gaps
from tests.pilotcore.grid import lost
from tests.pilotcore.grid import record
from tests.pilotcore.grid import refused

PAGE = Response(200, b'<!DOCTYPE html><a href="?a=b&StatusCode">Welcome</a>')


def payloads(grid: Grid) -> int:
    return len(grid.platform.ran("/bin/bash"))


def asked_for_jobs(grid: Grid) -> list[float]:
    asked = grid.platform.asked
    return [each.at for each in asked if each.request.url.endswith("/getJob")]


def finals(grid: Grid) -> list[dict[str, Any]]:
    return [each for each in grid.updates if each["state"] in ("finished", "failed")]


# -- asking for a job


@pytest.mark.parametrize(
    "answer",
    [
        PAGE,
        Response(200, b""),
        Response(200, b'{"StatusCode": 0, "PandaID":'),
        Response(200, b'{"StatusCode": 0}'),
        Response(200, b'{"PandaID": 1}'),
        Response(200, b'{"StatusCode": "what", "PandaID": 1}'),
        Response(200, b"[1, 2]"),
        Response(500, b"oops"),
        Response(403, b"method getJob is forbidden"),
        lost(),
        refused(),
    ],
)
def test_garbage_is_not_taken_for_a_job_and_the_next_answer_is(grid: Grid, answer: object) -> None:
    grid.jobs.insert(0, answer)
    assert (0, 1, "finished") == (grid.fly(), payloads(grid), grid.final["state"])


def test_a_server_that_answers_pages_only_is_given_up(grid: Grid) -> None:
    grid.jobs = [PAGE] * 9
    assert (79, 5, 0) == (grid.fly(), len(asked_for_jobs(grid)), payloads(grid))


def test_a_second_lost_answer_ends_the_pilot_because_each_may_have_cost_a_job(grid: Grid) -> None:
    grid.jobs = [lost(), lost(), record()]
    assert (79, 2, 0) == (grid.fly(), len(asked_for_jobs(grid)), payloads(grid))


def test_a_job_handed_out_twice_is_run_once(grid: Grid) -> None:
    queue = grid.queue()
    assert isinstance(queue, dict)
    grid.queue = lambda: {**queue, "timefloor": 600}  # type: ignore[method-assign]
    grid.jobs = [record(), record()]
    grid.fly()
    assert (1, 1) == (payloads(grid), len(finals(grid)))


def test_requests_for_a_job_keep_a_distance(grid: Grid) -> None:
    grid.jobs = [refused()] * 9
    grid.fly()
    assert [60.0, 120.0, 180.0, 240.0] == gaps(asked_for_jobs(grid))


def test_a_pilot_without_the_role_goes_home_with_the_code_for_proxies(grid: Grid) -> None:
    grid.jobs = [Response(200, json.dumps({"StatusCode": 60, "errorDialog": "no role"}).encode())]
    assert (68, 1) == (grid.fly(), len(asked_for_jobs(grid)))


def test_a_record_that_cannot_be_run_is_reported_as_failed(grid: Grid) -> None:
    grid.jobs = [record(GUID="A,B,C")]
    assert (0, 1302) == (grid.fly(), grid.final["pilotErrorCode"])


def test_a_url_encoded_answer_is_a_job_too(grid: Grid) -> None:
    grid.jobs = [Response(200, b"StatusCode=0&" + form(record()))]
    assert (0, "finished") == (grid.fly(), grid.final["state"])


def form(fields: dict[str, object]) -> bytes:
    from urllib.parse import urlencode

    return urlencode(fields).encode()


# -- the final update


def fail_updates(grid: Grid, state: str, answers: list[object]) -> None:
    """Answer updates of *state* by *answers* first; what is None is taken as usual."""
    usual = grid.take

    def take(update: dict[str, Any]) -> Response:
        if update["state"] == state and answers:
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                usual(update)
                raise answer
            if isinstance(answer, Response):
                return answer
        return usual(update)

    grid.take = take  # type: ignore[method-assign]


@pytest.mark.parametrize(
    "answer", [lost(), PAGE, Response(500, b""), Response(200, b'{"StatusCode": 10}')]
)
def test_the_final_update_is_repeated_word_for_word_until_it_is_acknowledged(
    grid: Grid, answer: object
) -> None:
    fail_updates(grid, "finished", [answer] * 3)
    assert (0, 4) == (grid.fly(), len(finals(grid)))
    assert [finals(grid)[0]] * 4 == finals(grid)
    assert [] == list(grid.start.glob("pilotcore-final-*"))


def test_an_answer_that_says_done_already_is_an_acknowledgement(grid: Grid) -> None:
    done = Response(200, b'{"StatusCode": 0, "command": "alreadydone"}')
    fail_updates(grid, "finished", [done])
    assert (0, 1) == (grid.fly(), len(finals(grid)))


def test_a_final_update_that_nobody_takes_is_tried_to_the_end_and_kept(grid: Grid) -> None:
    fail_updates(grid, "finished", [PAGE] * 999)
    code = grid.fly("-l", "20000")
    kept = list(grid.start.glob("pilotcore-final-*.json"))
    # Three hours after the payload had ended: by then the job is lost to the server.
    ends = 2 * HOUR + 3 * HOUR
    assert (79, 1, True) == (code, len(kept), ends <= grid.platform.clock.now < 20000)


def test_a_kept_final_update_is_sent_by_the_next_pilot(tmp_path: Path) -> None:
    first = Grid(tmp_path)
    fail_updates(first, "finished", [PAGE] * 999)
    first.fly("-l", "20000")
    second = Grid(tmp_path)
    second.jobs = []
    second.fly()
    assert [finals(first)[0]] == second.updates
    assert [] == list(second.start.glob("pilotcore-final-*.json"))


def test_nothing_is_said_of_a_job_after_its_final_update(grid: Grid) -> None:
    fail_updates(grid, "finished", [PAGE] * 8)
    grid.fly("--heartbeat", "60")
    assert {"finished"} == set(grid.states[grid.states.index("finished") :])
    assert "Traceback" not in grid.log


# -- heartbeats and commands


def test_a_first_update_that_fails_does_not_stop_the_job(grid: Grid) -> None:
    fail_updates(grid, "starting", [PAGE])
    assert (0, "finished") == (grid.fly(), grid.final["state"])


def test_a_heartbeat_that_fails_is_repeated_soon(grid: Grid) -> None:
    # The one that tells of the payload, at 10 s.
    fail_updates(grid, "running", [PAGE])
    grid.fly()
    asked = [each.at for each in grid.platform.asked if each.request.url.endswith("updateJob")]
    assert [0.0, 10.0, 70.0] == asked[:3]


def test_an_exception_does_not_end_the_heartbeat(grid: Grid) -> None:
    fail_updates(grid, "running", [RuntimeError("surprise")])
    grid.fly()
    assert ("finished", 5) == (grid.final["state"], grid.states.count("running"))


def test_a_job_that_the_server_must_take_for_lost_is_stopped(grid: Grid) -> None:
    grid.payload_s = 20 * HOUR
    fail_updates(grid, "running", [PAGE] * 9999)
    assert (79, 1317) == (grid.fly(), grid.final["pilotErrorCode"])
    assert grid.platform.clock.now < 10800 + 2 * 300 + 60


@pytest.mark.parametrize(
    "command", [None, "", "NULL", "null", 7, [], {}, "what is this", "nocleanup"]
)
def test_a_command_that_says_nothing_does_no_harm(grid: Grid, command: object) -> None:
    grid.commands = [command] * 9
    assert (0, "finished") == (grid.fly(), grid.final["state"])


@pytest.mark.parametrize("command", ["tobekilled", "debug,tobekilled", "tobekilled,"])
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_job_is_killed_by_the_answer_to_any_of_its_updates(
    grid: Grid, command: str, nth: int
) -> None:
    grid.commands = ["NULL"] * (nth - 1) + [command]
    assert (0, 1144) == (grid.fly(), grid.final["pilotErrorCode"])
    assert "job.log.tgz" in grid.xml


def test_a_kill_ends_the_payload_at_once(grid: Grid) -> None:
    grid.commands = ["NULL", "NULL", "tobekilled"]
    grid.fly()
    payload = grid.platform.ran("/bin/bash")[0]
    assert [(1810.0, 15)] == payload.signals


def test_a_kill_during_stage_in_ends_the_transfer(grid: Grid) -> None:
    grid.jobs = [record(fsize="9000000000", checksum="NULL")]
    grid.copy_s = 5000.0
    grid.commands = ["NULL", "tobekilled"]
    grid.fly()
    assert (1144, [(1800.0, 15)]) == (
        grid.final["pilotErrorCode"],
        grid.platform.ran("xrdcp")[0].signals,
    )


def test_a_job_that_the_server_gave_to_another_attempt_is_stopped(grid: Grid) -> None:
    grid.commands = ["NULL", "NULL", "badattemptnr"]
    grid.fly()
    assert 1236 == grid.final["pilotErrorCode"]


def test_debug_mode_shows_the_end_of_the_active_log(grid: Grid) -> None:
    grid.commands = ["debug"]
    grid.fly()
    shown = [each.get("stdout") for each in grid.updates if each.get("stdout")]
    assert "payload says hello\n" == shown[1]


def test_the_tail_command_shows_no_file_outside_the_job(grid: Grid) -> None:
    grid.commands = ["NULL", f"tail {grid.proxy}", "tail ../../../x509up", "tail payload.stdout"]
    grid.fly()
    shown = [each["stdout"] for each in grid.updates if each.get("stdout")]
    assert ["x509up: not a file of the job"] * 2 + ["payload says hello\n"] == shown


def test_a_soft_kill_lets_the_job_end_and_takes_no_other(grid: Grid) -> None:
    queue = grid.queue()
    assert isinstance(queue, dict)
    grid.queue = lambda: {**queue, "timefloor": 600}  # type: ignore[method-assign]
    grid.jobs = [record(), record(PandaID=6002)]
    grid.commands = ["NULL", "softkill"]
    assert (0, 1, "finished") == (grid.fly(), payloads(grid), grid.final["state"])


# -- definitions


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"state": "INACTIVE"}, 78),
        ({"state": None}, 78),
        ({"status": "offline"}, 83),
        ({"status": "none"}, 83),
        ({"copytools": None, "acopytools": None}, 72),
        ({"state": " 'active'\n", "status": '"online"'}, 0),
    ],
)
def test_a_queue_that_takes_no_jobs_is_not_asked_for_any(
    grid: Grid, changes: dict[str, object], code: int
) -> None:
    queue = grid.queue()
    assert isinstance(queue, dict)
    grid.queue = lambda: {**queue, **changes}  # type: ignore[method-assign]
    assert (code, code == 0) == (grid.fly(), bool(asked_for_jobs(grid)))


@pytest.mark.parametrize(
    "endpoints",
    [{}, {"DISK": {"arprotocols": None}}, {"DISK": {"arprotocols": {"write_lan": [{}]}}}],
)
def test_a_queue_whose_storage_cannot_be_reached_is_not_asked_for_a_job(
    grid: Grid, endpoints: object
) -> None:
    grid.endpoints = lambda: endpoints  # type: ignore[method-assign]
    assert (72, []) == (grid.fly(), asked_for_jobs(grid))


def test_a_page_in_the_place_of_definitions_ends_the_pilot(grid: Grid) -> None:
    usual = grid.http
    grid.platform._http = lambda request: PAGE if "cache" in request.url else usual(request)
    assert (71, 3) == (grid.fly(), len(grid.platform.asked))


def test_the_second_source_of_queuedata_is_asked_when_the_first_fails(grid: Grid) -> None:
    grid.env["LOCAL_AGIS_SCHEDCONF"] = "http://pandaserver.sim:25085/cache/schedconfig/QUEUE.json"
    usual, queue = grid.http, grid.queue()

    def http(request: Request) -> Response:
        if request.url.endswith(".all.json"):
            raise HttpFailure("no", reached=False)
        if request.url.endswith("QUEUE.json"):
            return Response(200, json.dumps({"QUEUE": queue}).encode())
        return usual(request)

    grid.platform._http = http
    assert (0, "finished") == (grid.fly(), grid.final["state"])
