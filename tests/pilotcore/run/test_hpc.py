"""Many jobs in one allocation: job files in, result files out."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any
from typing import Callable

import pytest

from pilotcore.data.checksum import adler32_of
from pilotcore.platform import Exit
from tests.pilotcore.grid import INPUT
from tests.pilotcore.grid import Grid
from tests.pilotcore.grid import record
from tests.pilotcore.run.grid import EventGrid
from tests.pilotcore.run.grid import event_record
from tests.pilotcore.scripted import ScriptedChild


class Front:
    """What Harvester does for one allocation in a *grid*."""

    def __init__(self, grid: Grid, cores: int = 2) -> None:
        self.grid = grid
        self.folder = grid.home / "harvester"
        self.folder.mkdir()
        grid.payload_s = 600.0
        grid.http = self.refuse  # type: ignore[assignment,method-assign]
        grid.platform.cores = lambda: cores  # type: ignore[method-assign]

    def refuse(self, request: object) -> object:
        raise AssertionError(f"there is no network: {request}")

    def lay_down(self, *jobs: dict[str, object]) -> None:
        for job in jobs:
            name = str(job["PandaID"])
            place = self.folder / name
            place.mkdir()
            (place / "HPCJobs.json").write_text(json.dumps({name: job}))
            (place / "in.root").write_bytes(INPUT)
            (place / "payload").write_text("#!/bin/sh\n")
        names = [job["PandaID"] for job in jobs]
        (self.folder / "worker_pandaids.json").write_text(json.dumps(names))

    def fly(self, *argv: str) -> int:
        options = ("-w", "generic_hpc", "-z", "--harvester-workdir", str(self.folder))
        # A pilot in an allocation starts where its files are.
        self.grid.start.mkdir(exist_ok=True)
        return self.grid.fly(*options, "--harvester-submit-mode", "PUSH", *argv)

    def told(self, job: int) -> dict[str, Any]:
        return self.read(job, "worker_attributes.json")

    def declared(self, job: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.read(job, "event_status.dump.json")[str(job)]
        return found

    def read(self, job: int, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / str(job) / name).read_text())
        return found


@pytest.fixture
def front(grid: Grid) -> Front:
    return Front(grid)


def test_every_job_is_flown_and_declares_what_it_made(front: Front) -> None:
    front.lay_down(record(PandaID=7), record(PandaID=8), record(PandaID=9))
    assert 0 == front.fly()
    assert ["finished"] * 3 == [front.told(job)["jobStatus"] for job in (7, 8, 9)]
    (output, log) = front.declared(8)
    assert ("output", "out.root", str(front.folder / "8" / "out.root")) == (
        output["type"],
        output["lfn"],
        output["path"],
    )
    assert ("log", "job.log.tgz", "G-LOG") == (log["type"], log["lfn"], log["guid"])


def test_as_many_jobs_run_at_a_time_as_there_are_cores(front: Front) -> None:
    front.lay_down(*(record(PandaID=number) for number in (7, 8, 9)))
    front.fly()
    starts = [front.told(job)["startTime"] for job in (7, 8, 9)]
    assert starts[0] == starts[1] != starts[2]
    assert front.told(7)["endTime"] == starts[2]


def test_a_job_of_two_cores_has_both(front: Front) -> None:
    front.lay_down(*(record(PandaID=number, coreCount=2) for number in (7, 8)))
    front.fly()
    assert front.told(7)["endTime"] == front.told(8)["startTime"]


def test_an_input_that_is_not_whole_fails_its_job_alone(front: Front) -> None:
    front.lay_down(record(PandaID=7), record(PandaID=8))
    (front.folder / "7" / "in.root").write_bytes(INPUT[:-1])
    assert 0 == front.fly()
    assert ("failed", 1171) == (front.told(7)["jobStatus"], front.told(7)["pilotErrorCode"])
    assert "finished" == front.told(8)["jobStatus"]


def test_a_payload_that_fails_leaves_a_log_and_no_output(front: Front) -> None:
    first = front.grid.run_payload

    def payload(child: ScriptedChild) -> Exit:
        first(child)
        return Exit(3)

    front.grid.run_payload = payload  # type: ignore[method-assign]
    front.lay_down(record(PandaID=7))
    front.fly()
    told = front.told(7)
    assert (1305, 3) == (told["pilotErrorCode"], told["transExitCode"])
    assert ["log"] == [each["type"] for each in front.declared(7)]


def test_of_a_job_that_fails_late_no_output_is_declared(front: Front) -> None:
    front.lay_down(record(PandaID=7))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pilotcore.run.hpc.find_outputs", lambda job, _where: job.outputs * 2)
        patch.setattr("pilotcore.run.hpc.checksum.adler32_of", failing_at(3))
        front.fly()
    assert ("failed", ["log"]) == (
        front.told(7)["jobStatus"],
        [each["type"] for each in front.declared(7)],
    )


def failing_at(call: int) -> Callable[[Path], str]:
    """Return a checksum whose *call*-th use is an error of the disk; the first is the input's."""
    calls: list[Path] = []

    def adler32(path: Path) -> str:
        calls.append(path)
        if len(calls) == call:
            raise OSError(5, "Input/output error")
        return adler32_of(path)

    return adler32


def test_the_log_has_the_payloads_words_and_none_of_the_data(front: Front) -> None:
    front.lay_down(record(PandaID=7))
    front.fly()
    with tarfile.open(front.folder / "7" / "job.log.tgz") as tarball:
        names = {name.partition("/")[2] for name in tarball.getnames()}
    assert {"payload", "payload.stdout", "pilotlog.txt"} == names


def test_a_signal_ends_every_job_with_its_results(front: Front) -> None:
    front.lay_down(record(PandaID=7), record(PandaID=8), record(PandaID=9))
    front.grid.signal_at(100.0)
    assert 143 == front.fly()
    assert [1201] * 3 == [front.told(job)["pilotErrorCode"] for job in (7, 8, 9)]
    assert [["log"]] * 3 == [[e["type"] for e in front.declared(job)] for job in (7, 8, 9)]


def test_a_job_that_lives_says_so_from_time_to_time(front: Front) -> None:
    front.lay_down(record(PandaID=7))
    front.grid.payload_s = 5000.0
    seen: list[str] = []
    for at in (100.0, 2000.0, 4000.0):
        front.grid.at.append((at, lambda: seen.append(front.told(7)["timestamp"])))
    front.fly()
    assert 3 == len(set(seen))


def test_a_record_that_cannot_be_run_is_reported(front: Front) -> None:
    front.lay_down(record(PandaID=7, transformation=""))
    front.fly()
    assert ("failed", 1302) == (front.told(7)["jobStatus"], front.told(7)["pilotErrorCode"])


def test_a_transform_that_is_not_there_fails_the_job(front: Front) -> None:
    front.lay_down(record(PandaID=7))
    (front.folder / "7" / "payload").unlink()
    front.fly()
    assert 1149 == front.told(7)["pilotErrorCode"]


def test_an_allocation_without_jobs_says_so(front: Front) -> None:
    assert 0 != front.fly()
    assert "NOJOBSINPANDA" in front.grid.log


def test_ranges_of_a_file_are_done_and_declared(tmp_path: Path) -> None:
    grid = EventGrid(tmp_path)
    front = Front(grid)
    front.lay_down(event_record(PandaID=7))
    names = ["11-7-1-1-10", "11-7-1-2-10", "11-7-1-3-10"]
    grid.failing = {names[1]}
    rows = {"7": [{"eventRangeID": name, "LFN": "in.root"} for name in names]}
    (front.folder / "7" / "JobsEventRanges.json").write_text(json.dumps(rows))
    front.fly()
    declared = {e["eventRangeID"]: e for e in front.declared(7) if e["type"] == "es_output"}
    assert ["finished", "failed", "finished"] == [declared[n]["eventStatus"] for n in names]
    assert Path(declared[names[0]]["path"]).is_file()
    assert "finished" == front.told(7)["jobStatus"]


def test_a_job_of_the_event_service_needs_ranges(tmp_path: Path) -> None:
    front = Front(EventGrid(tmp_path))
    front.lay_down(event_record(PandaID=7))
    front.fly()
    assert 1238 == front.told(7)["pilotErrorCode"]
