"""Submission: who may, and with which priority."""

from __future__ import annotations

from typing import Any

import pytest

from fakeserver import Policy
from fakeserver import State
from fakeserver.clientjobs import read_jobs
from fakeserver.clientjobs import write_jobs
from fakeserver.identity import Identity
from fakeserver.submission import SubmissionError
from fakeserver.submission import submit
from fakeserver.submission import submit_drafts
from tests.fakeserver.servers import QUEUE
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import report
from tests.fakeserver.servers import spec

ANN = Identity("/DC=sim/CN=Ann", ("/atlas/higgs/Role=production",))


def job(panda_id: int = 1, **changes: Any):  # type: ignore[no-untyped-def]
    """Return an analysis job of Ann's."""
    return spec(panda_id, **({"kind": "analysis", "user": ANN.dn} | changes))


def sent(bench: Bench, *specs: Any, who: Identity = ANN, production: bool = False) -> list[State]:
    """Submit and return the states."""
    jobs = submit(bench.server, specs, who, production=production, now=bench.dial.now)
    return [each.state for each in jobs]


def test_a_job_that_is_taken_waits_for_a_pilot(bench: Bench) -> None:
    assert [State.ACTIVATED] == sent(bench, job())


@pytest.mark.parametrize(
    ("described", "changes", "why"),
    [
        ({"banned": True}, {}, "Failed to submit jobs"),
        ({"quota_core_s": 0}, {}, "quota 0"),
        ({}, {"label": "managed"}, "missing production"),
        ({}, {"working_group": "susy"}, "not of the working group susy"),
        ({}, {"kind": "nonsense", "label": "user"}, "unknown kind"),
    ],
)
def test_a_job_is_refused(described: dict[str, Any], changes: dict[str, Any], why: str) -> None:
    bench = Bench()
    bench.server.people.add_user(ANN.dn, **described)
    with pytest.raises(SubmissionError, match=why):
        sent(bench, job(), job(2, **changes))
    assert {} == bench.server.jobs


def test_a_group_over_its_quota_has_its_jobs_refused(bench: Bench) -> None:
    bench.server.people.add_group("higgs", quota_core_s=100)
    sent(bench, job(working_group="higgs"))
    assert 1 == bench.get(label="user")
    bench.dial.now += 100.0
    bench.say(1, "finished", xml=report(1))
    with pytest.raises(SubmissionError, match="group higgs used 100"):
        sent(bench, job(2, working_group="higgs"))


def test_strangers_are_entered_as_they_come_unless_nobody_may(bench: Bench) -> None:
    sent(bench, job())
    assert ["Ann"] == list(bench.server.people.users)
    closed = Bench(Policy(registered_only=True))
    with pytest.raises(SubmissionError, match="Ann is not registered"):
        sent(closed, job())


def test_nothing_is_no_submission(bench: Bench) -> None:
    with pytest.raises(SubmissionError, match="No jobs were submitted"):
        sent(bench)


def test_the_more_jobs_of_a_user_the_less_priority_they_have(bench: Bench) -> None:
    bench.server.people.add_user(ANN.dn, priority=100)
    sent(bench, *(job(number) for number in range(1, 12)))
    assert [1100] * 5 + [1099] * 5 + [1098] == [
        bench.job(number).spec.priority for number in range(1, 12)
    ]


def test_a_job_without_a_queue_goes_where_fewest_wait(bench: Bench) -> None:
    bench.server.queues = {"A": {"status": "online"}, "B": {"status": "online"}, "C": {}}
    bench.server.queues["C"] = {"status": "offline"}
    bench.server.define_job(spec(90, queue="A"))
    sent(bench, job(queue=""))
    assert ("B", State.ACTIVATED) == (bench.job(1).spec.queue, bench.job(1).state)


def test_a_job_that_no_queue_fits_waits_until_one_does(bench: Bench) -> None:
    bench.server.queues = {"A": {"status": "online", "corecount": 1}}
    assert [State.WAITING] == sent(bench, job(queue="", core_count=8))
    assert "no queue fits" == bench.job(1).fields["brokerageErrorDiag"]
    bench.server.queues["B"] = {"status": "online", "corecount": 8}
    assert [1] == bench.server.place_waiting()
    assert ("B", State.ACTIVATED) == (bench.job(1).spec.queue, bench.job(1).state)


def test_a_job_waits_for_its_inputs(bench: Bench) -> None:
    bench.server.missing["flightsim:inputs"] = True
    assert [State.WAITING] == sent(bench, job())
    assert [1] == bench.server.dataset_came("flightsim:inputs")
    assert State.ACTIVATED is bench.job(1).state


DRAFT = {
    "computingSite": QUEUE,
    "prodSourceLabel": "user",
    "jobName": "mine",
    "maxAttempt": 3,
    "Files": [{"lfn": "out", "type": "output"}, {"lfn": "my.log.tgz", "type": "log"}],
}


def test_a_job_as_a_client_writes_it(bench: Bench) -> None:
    drafts = read_jobs(write_jobs([DRAFT]))
    (made,) = submit_drafts(bench.server, drafts, ANN, production=False, now=bench.dial.now)
    assert (QUEUE, "user", 3, ANN.dn) == (
        made.spec.queue,
        made.spec.source_label,
        made.spec.max_attempt,
        made.spec.user,
    )
    assert ["out", "my.log.tgz"] == made.spec.lfns
    assert made.spec.log is not None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"job_label": "x"}, "job_label=x is not valid"),
        ({"coreCount": "many"}, "coreCount='many' is not a number"),
        ({"Files": [{"lfn": "a,b", "type": "output"}]}, "cannot be the name of a file"),
    ],
)
def test_a_draft_is_refused(change: dict[str, Any], why: str) -> None:
    bench = Bench()
    drafts = read_jobs(write_jobs([DRAFT | change]))
    with pytest.raises(SubmissionError, match=why):
        submit_drafts(bench.server, drafts, ANN, production=False, now=bench.dial.now)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[["x"]]', "[[1, [2]]]"])
def test_what_is_no_list_of_jobs_cannot_be_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_jobs(text)


def test_a_job_has_only_the_columns_that_it_has() -> None:
    with pytest.raises(ValueError, match="no 'nonsense'"):
        write_jobs([{"nonsense": 1}])
