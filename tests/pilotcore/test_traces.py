"""What the trace server is told, and that nobody depends on it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pilotcore.platform import Exit
from pilotcore.platform import Request
from pilotcore.platform import Response
from tests.pilotcore.grid import INPUT
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import lost
from tests.pilotcore.grid import turl
from tests.pilotcore.scripted import ScriptedChild

URL = "https://rucio.sim/traces/"
FOREVER = 1e7


@pytest.fixture
def traced(grid: Grid) -> Grid:
    """Return a grid with a trace server, which says that all is well."""
    grid.env |= {"RUCIO_TRACES_URL": URL, "RUCIO_LOCAL_SITE_ID": "SITE"}
    answer(grid, lambda: Response(201, b"Created"))
    return grid


def answer(grid: Grid, how: Any) -> None:
    usual = Grid.http.__get__(grid)
    grid.platform._http = lambda request: how() if request.url == URL else usual(request)


def traces(grid: Grid) -> list[dict[str, Any]]:
    sent = [each.request for each in grid.platform.asked if each.request.url == URL]
    assert all(each.method == "POST" and not each.private for each in sent)
    return [json.loads(each.body) for each in sent]


def test_each_copy_is_told_with_where_and_how_it_went(traced: Grid) -> None:
    assert 0 == traced.fly()
    told = traces(traced)
    assert ["in.root", "out.root", "job.log.tgz"] == [each["filename"] for each in told]
    assert ["get_sm", "put_sm", "put_sm"] == [each["eventType"] for each in told]
    assert {"DONE"} == {each["clientState"] for each in told}
    first = told[0]
    assert ("SITE", "DISK", "root") == (
        first["localSite"], first["remoteSite"], first["protocol"],
    )  # fmt: skip
    assert (turl("mc", "in.root"), len(INPUT), "GIN", "mc") == (
        first["url"], first["filesize"], first["guid"], first["scope"],
    )  # fmt: skip
    assert 10.0 == first["timeEnd"] - first["timeStart"]


def test_each_attempt_that_fails_is_told_with_the_reason(traced: Grid) -> None:
    traced.run_xrdcp = lambda _child: Exit(1, 0, "", "oh \\no")  # type: ignore[method-assign]
    traced.fly()
    told = [each for each in traces(traced) if each["filename"] == "in.root"]
    assert ["STAGEIN_ATTEMPT_FAILED"] * 3 == [each["clientState"] for each in told]
    assert "oh no" in told[0]["stateReason"]


def test_who_runs_the_job_is_told_as_a_hash_too(traced: Grid) -> None:
    job: Any = traced.jobs[0]
    traced.jobs = [{**job, "prodUserID": "Jane", "prodSourceLabel": "user"}]
    traced.fly()
    told = traces(traced)[0]
    assert ("Jane", "2b95993380f8be6bd4bd46bf44f98db9") == (told["usrdn"], told["usr"])
    assert "get_sm_a" == told["eventType"]


@pytest.mark.parametrize("bad", [lambda: Response(503, b""), lambda: Response(200, b"\xff")])
def test_an_answer_that_is_none_changes_nothing(traced: Grid, bad: Any) -> None:
    answer(traced, bad)
    assert (0, "finished") == (traced.fly(), traced.final["state"])


def test_a_lost_connection_changes_nothing(traced: Grid) -> None:
    def lose() -> Response:
        raise lost()

    answer(traced, lose)
    assert (0, "finished") == (traced.fly(), traced.final["state"])
    assert "a trace was not taken" in traced.log


def test_a_server_that_hangs_holds_nobody(traced: Grid) -> None:
    def hang() -> Response:
        traced.platform.sleep(FOREVER)
        return Response(201, b"")

    answer(traced, hang)
    assert (0, "finished") == (traced.fly(), traced.final["state"])
    assert traced.platform.clock.now < 8000.0


def test_of_a_server_that_hangs_only_so_much_is_asked(traced: Grid) -> None:
    def hang() -> Response:
        traced.platform.sleep(FOREVER)
        return Response(201, b"")

    answer(traced, hang)
    traced.run_xrdcp = lambda _child: Exit(1, 0, "", "no")  # type: ignore[method-assign]
    traced.fly("--stagein-attempts", "20")
    assert 8 == len(traces(traced))


@pytest.mark.parametrize("argv", [("--use-rucio-traces", "False"), ()])
def test_without_a_server_or_if_told_so_there_are_none(traced: Grid, argv: tuple[str, ...]) -> None:
    if not argv:
        del traced.env["RUCIO_TRACES_URL"]
    traced.fly(*argv)
    assert [] == traces(traced)


def test_a_file_that_is_read_where_it_is_was_found(traced: Grid) -> None:
    def run_gfal_sum(child: ScriptedChild) -> Exit:
        import zlib

        return Exit(0, 0, f"{child.argv[1]} {zlib.adler32(INPUT):08x}\n")

    traced.run_gfal_sum = run_gfal_sum  # type: ignore[attr-defined]
    job: Any = traced.jobs[0]
    traced.jobs = [{**job, "transferType": "direct"}]
    traced.fly()
    assert "FOUND_ROOT" == traces(traced)[0]["clientState"]


def test_a_line_of_the_log_says_who_says_it(grid: Grid) -> None:
    grid.fly()
    assert "| INFO    | data.transfer._once | xrdcp " in grid.log
    assert "| INFO    | pilot.run | exit code 0" in grid.log


def request_of(grid: Grid) -> Request:
    return next(each.request for each in grid.platform.asked if each.request.url == URL)


def test_nobody_waits_long_for_the_server(traced: Grid) -> None:
    traced.fly()
    assert 30.0 == request_of(traced).timeout_s
