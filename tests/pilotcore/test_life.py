"""Whole lives of the pilot in a scripted world, where nothing goes wrong."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pilotcore.platform import Exit
from tests.pilotcore.grid import HOUR
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import adler32
from tests.pilotcore.grid import gaps
from tests.pilotcore.grid import record
from tests.pilotcore.grid import turl
from tests.pilotcore.scripted import ScriptedChild


def paths(grid: Grid) -> list[str]:
    return [urlsplit(asked.request.url).path for asked in grid.platform.asked]


def update_times(grid: Grid) -> list[float]:
    asked = grid.platform.asked
    return [each.at for each in asked if each.request.url.endswith(("updateJob", "update_job"))]


def test_a_job_goes_from_starting_over_running_to_finished(grid: Grid) -> None:
    grid.payload_s = 600.0
    assert (0, ["starting", "running", "finished"]) == (grid.fly("-v", "1"), grid.states)


def test_the_server_is_called_in_this_order(grid: Grid) -> None:
    grid.payload_s = 600.0
    grid.fly("-v", "1")
    expected = [
        "/cache/schedconfig/QUEUE.all.json",
        "/cache/ddmendpoints.json",
        "/server/panda/getJob",
        "/server/panda/updateJob",
        "/trf/user/payload",
        "/server/panda/updateJob",
        "/server/panda/updateJob",
    ]
    assert expected == paths(grid)


def test_the_api_dialect_takes_the_same_course(tmp_path: Path) -> None:
    grid = Grid(tmp_path, dialect="api")
    grid.payload_s = 600.0
    assert (0, ["starting", "running", "finished"]) == (grid.fly("-v", "1"), grid.states)
    called = [path for path in paths(grid) if path.startswith("/api/")]
    assert ["/api/v1/pilot/acquire_jobs", *["/api/v1/pilot/update_job"] * 3] == called


def test_the_final_update_registers_output_and_log_as_they_are_on_storage(grid: Grid) -> None:
    grid.fly()
    expected = {
        lfn: (turl("mc", lfn), adler32(grid.storage[turl("mc", lfn)]), "DISK")
        for lfn in ("out.root", "job.log.tgz")
    }
    found = {lfn: (row["surl"], row["adler32"], row["endpoint"]) for lfn, row in grid.xml.items()}
    assert expected == found
    assert "G-LOG" == grid.xml["job.log.tgz"]["guid"]


def test_the_final_update_says_how_long_things_took_and_when(grid: Grid) -> None:
    grid.fly()
    assert ("0|10|7200|10|0|0", 0) == (grid.final["pilotTiming"], grid.final["transExitCode"])
    assert grid.final["startTime"] < grid.final["endTime"]


def test_a_heartbeat_is_sent_every_half_hour_while_the_payload_runs(grid: Grid) -> None:
    grid.payload_s = 4.75 * HOUR
    grid.fly()
    assert max(gaps(update_times(grid))) <= 1800.0
    assert 12 == len(grid.updates)


def test_a_heartbeat_is_sent_during_stage_in(grid: Grid) -> None:
    grid.jobs = [record(fsize="9000000000", checksum="NULL")]
    grid.copy_s = 5000.0
    grid.fly("--stagein-attempts", "1")
    assert (True, 5) == (max(gaps(update_times(grid))) <= 1800.0, len(grid.updates))


def test_a_heartbeat_is_sent_during_stage_out_and_while_the_log_is_stored(grid: Grid) -> None:
    grid.payload_s = 10.0
    first = grid.run_xrdcp

    def slow_put(child: ScriptedChild) -> Exit:
        child.sleep(0.0 if child.argv[-2].startswith("root:") else 5000.0)
        return first(child)

    grid.run_xrdcp = slow_put  # type: ignore[method-assign]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pilotcore.data.plan.LIMIT_LEAST_S", 6000.0)
        grid.fly()
    assert (True, "finished") == (max(gaps(update_times(grid))) <= 1800.0, grid.final["state"])


def test_the_log_holds_pilotlog_and_payload_output_but_no_data(grid: Grid) -> None:
    grid.fly()
    listed = {"OutputFiles.xml", "PoolFileCatalog.xml"}
    assert {"pilotlog.txt", "payload", "payload.stdout", *listed} == set(grid.log_members())


def test_a_second_job_is_taken_within_the_timefloor(grid: Grid) -> None:
    queue = grid.queue()
    assert isinstance(queue, dict)
    grid.queue = lambda: {**queue, "timefloor": 600}  # type: ignore[method-assign]
    grid.jobs = [record(), record(PandaID=6002)]
    code = grid.fly()
    done = [each["jobId"] for each in grid.accepted if each["state"] == "finished"]
    assert (0, ["6001", "6002"]) == (code, done)


def test_the_log_of_the_second_job_does_not_speak_of_the_first(grid: Grid) -> None:
    queue = grid.queue()
    assert isinstance(queue, dict)
    grid.queue = lambda: {**queue, "timefloor": 600}  # type: ignore[method-assign]
    grid.jobs = [record(jobPars="--one"), record(PandaID=6002, jobPars="--two")]
    grid.fly()
    text = grid.log_members()["pilotlog.txt"]
    assert (True, False) == ("--two" in text, "--one" in text)


def test_no_job_is_no_failure(grid: Grid) -> None:
    grid.jobs = []
    assert (0, 2) == (grid.fly("-v", "2"), paths(grid).count("/server/panda/getJob"))


def test_the_directories_are_removed_at_the_end(grid: Grid) -> None:
    grid.fly("--cleanup", "True")
    assert ["pilotlog.txt"] == sorted(path.name for path in grid.start.iterdir())


def test_a_job_without_inputs_and_outputs_needs_a_log_only(grid: Grid) -> None:
    names = ("inFiles", "GUID", "fsize", "checksum", "scopeIn", "ddmEndPointIn", "scopeOut")
    empty = dict.fromkeys(names, "NULL")
    grid.jobs = [record(**empty, outFiles="job.log.tgz", ddmEndPointOut="DISK")]
    assert (0, "finished", ["job.log.tgz"]) == (grid.fly(), grid.final["state"], list(grid.xml))


def test_the_worker_status_is_told_if_harvester_sent_the_pilot(grid: Grid) -> None:
    grid.env.update(HARVESTER_ID="H", HARVESTER_WORKER_ID="7")
    grid.fly()
    assert 2 == paths(grid).count("/server/panda/updateWorkerPilotStatus")


def test_two_lives_in_the_same_world_are_the_same(tmp_path: Path) -> None:
    lives = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        grid = Grid(tmp_path / name)
        grid.fly()
        lives.append([(asked.at, asked.request.url) for asked in grid.platform.asked])
    assert lives[0] == lives[1]
