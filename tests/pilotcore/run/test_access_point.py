"""Files that Harvester and a pilot leave for each other."""

from __future__ import annotations

import json
from pathlib import Path

from pilotcore.run import access_point as files


def jobs(tmp_path: Path, *numbers: int) -> Path:
    path = tmp_path / files.JOBS
    path.write_text(json.dumps({str(number): {"jobPars": f"-n {number}"} for number in numbers}))
    return path


def test_the_jobs_of_a_file_are_taken_one_after_the_other(tmp_path: Path) -> None:
    path = jobs(tmp_path, 7, 8)
    first = files.take_record(path)
    assert {"PandaID": "7", "jobPars": "-n 7"} == first
    assert ["8"] == [each["PandaID"] for each in files.records_in(path)]
    assert "8" == (files.take_record(path) or {})["PandaID"]
    assert (None, False) == (files.take_record(path), path.exists())


def test_a_job_may_be_a_form(tmp_path: Path) -> None:
    path = tmp_path / files.JOB_FORM
    path.write_text("StatusCode=0&PandaID=7&jobPars=-n+1%2C2")
    assert "-n 1,2" == (files.take_record(path) or {})["jobPars"]


def test_what_is_no_job_is_none(tmp_path: Path) -> None:
    path = tmp_path / files.JOBS
    for text in ("", "{", "[1]", '{"7": 3}', "<html>a=b</html>"):
        path.write_text(text)
        assert [] == files.records_in(path)
    assert [] == files.records_in(tmp_path / "missing")


def test_nobody_reads_half_of_a_file(tmp_path: Path) -> None:
    files.write_json(tmp_path / "a", {"b": 1})
    assert ({"b": 1}, ["a"]) == (
        files.read_json(tmp_path / "a"),
        [p.name for p in tmp_path.iterdir()],
    )


def test_a_job_has_its_files_in_its_own_folder_if_there_is_one(tmp_path: Path) -> None:
    (tmp_path / "7").mkdir()
    assert (tmp_path / "7", tmp_path) == (
        files.place_of(tmp_path, 7),
        files.place_of(tmp_path, 8),
    )


def test_attributes_say_the_state_twice_and_no_report() -> None:
    told = files.attributes({"state": "running", "metaData": "{}", "node": "", "jobId": "7"})
    assert {"state": "running", "jobStatus": "running", "jobId": "7"} == told
