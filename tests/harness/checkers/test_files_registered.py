"""Files registered are the files on storage."""

from __future__ import annotations

import pytest

from harness.checkers.files_registered import files_registered
from harness.findings import Finding
from tests.harness.journals import ENDPOINT
from tests.harness.journals import FOLDER
from tests.harness.journals import Story
from tests.harness.journals import complete
from tests.harness.journals import story
from tests.harness.journals import texts


def found(told: Story) -> list[Finding]:
    return files_registered(told.flight())


def stored(**file: object) -> Story:
    """Tell of a job whose only output was stored with these peculiarities."""
    told = story().pilot().define(outFiles="out.1", logFile="").dispatch()
    return told.store("out.1", at=10, **file)  # type: ignore[arg-type]


def test_what_is_registered_as_stored_is_right() -> None:
    assert [] == found(complete())


def test_a_file_that_was_never_stored_is_found() -> None:
    findings = found(story().dispatch().register("out.1", at=3700))
    assert [
        (
            "job 1 registered out.1 at 1:01:40, but nothing is stored at "
            "root://se.bnl.sim:1094//pnfs/usatlas/rucio/out.1"
        )
    ] == texts(findings)
    assert ("1", 3700.0) == (findings[0].job, findings[0].at_s)


def test_a_file_that_was_deleted_again_is_found() -> None:
    told = stored().add("storage.delete", at=20, endpoint=ENDPOINT, path=f"{FOLDER}/out.1", by="x")
    assert "nothing is stored" in found(told.register("out.1", at=30))[0].text


def test_a_size_that_differs_is_found() -> None:
    findings = found(stored(bytes=400).register("out.1", at=30))
    assert ["job 1 registered out.1 at 0:00:30, but as 1000 bytes where 400 are stored"] == texts(
        findings
    )


def test_a_checksum_that_differs_is_found() -> None:
    findings = found(stored(adler32="11111111").register("out.1", at=30))
    assert "with adler32 0a0b0c0d where 11111111 is stored" in findings[0].text


@pytest.mark.parametrize("same", ["ad:0a0b0c0d", "0A0B0C0D", "a0b0c0d", "0xa0b0c0d"])
def test_a_checksum_may_be_written_in_many_ways(same: str) -> None:
    assert [] == found(stored().register("out.1", at=30, adler32=same))


def test_a_file_with_another_kind_of_checksum_is_compared_by_size() -> None:
    assert [] == found(stored().register("out.1", at=30, adler32=""))


def test_a_size_of_zero_is_found_even_where_the_file_is_empty() -> None:
    told = stored(bytes=0, adler32="00000001").register("out.1", at=30, bytes=0, adler32="00000001")
    assert ["job 1 registered out.1 at 0:00:30, but its registered size is 0"] == texts(found(told))


def test_a_size_written_as_text_is_a_size() -> None:
    assert [] == found(stored().register("out.1", at=30, bytes="1000"))


def test_another_endpoint_than_the_files_own_is_found() -> None:
    findings = found(stored().register("out.1", at=30, endpoint="UC_DATADISK"))
    assert "at UC_DATADISK where it is stored at BNL_DATADISK" in findings[0].text


@pytest.mark.parametrize(
    "surl",
    [
        f"srm://se.bnl.sim:8443/srm/managerv2?SFN={FOLDER}/out.1",
        f"davs://se.bnl.sim:443{FOLDER}/out.1",
        f"gsiftp://door.bnl.sim/data{FOLDER}/out.1",
        f"{FOLDER}/out.1",
        "",
    ],
)
def test_a_place_may_be_named_through_any_door(surl: str) -> None:
    assert [] == found(stored().register("out.1", at=30, surl=surl))


def test_a_file_of_that_name_elsewhere_does_not_do() -> None:
    findings = found(stored().register("out.1", at=30, surl="root://se.bnl.sim:1094//other/out.1"))
    assert "nothing is stored at" in findings[0].text


def test_the_last_writing_of_a_file_counts() -> None:
    assert [] == found(stored(bytes=7).store("out.1", at=20).register("out.1", at=30))


def test_an_output_that_was_stored_and_not_registered_is_found() -> None:
    told = stored().final("finished", at=3600, register=False)
    assert [
        (
            "job 1 finished and left out.1 on BNL_DATADISK at 0:00:10 (1000 bytes) without "
            "registering it"
        )
    ] == texts(found(told))


def test_the_outputs_of_a_failed_job_need_not_be_registered() -> None:
    assert [] == found(stored().final("failed", at=3600, register=False))


def test_a_report_that_the_server_does_not_accept_is_found() -> None:
    told = story().dispatch().update("finished", at=3600).state("holding", at=3600)
    told.state("failed", at=3700, by="adder", reason="expected output out.1 is missing")
    assert [
        (
            "job 1 is finished to pilot-1 since 1:00:00, but the server does not accept its files: "
            "expected output out.1 is missing"
        )
    ] == texts(found(told))


def test_a_clone_that_does_not_count_has_not_lost_its_files() -> None:
    told = story().define(cloneJob="storeonce").dispatch().update("finished", at=3600)
    assert [] == found(told.state("failed", at=3700, by="adder", reason="another one counts"))


def test_a_job_that_its_pilot_called_failed_promised_no_files() -> None:
    told = story().dispatch().update("failed", at=3600).state("holding", at=3600)
    assert [] == found(told.state("failed", at=3700, by="adder", reason="reported failed"))
