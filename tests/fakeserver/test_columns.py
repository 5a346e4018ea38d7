"""Rows of the job table, of today and of schema revision 5."""

from __future__ import annotations

from fakeserver import State
from fakeserver.clientjobs import describe
from fakeserver.columns import JOB
from fakeserver.columns import REVISION_5
from fakeserver.columns import files_of
from fakeserver.columns import row_5
from fakeserver.columns import row_of
from fakeserver.signing import proves
from fakeserver.signing import server_key
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import report
from tests.fakeserver.servers import spec


def test_a_row_has_every_column_and_no_other(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    assert JOB == tuple(row_of(bench.job(1)))
    assert tuple(each.name for each in REVISION_5) == tuple(row_5(bench.job(1), server_id="sim"))


def test_a_row_says_what_became_of_the_job(bench: Bench) -> None:
    bench.server.define_job(spec(1, vo="atlas", user="/DC=sim/CN=Ann/CN=proxy"))
    bench.run(1)
    bench.dial.now += 60.0
    bench.say(1, "failed", pilotErrorCode=1305, pilotErrorDiag="x" * 600)
    row = row_of(bench.job(1))
    assert ("failed", 1305, 500) == (
        row["jobStatus"],
        row["pilotErrorCode"],
        len(row["pilotErrorDiag"]),
    )
    assert ("2026-03-01 08:00:00", "2026-03-01 08:01:00") == (row["startTime"], row["endTime"])
    assert ("Ann", "atlas") == (row["prodUserName"], row["VO"])


def test_revision_5_cuts_texts_joins_the_servers_errors_and_proves_the_transformation(
    bench: Bench,
) -> None:
    bench.server.define_job(spec(1, application="Athena", pilot_version="3.7", vo="atlas"))
    bench.run(1)
    bench.dial.now += 10800.0
    bench.server.reap(bench.dial.now)
    row = row_5(bench.job(1), server_id="sim")
    names = [each.name for each in REVISION_5]
    assert names.index("taskID") == names.index("jobDefinitionID") + 1
    assert "transExitCode" not in row
    assert (100, "lost heartbeat : 2026-03-01T08:00:00Z") == (
        row["serverErrorCode"],
        row["serverErrorDiag"],
    )
    assert ("Athena", "3.7", "atlas") == (row["app"], row["pilotVersion"], row["VO"])
    assert len(row["encrypt"]) <= 250
    assert proves(row, key=server_key("sim").public)
    widths = {each.name: each.width for each in REVISION_5}
    assert all(
        len(str(value)) <= widths[name] for name, value in row.items() if value and widths[name]
    )


def test_files_follow_their_job(bench: Bench) -> None:
    bench.server.define_job(spec(1), state=State.WAITING)

    def status() -> list[str]:
        return [each["status"] for each in files_of(bench.job(1))]

    assert ["unknown", "unknown", "unknown"] == status()
    bench.server.activate(1)
    bench.run(1)
    assert ["ready", "running", "running"] == status()
    bench.say(1, "finished", xml=report(1))
    assert ["ready", "ready", "ready"] == status()
    assert ["input", "output", "log"] == [each["type"] for each in files_of(bench.job(1))]


def test_the_outputs_of_a_job_that_failed_have_failed_but_for_the_log(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    bench.run(1)
    bench.say(1, "failed", xml=report(1, "1.log.tgz"))
    assert ["ready", "failed", "ready"] == [each["status"] for each in files_of(bench.job(1))]


def test_a_client_reads_times_that_say_so(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    told = describe(bench.job(1))
    assert {"__datetime__": "2026-03-01T08:00:00"} == told["creationTime"]
    assert told["startTime"] is None
    assert 3 == len(told["Files"])
