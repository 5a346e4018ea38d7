"""Each job that its pilot ended has a log on storage."""

from __future__ import annotations

import pytest

from harness.checkers.log_exists import log_exists
from harness.findings import Finding
from tests.harness.journals import ENDPOINT
from tests.harness.journals import FOLDER
from tests.harness.journals import Story
from tests.harness.journals import complete
from tests.harness.journals import story
from tests.harness.journals import texts


def found(told: Story) -> list[Finding]:
    return log_exists(told.flight())


def struck(told: Story, on: str) -> Story:
    """Let a fault strike at *on* before the log is copied."""
    return told.add("fault.fired", who="world", at=100, fault="1/x", on=on, do="x", call=1)


def begun() -> Story:
    return story().pilot().dispatch()


def test_a_log_on_storage_is_right() -> None:
    assert [] == found(complete())


def test_a_job_without_log_needs_none() -> None:
    assert [] == found(story().define(logFile="").dispatch().final("failed", at=700))


def test_a_log_that_was_never_stored_is_found() -> None:
    findings = found(begun().final("failed", at=3600))
    assert [
        (
            "job 1 on pilot-1 is failed since 1:00:00, but its log log.1.tgz is not on storage "
            "(0 attempt(s) to copy it)"
        )
    ] == texts(findings)
    assert ("1", 3600.0) == (findings[0].job, findings[0].at_s)


def test_an_empty_log_is_found() -> None:
    findings = found(begun().store("log.1.tgz", at=500, bytes=0).final("failed", at=3600))
    assert "is empty on storage" in findings[0].text


def test_a_log_that_was_deleted_again_is_found() -> None:
    told = begun().store("log.1.tgz", at=500).final("failed", at=3600)
    told.add("storage.delete", at=600, endpoint=ENDPOINT, path=f"{FOLDER}/log.1.tgz", by="pilot-1")
    assert 1 == len(found(told))


@pytest.mark.parametrize(
    "on", ["tool.xrdcp", "door.BNL_DATADISK", "credential.voms", "net.se.bnl.sim"]
)
def test_a_copy_that_a_fault_stood_in_the_way_of_is_forgiven(on: str) -> None:
    told = struck(begun().copy("log.1.tgz", at=500, until=600), on)
    assert [] == found(told.final("failed", at=3600))


def test_a_copy_that_failed_for_no_reason_is_found() -> None:
    told = struck(begun().copy("log.1.tgz", at=500, until=600), "server.update_job")
    assert 1 == len(found(told.final("failed", at=3600)))


def test_a_fault_does_not_forgive_that_nothing_was_tried() -> None:
    assert 1 == len(found(struck(begun(), "tool.xrdcp").final("failed", at=3600)))


def test_a_log_that_a_full_disk_kept_from_being_packed_is_forgiven() -> None:
    told = struck(begun(), "node.disk")
    told.add("tool.run", who="n1", at=500, pid=5, argv=["tar", "cfz", "/srv/tmp/log.1.tgz"], code=2)
    assert [] == found(told.final("failed", at=3600))


def test_a_job_that_its_pilot_did_not_end_owes_no_log() -> None:
    assert [] == found(begun().leave(at=600, signal=9))


def test_a_packing_that_went_well_is_no_hindrance() -> None:
    told = struck(begun(), "node.disk")
    told.add("tool.run", who="n1", at=500, pid=5, argv=["tar", "cfz", "log.1.tgz"], code=0)
    assert 1 == len(found(told.final("failed", at=3600)))


def test_another_command_that_failed_is_no_hindrance() -> None:
    told = struck(begun(), "node.disk")
    told.add("tool.run", who="n1", at=500, pid=5, argv=["du", "-s", "work"], code=1)
    assert 1 == len(found(told.final("failed", at=3600)))


def test_the_tries_of_an_earlier_attempt_are_not_this_ones() -> None:
    told = struck(begun().copy("log.1.tgz", at=500, until=600), "tool.xrdcp").final(
        "failed", at=700
    )
    told.dispatch(at=900, attempt=2).update("failed", at=3600)
    assert ["job 1 on pilot-1 is failed since 1:00:00"] == [
        text.split(",")[0] for text in texts(found(told))
    ]
