"""Whole lives of pilots that Harvester has started."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pilotcore.options import parse
from pilotcore.run.harvester import is_harvester
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import record

PUSH = ("--harvester-submit-mode", "PUSH")


def access_point(grid: Grid) -> Path:
    folder = grid.home / "harvester"
    folder.mkdir(exist_ok=True)
    return folder


def lay_down(grid: Grid, *numbers: int) -> tuple[str, ...]:
    """Leave jobs for the pilot; return the options that tell it where."""
    folder = access_point(grid)
    rows = {str(number): record(PandaID=number) for number in numbers}
    (folder / "HPCJobs.json").write_text(json.dumps(rows))
    grid.env = {**grid.env, "HARVESTER_ID": "h", "HARVESTER_WORKER_ID": "5"}
    grid.payload_s = 600.0
    grid.jobs = []
    return (*PUSH, "--harvester-workdir", str(folder))


def asked(grid: Grid, method: str) -> int:
    paths = [urlsplit(each.request.url).path for each in grid.platform.asked]
    return sum(path.endswith(f"/{method}") for path in paths)


def test_every_job_of_a_file_is_flown_and_the_server_not_asked(grid: Grid) -> None:
    options = lay_down(grid, 7, 8)
    assert 0 == grid.fly(*options)
    done = [each["jobId"] for each in grid.accepted if each["state"] == "finished"]
    assert (["7", "8"], 0) == (done, asked(grid, "getJob"))


def test_a_job_that_lies_there_goes_before_the_server_in_pull_mode_too(grid: Grid) -> None:
    lay_down(grid, 7)
    grid.fly("--harvester-workdir", str(access_point(grid)))
    assert ["7"] == [each["jobId"] for each in grid.accepted if each["state"] == "finished"]


def test_a_job_may_lie_where_the_pilot_starts(grid: Grid) -> None:
    grid.start.mkdir()
    (grid.start / "pandaJobData.out").write_text("PandaID=7&attemptNr=1&transformation=")
    grid.fly("--harvester-workdir", str(access_point(grid)))
    assert ("7", 1302) == (grid.final["jobId"], grid.final["pilotErrorCode"])


def test_the_pilot_asks_for_a_job_by_a_file_and_waits_for_it(grid: Grid) -> None:
    options = lay_down(grid)
    folder = access_point(grid)
    wanted: list[object] = []
    first = grid.updateJob

    def update(fields: dict[str, object]) -> object:
        wanted.append((folder / "worker_requestjob.json").exists())
        return first(fields)

    grid.updateJob = update  # type: ignore[method-assign,assignment]

    def harvester() -> None:
        wanted.append(json.loads((folder / "worker_requestjob.json").read_text()))
        (folder / "HPCJobs.json").write_text(json.dumps({"9": record(PandaID=9)}))

    grid.at.append((45.0, harvester))
    grid.fly(*options)
    assert ({"nJobs": 1}, "9") == (wanted[0], grid.final["jobId"])
    assert [False] * 3 == wanted[1:]


def test_a_pilot_that_gets_no_job_goes_soon(grid: Grid) -> None:
    options = lay_down(grid)
    (access_point(grid) / "HPCJobs.json").unlink()
    assert 0 == grid.fly(*options)
    assert (True, 0) == (grid.platform.clock.now < 300.0, asked(grid, "getJob"))


def test_a_pilot_that_ends_says_that_its_worker_may_go(grid: Grid) -> None:
    grid.fly(*lay_down(grid, 7))
    assert (access_point(grid) / "kill_worker").exists()


def test_without_server_updates_all_is_told_in_files(grid: Grid) -> None:
    options = lay_down(grid, 7)
    assert 0 == grid.fly(*options, "-z")
    told = json.loads((access_point(grid) / "worker_attributes.json").read_text())
    assert ([], "finished", "7") == (grid.updates, told["jobStatus"], told["jobId"])
    assert {"out.root", "job.log.tgz"} == set(json.loads(told["xml"]))
    assert 0 == asked(grid, "updateWorkerPilotStatus")


def test_the_payloads_report_lies_there_before_the_end_is_told(grid: Grid) -> None:
    options = lay_down(grid, 7)
    first = grid.run_payload

    def payload(child: object) -> object:
        (child.command.cwd / "jobReport.json").write_text('{"exitCode": 0}')  # type: ignore[attr-defined]
        return first(child)  # type: ignore[arg-type]

    grid.run_payload = payload  # type: ignore[method-assign,assignment]
    grid.fly(*options, "-z")
    assert {"exitCode": 0} == json.loads((access_point(grid) / "jobReport.json").read_text())
    assert "metaData" not in (access_point(grid) / "worker_attributes.json").read_text()


@pytest.mark.parametrize(
    ("argv", "env", "expected"),
    [
        ("-z --harvester-workdir /w", {}, True),
        ("--harvester-workdir /w", {}, False),
        ("--harvester-submit-mode PUSH", {"HARVESTER_ID": "h"}, True),
        ("--harvester-submit-mode PUSH", {}, False),
        ("", {"HARVESTER_ID": "h"}, False),
    ],
)
def test_when_harvester_reads_files_is_pilot3s(
    argv: str, env: dict[str, str], expected: bool
) -> None:
    assert expected == is_harvester(parse(["-q", "Q", *argv.split()]), env)
