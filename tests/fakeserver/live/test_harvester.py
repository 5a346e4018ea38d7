"""The communicator of the real Harvester against the live server.

Harvester is on no package index: FLIGHTSIM_HARVESTER names the folder of a checkout
(harvester@d561b72f was tried), without which these tests are skipped. What it sends is also in
tests/fakeserver/test_harvesters.py and endpoints/test_workers.py, by hand.

Left out is where that Harvester does not understand panda-server@9cc36033 itself: get_proxy reads
``userProxy`` where the server says ``user_proxy`` (credential_management_api.py#L259), and
get_event_ranges a StatusCode in what is a list there (event_api.py#L160).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from typing import Iterator

import pytest

from fakeserver.live.credentials import lend
from tests.fakeserver.live.running import QUEUE
from tests.fakeserver.live.running import Running
from tests.fakeserver.live.talking import Talker
from tests.fakeserver.live.talking import packages
from tests.fakeserver.servers import spec

CHECKOUT = os.environ.get("FLIGHTSIM_HARVESTER", "")
PROGRAM = Path(__file__).with_name("harvester_program.py")
NEEDS = ("panda-common>=0.1.1", "requests", "pycryptodomex", "rpyc", "psutil")
CONFIGURATION = """\
[master]
harvester_id = flightsim
[pandacon]
timeout = 60
auth_type = x509
ca_cert = {ca}
cert_file = {proxy}
key_file = {proxy}
server_api_url_ssl = {url}/api/v1
cache_api_url_ssl = {url}/api/v1
"""

pytestmark = [
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.skipif(not CHECKOUT, reason="no Harvester to be had (FLIGHTSIM_HARVESTER)"),
]


@pytest.fixture
def harvester(secure: Running, tmp_path: Path) -> Iterator[Talker]:
    """Return a Harvester with a production role."""
    secure.live.model.queues[QUEUE] = {"status": "online", "nickname": QUEUE}
    needs = packages("harvester-needs", *NEEDS)
    configure(secure, needs, home=tmp_path)
    path = [Path(CHECKOUT), needs, needs / "pandacommon"]
    one = Talker(PROGRAM, path=path, environment={"PANDA_HOME": str(tmp_path)}, folder=tmp_path)
    yield one
    one.close()


def configure(served: Running, needs: Path, *, home: Path) -> None:
    """Write what Harvester and its loggers read, below *home*."""
    assert served.folder is not None
    etc = home / "etc" / "panda"
    etc.mkdir(parents=True)
    text = CONFIGURATION.format(
        ca=next(served.folder.authorities.glob("*.0")),
        proxy=served.folder.proxy("production"),
        url=served.secure,
    )
    (etc / "panda_harvester.cfg").write_text(text)
    common = next((needs / "etc" / "panda").glob("panda_common.cfg*")).read_text()
    lines = [f"logdir={home}" if "logdir=" in each else each for each in common.splitlines()]
    (etc / "panda_common.cfg").write_text("\n".join(lines))


def test_it_lives_and_its_heartbeat_is_heard(harvester: Talker, secure: Running) -> None:
    assert harvester.ask("check_panda", [])[0] is True
    assert [True, ""] == harvester.ask("is_alive", [{"hostname": "h1", "sw_version": "x"}])
    assert ["flightsim"] == list(secure.live.model.harvesters.instances)


def test_jobs_are_fetched_updated_in_bulk_and_looked_up(harvester: Talker, secure: Running) -> None:
    for number in (1, 2):
        secure.live.model.define_job(spec(number))
    jobs, said = harvester.ask("get_jobs", [QUEUE, "h1", "managed", QUEUE, 5, {}])
    assert ([1, 2], "OK") == ([each["PandaID"] for each in jobs], said)
    assert [[], "No jobs in PanDA"] == no_more(harvester)
    answers = harvester.ask("update_jobs", [[job(1, "running"), job(2, "cancelled")], 7])
    assert [0, 0] == [each["StatusCode"] for each in answers]
    assert ["running", "failed"] == [secure.live.model.jobs[each].state.value for each in (1, 2)]
    checked = harvester.ask("check_jobs", [[job(1, "running"), job(2, "failed")]])
    assert [(0, "running"), (0, "failed")] == [
        (each["StatusCode"], each["status"]) for each in checked
    ]


def job(panda_id: int, status: str) -> dict[str, Any]:
    """Return a job as Harvester has it."""
    known = {"PandaID": panda_id, "status": status, "subStatus": status, "attemptNr": 1}
    more = {"computingSite": QUEUE, "jobAttributes": {}, "jobParams": {}, "nCore": 1}
    return {"job": known | more}


def no_more(harvester: Talker) -> Any:
    """Return what a Harvester makes of there being no jobs."""
    jobs, said = harvester.ask("get_jobs", [QUEUE, "h1", "managed", QUEUE, 5, {}])
    return [jobs, "No jobs in PanDA" if "No jobs in PanDA" in said else said]


def test_workers_are_reported_and_counted(harvester: Talker, secure: Running) -> None:
    worker = {"workerID": 41, "batchID": "b1", "status": "running", "computingSite": QUEUE}
    answers, said = harvester.ask("update_workers", [[{"worker": worker}]])
    assert ([True], "OK") == (answers, said)
    assert "running" in json.dumps(secure.live.model.workers["flightsim/41"])
    assert [True, 41] == harvester.ask("get_max_worker_id", [])
    counted = {"managed": {"SCORE": {"running": 3, "submitted": 1}}}
    assert [True, "OK"] == harvester.ask("update_worker_stats", [QUEUE, counted])
    assert QUEUE in json.dumps(harvester.ask("get_worker_stats_from_panda", []))


def test_commands_come_once_and_are_acknowledged(harvester: Talker, secure: Running) -> None:
    harvester.ask("is_alive", [{"hostname": "h1"}])
    with secure.live.effect() as model:
        now = secure.live.clock.now()
        model.harvesters.command("flightsim", "KILL_WORKER", {"status": ["running"]}, now=now)
    given = harvester.ask("get_commands", [10])
    assert ["KILL_WORKER"] == [each["command"] for each in given]
    assert harvester.ask("ack_commands", [[each["command_id"] for each in given]]) is True
    assert [] == harvester.ask("get_commands", [10])


def test_credentials_types_and_statistics_are_had(harvester: Talker, secure: Running) -> None:
    secure.live.model.define_job(spec(1))
    assert secure.folder is not None
    lend(secure.live.model, secure.folder, vo="atlas")
    types, _ = harvester.ask("get_resource_types", [])
    assert "SCORE" in [each["resource_name"] for each in types]
    assert {QUEUE: {"activated": 1}} == harvester.ask("get_job_stats", [])[0]
    key, said = harvester.ask("get_token_key", ["pilot_server"])
    assert ((secure.folder.path / "pilot.token_key").read_text(), "") == (key, said)
