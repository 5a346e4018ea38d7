"""The server as a whole."""

from __future__ import annotations

import io
from random import Random

import pytest

from fakeserver import JobSpec
from fakeserver import OutputFile
from fakeserver import PandaServer
from fakeserver import Policy
from fakeserver import State
from fakeserver.dispatch import JobRequest
from fakeserver.vault import PILOTS
from simkernel import Journal
from simkernel import ScenarioError
from tests.fakeserver.servers import EPOCH
from tests.fakeserver.servers import QUEUE
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import report
from tests.fakeserver.servers import spec
from tests.fakeserver.speakers import legacy
from tests.fakeserver.speakers import read


def test_a_job_is_announced_with_the_main_fields_of_its_record(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    (event,) = bench.of("job.defined")
    assert (1, "production", 1) == (event["job"], event["kind"], event["attempt"])
    fields = event["fields"]
    assert ("in.dat", "out.dat,1.log.tgz", "1.log.tgz", "NULL") == (
        fields["inFiles"],
        fields["outFiles"],
        fields["logFile"],
        fields["jobsetID"],
    )


@pytest.mark.parametrize(
    ("state", "path"),
    [
        (State.DEFINED, []),
        (State.WAITING, ["waiting"]),
        (State.ASSIGNED, ["assigned"]),
        (State.THROTTLED, ["assigned", "throttled"]),
        (State.ACTIVATED, ["assigned", "activated"]),
    ],
)
def test_a_job_begins_as_told(bench: Bench, state: State, path: list[str]) -> None:
    bench.server.define_job(spec(1), state=state)
    assert (state, path) == (bench.job(1).state, bench.path(1))


def test_no_job_begins_as_running(bench: Bench) -> None:
    with pytest.raises(ScenarioError, match="no job begins as running"):
        bench.server.define_job(spec(1), state=State.RUNNING)


def test_an_id_is_given_once(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    with pytest.raises(ScenarioError, match="taken"):
        bench.server.define_job(spec(1))


def test_a_bad_specification_is_refused(bench: Bench) -> None:
    with pytest.raises(ScenarioError, match="did you mean 'event'"):
        bench.server.define_job(spec(1, kind="evnt"))
    assert {} == bench.server.jobs


def test_a_log_gets_a_guid_by_chance_of_the_servers_own_stream() -> None:
    def guids(seed: str) -> list[str]:
        server = PandaServer(lambda: EPOCH, Journal(lambda: 0.0), rng=Random(seed))
        made = [
            server.define_job(JobSpec(panda_id, queue=QUEUE, log=OutputFile(f"{panda_id}.tgz")))
            for panda_id in (1, 2)
        ]
        return [job.spec.log.guid for job in made if job.spec.log]

    assert guids("a") == guids("a")
    assert 4 == len({*guids("a"), *guids("b")})


def test_a_running_job_that_is_killed_is_told_so(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    bench.run(1)
    bench.server.kill(1, by="ann")
    assert (State.RUNNING, "killed by ann") == (
        bench.job(1).state,
        bench.job(1).fields["taskBufferErrorDiag"],
    )
    assert "tobekilled" == bench.say(1, "running").command


@pytest.mark.parametrize("told", [None, "starting", "holding", "transferring"])
def test_any_other_job_that_is_killed_is_cancelled_at_once(bench: Bench, told: str | None) -> None:
    bench.server.define_job(spec(1))
    bench.get()
    if told:
        bench.say(1, told)
    bench.server.kill(1)
    last = bench.of("job.state")[-1]
    assert ("cancelled", "user") == (last["new"], last["by"])
    assert "tobekilled" == bench.say(1, "running").command


def test_a_job_that_ended_is_killed_in_vain(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    bench.run(1)
    bench.say(1, "finished", xml=report(1))
    bench.server.kill(1)
    assert (State.FINISHED, ["the job is already finished"]) == (
        bench.job(1).state,
        bench.refusals(),
    )


def test_a_job_that_is_killed_while_its_report_waits_is_not_settled_any_more() -> None:
    bench = Bench(Policy(adder_delay_s=60.0))
    bench.server.define_job(spec(1))
    bench.run(1)
    bench.say(1, "finished", xml=report(1))
    bench.server.kill(1)
    bench.dial.now += 60
    assert ([], State.CANCELLED) == (bench.server.reap(bench.dial.now), bench.job(1).state)
    assert ([], None) == (bench.of("file.registered"), bench.job(1).settle_at)


def test_the_same_history_writes_the_same_journal() -> None:
    def told() -> str:
        stream = io.StringIO()
        bench = Bench()
        bench.journal = Journal(lambda: bench.dial.now - EPOCH, stream=stream)
        bench.server = PandaServer(bench.dial.read, bench.journal, rng=Random("1/server"))
        for panda_id in (1, 2):
            bench.server.define_job(spec(panda_id, log=OutputFile(f"{panda_id}.log.tgz")))
        bench.run(1)
        bench.say(1, "finished", xml=report(1))
        bench.dial.now += 90000
        bench.server.reap(bench.dial.now)
        return stream.getvalue()

    assert told() == told()


def test_a_snapshot_is_plain_and_shows_what_changed(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    before = bench.server.snapshot()
    bench.run(1)
    after = bench.server.snapshot()
    assert ("activated", "running") == (before["jobs"]["1"]["state"], after["jobs"]["1"]["state"])


def test_the_ids_of_jobs_are_global() -> None:
    bench = Bench(Policy(server_id="bnl"))
    assert "bnl:17" == bench.server.global_id(17)


def test_to_watch_is_to_look_for_alarms_and_to_take_snapshots(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    bench.server.watch(bench.dial.now)
    bench.dial.now += 3601.0
    bench.server.watch(bench.dial.now)
    assert (1, 2) == (len(bench.server.alarms.present()), len(bench.server.history.snapshots))


def test_secrets_go_with_a_job_that_wants_them_and_pilots_have_their_own(bench: Bench) -> None:
    bench.server.vault.set_secret("Ann", "key", "value")
    for panda_id in (1, 2):
        wants = panda_id == 1
        bench.server.define_job(spec(panda_id, user="/CN=Ann", use_secrets=wants))
    request = JobRequest(QUEUE, "managed")
    records = bench.server.dispatch(request, who="pilot-1", now=bench.dial.now, count=2)
    assert ['{"key": "value"}', None] == [record.get("secrets") for record in records]
    bench.server.define_job(spec(3))
    bench.server.vault.set_secret(PILOTS, "bigpanda", "x")
    (record,) = bench.server.dispatch(request, who="pilot-1", now=bench.dial.now)
    assert '{"bigpanda": "x"}' == record["pilotSecrets"]
    assert "secrets" not in record
    said = read(legacy(bench, "update_job", {"jobId": 3, "state": "running"}))
    assert '{"bigpanda": "x"}' == said["pilotSecrets"]
