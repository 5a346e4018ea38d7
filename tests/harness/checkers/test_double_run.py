"""Nobody runs a job twice, except clones."""

from __future__ import annotations

from harness.checkers.double_run import double_run
from harness.findings import Finding
from tests.harness.journals import Story
from tests.harness.journals import complete
from tests.harness.journals import story
from tests.harness.journals import texts


def found(told: Story) -> list[Finding]:
    return double_run(told.flight())


def clones(**fields: object) -> Story:
    """Tell of two clones of one jobset, dispatched to two pilots."""
    told = story().pilot().pilot("pilot-2")
    for number, pilot in ((1, "pilot-1"), (2, "pilot-2")):
        told.define(number, kind="clone", jobsetID=50, **fields)
        told.dispatch(number, pilot=pilot, at=number)
    return told


def test_one_run_of_a_job_is_right() -> None:
    assert [] == found(complete())


def test_a_payload_started_by_two_pilots_is_found() -> None:
    told = story().dispatch().payload(at=60, until=90)
    told.dispatch(pilot="pilot-2", at=65).payload(at=3670, until=3700, pid=4200)
    findings = found(told)
    assert ["job 1: its payload was started 2 times: 0:01:00 on n1, 1:01:10 on n1"] == texts(
        findings
    )
    assert ("1", 3670.0) == (findings[0].job, findings[0].at_s)


def test_a_payload_that_its_own_pilot_starts_again_is_found() -> None:
    assert 1 == len(found(story().dispatch().payload(at=60, until=90).payload(at=95, until=99)))


def test_a_new_attempt_may_run_again() -> None:
    told = story().dispatch().payload(at=60, until=None)
    told.dispatch(pilot="pilot-2", at=20000, attempt=2).payload(at=20060, until=20090)
    assert [] == found(told)


def test_a_payload_is_known_by_its_key_too() -> None:
    told = story().define(jobPars="--flightsim-job one/1 --more").dispatch()
    told.payload(at=60, until=90, job="one/1").payload(at=95, until=99, job="one/1")
    assert ["1"] == [each.job for each in found(told)]


def test_a_retry_under_a_new_number_may_share_the_key() -> None:
    told = story()
    for number in (1, 2):
        told.define(number, jobPars="--flightsim-job one/1").dispatch(number, at=number)
        told.payload(at=60 * number, until=60 * number + 9, job="one/1")
    assert [] == found(told)


def test_clones_may_all_run() -> None:
    told = clones(jobPars="--flightsim-job one/1").payload(at=60, until=90, job="one/1")
    assert [] == found(told.payload(at=61, until=91, job="one/1"))


def test_of_clones_one_may_finish() -> None:
    told = clones().final("finished", at=100, job=1, pilot="pilot-1")
    assert [] == found(told.state("closed", at=101, job=2, by="clones"))


def test_two_clones_that_finish_are_found() -> None:
    told = clones().final("finished", at=100, job=2, pilot="pilot-2")
    told.final("finished", at=3700, job=1, pilot="pilot-1")
    findings = found(told)
    assert [
        "jobset 50: clone 1 finished at 1:01:40 although clone 2 had finished at 0:01:40"
    ] == texts(findings)
    assert "1" == findings[0].job


def test_a_loser_that_registers_an_output_is_found() -> None:
    told = clones().final("finished", at=100, job=1, pilot="pilot-1")
    told.register("out.2", at=110, job=2).state("failed", at=120, job=2, by="adder")
    assert [
        "jobset 50: clone 2 (failed) registered out.2 at 0:01:50 although it does not count"
    ] == texts(found(told))


def test_a_loser_may_register_its_log() -> None:
    told = clones().final("finished", at=100, job=1, pilot="pilot-1")
    assert [] == found(told.final("failed", at=120, job=2, pilot="pilot-2"))


def test_clones_of_different_jobsets_do_not_compete() -> None:
    told = story()
    for number in (1, 2):
        told.define(number, kind="clone", jobsetID=number).dispatch(number, at=number)
        told.final("finished", at=100 + number)
    assert [] == found(told)


def test_jobs_of_one_jobset_that_are_no_clones_may_all_finish() -> None:
    told = story()
    for number in (1, 2):
        told.define(number, kind="event", jobsetID=50).dispatch(number, at=number)
        told.final("finished", at=100 + number)
    assert [] == found(told)


def test_clones_without_a_jobset_do_not_compete() -> None:
    told = story()
    for number in (1, 2):
        told.define(number, kind="clone", jobsetID="NULL").dispatch(number, at=number)
        told.final("finished", at=100 + number)
    assert [] == found(told)
