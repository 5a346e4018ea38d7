"""Final reports."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fakeserver import InputFile
from fakeserver import JobSpec
from fakeserver import OutputFile
from fakeserver import State
from fakeserver.adder import UNREADABLE
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import entry
from tests.fakeserver.servers import report
from tests.fakeserver.servers import spec


def ended(job: JobSpec, state: str, xml: str, **fields: Any) -> Bench:
    """Return a server on which *job* ran and was reported *state* with *xml*."""
    bench = Bench()
    bench.server.define_job(job)
    bench.run(job.panda_id)
    bench.say(job.panda_id, state, xml=xml, **fields)
    return bench


def files(bench: Bench) -> list[str]:
    """Return the files that were registered."""
    return [event["lfn"] for event in bench.of("file.registered")]


def test_a_finished_job_registers_outputs_and_log() -> None:
    bench = ended(spec(1), "finished", report(1))
    assert (State.FINISHED, ["out.dat", "1.log.tgz"]) == (bench.job(1).state, files(bench))
    expected = {
        "job": 1,
        "lfn": "out.dat",
        "guid": "3-3",
        "bytes": 500,
        "adler32": "0a0b0c0d",
        "surl": "root://se.bnl.sim:1094//pnfs/out.dat",
        "endpoint": "BNL_SCRATCHDISK",
    }
    assert expected == bench.of("file.registered")[0].data


def test_without_an_endpoint_in_the_report_it_is_that_of_the_job() -> None:
    names = ("out.dat", "1.log.tgz")
    bench = ended(spec(1), "finished", json.dumps({n: entry(endpoint=None) for n in names}))
    assert {"BNL_DATADISK"} == {event["endpoint"] for event in bench.of("file.registered")}


def test_a_failed_job_registers_its_log_only() -> None:
    bench = ended(spec(1), "failed", report(1), pilotErrorCode=1305)
    assert (State.FAILED, ["1.log.tgz"]) == (bench.job(1).state, files(bench))
    assert "reported failed" == bench.of("job.state")[-1]["reason"]
    assert "ddmErrorCode" not in bench.job(1).fields


@pytest.mark.parametrize(
    ("xml", "complaint", "expected"),
    [
        (report(1, "1.log.tgz"), "expected output out.dat is missing", ["1.log.tgz"]),
        (report(1, "out.dat"), "expected output 1.log.tgz is missing", []),
        (report(1, "out.dat", "1.log.tgz", "core.17"), "pilot produced core.17", []),
        ("", UNREADABLE, []),
        ("<xml/>", UNREADABLE, []),
        ("[]", UNREADABLE, []),
        (json.dumps({"out.dat": []}), UNREADABLE, []),
        (json.dumps({"out.dat": entry(guid=None)}), UNREADABLE, []),
        (json.dumps({"out.dat": entry(fsize=None)}), UNREADABLE, []),
        (json.dumps({"out.dat": entry(fsize="big")}), UNREADABLE, []),
        (json.dumps({"out.dat": entry(fsize=[1])}), UNREADABLE, []),
        (json.dumps({"out.dat": entry(adler32=None)}), UNREADABLE, []),
    ],
)
def test_a_finished_job_with_a_bad_report_fails(
    xml: str, complaint: str, expected: list[str]
) -> None:
    bench = ended(spec(1), "finished", xml)
    assert (State.FAILED, expected) == (bench.job(1).state, files(bench))
    assert 200 == bench.job(1).fields["ddmErrorCode"]
    assert complaint in bench.job(1).fields["ddmErrorDiag"]
    assert complaint in bench.of("job.state")[-1]["reason"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"pilotErrorCode": 1201}, None),
        ({"transExitCode": "64"}, None),
        ({"pilotErrorCode": "0", "transExitCode": 0}, 200),
        ({}, 200),
    ],
)
def test_a_failed_job_without_report_is_excused_by_a_reason(
    fields: dict[str, Any], expected: int | None
) -> None:
    bench = ended(spec(1), "failed", "", **fields)
    assert expected == bench.job(1).fields.get("ddmErrorCode")
    assert State.FAILED is bench.job(1).state


def test_a_failed_job_that_names_a_strange_file_registers_nothing() -> None:
    bench = ended(spec(1), "failed", report(1, "1.log.tgz", "core.17"), pilotErrorCode=1)
    assert [] == files(bench)


def test_an_optional_output_may_be_missing() -> None:
    job = spec(1, outputs=(OutputFile("a"), OutputFile("b", optional=True)))
    bench = ended(job, "finished", report(1, "a", "1.log.tgz"))
    assert (State.FINISHED, ["a", "1.log.tgz"]) == (bench.job(1).state, files(bench))


def test_an_md5_sum_will_do_and_is_no_adler32() -> None:
    sums = entry(adler32=None, md5sum="f" * 32)
    bench = ended(spec(1, outputs=()), "finished", json.dumps({"1.log.tgz": sums}))
    assert [""] == [event["adler32"] for event in bench.of("file.registered")]


def test_a_skipped_input_may_stand_in_the_report_without_size() -> None:
    content = json.loads(report(1)) | {"in.dat": {"guid": "1-1"}}
    bench = ended(spec(1, inputs=(InputFile("in.dat"),)), "finished", json.dumps(content))
    assert ["out.dat", "1.log.tgz"] == files(bench)


@pytest.mark.parametrize("state", ["finished", "failed"])
def test_a_job_without_products_needs_no_report(state: str) -> None:
    bench = ended(spec(1, outputs=(), log=None), state, "")
    assert state == bench.job(1).state


def test_a_job_to_be_killed_that_fails_is_cancelled() -> None:
    bench = Bench()
    bench.server.define_job(spec(1))
    bench.run(1)
    bench.server.kill(1)
    assert "tobekilled" == bench.say(1, "running").command
    bench.say(1, "failed", xml=report(1, "1.log.tgz"), pilotErrorCode=1144)
    assert (State.CANCELLED, ["1.log.tgz"]) == (bench.job(1).state, files(bench))


def test_a_job_to_be_killed_that_finishes_is_finished() -> None:
    bench = Bench()
    bench.server.define_job(spec(1))
    bench.run(1)
    bench.server.kill(1)
    bench.say(1, "finished", xml=report(1))
    assert State.FINISHED is bench.job(1).state


def test_a_finished_job_of_the_event_service_registers_its_log_only() -> None:
    job = spec(1, kind="event", event_ranges=2)
    bench = ended(job, "finished", report(1, "1.log.tgz"))
    assert (State.FINISHED, ["1.log.tgz"]) == (bench.job(1).state, files(bench))
