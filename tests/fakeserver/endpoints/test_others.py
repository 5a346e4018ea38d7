"""Endpoints of the system, of statistics, of secrets, files and harvesters."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest

from fakeserver import Policy
from fakeserver.wire import HttpRequest
from tests.fakeserver.endpoints.test_submission import ANN
from tests.fakeserver.endpoints.test_submission import CHIEF
from tests.fakeserver.endpoints.test_submission import call
from tests.fakeserver.servers import QUEUE
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import spec
from tests.fakeserver.speakers import PILOT
from tests.fakeserver.speakers import ask
from tests.fakeserver.speakers import legacy
from tests.fakeserver.speakers import read


def test_the_server_says_how_it_sees_the_caller(bench: Bench) -> None:
    said = call(bench, "get_attributes", {"anything": "x"})
    assert {"anything": "x"} == said["data"]["parameters"]
    assert ANN.dn == said["data"]["environment"]["SSL_CLIENT_S_DN"]
    assert {"GRST_CRED_AURI_0": "VOMS /atlas/Role=NULL"} == (
        call(bench, "get_voms_attributes", {})["data"]
    )
    told = call(bench, "get_user_attributes", {}, who=CHIEF)["data"]
    assert ("Chief", True) == (told["user_dn_clean"], told["is_production_user"])


def test_queues_by_type_and_banned_people(bench: Bench) -> None:
    bench.server.queues = {"A": {"type": "analysis"}, "P": {"type": "production"}}
    assert ["A"] == list(call(bench, "get_site_specs", {})["data"])
    assert ["A", "P"] == list(call(bench, "get_site_specs", {"type": "all"})["data"])
    bench.server.people.add_user("/CN=Bob", banned=True)
    assert {"Bob": False} == call(bench, "get_banned_users", {})["data"]


def test_jobs_are_counted(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    bench.server.define_job(spec(2, kind="analysis"))
    bench.server.define_job(spec(3))
    bench.server.kill(3)
    assert {"WORLD": {"activated": 1, "cancelled": 1}} == (
        call(bench, "job_stats_by_cloud", {})["data"]
    )
    assert {"WORLD": {"activated": 1}} == (
        call(bench, "job_stats_by_cloud", {"type": "analysis"})["data"]
    )
    assert not call(bench, "job_stats_by_cloud", {"type": "x"})["success"]
    assert {QUEUE: {"activated": 2}} == call(bench, "active_job_stats_by_site", {})["data"]
    assert {QUEUE: {"SCORE": {"managed": {"activated": 1}, "user": {"activated": 1}}}} == (
        call(bench, "active_job_detailed_stats_by_site", {})["data"]
    )
    assert {QUEUE: {"SCORE": {"activated": 2, "cancelled": 1}}} == (
        call(bench, "job_stats_by_site_and_resource_type", {})["data"]
    )
    bench.dial.now += 3601.0
    values = {"time_window": 60}
    assert {QUEUE: {"Undefined": {"SCORE": {"activated": 2}}}} == (
        call(bench, "job_stats_by_site_share_and_resource_type", values)["data"]
    )
    assert {"WORLD": {"simul": {"activated": 1, "cancelled": 1}}} == (
        call(bench, "production_job_stats_by_cloud_and_processing_type", {})["data"]
    )


def test_secrets_are_ones_own(bench: Bench) -> None:
    call(bench, "set_user_secrets", {"key": "a", "value": "1"})
    call(bench, "set_user_secrets", {"key": "b", "value": "2"})
    assert {"a": "1", "b": "2"} == json.loads(call(bench, "get_user_secrets", {})["data"])
    assert {} == json.loads(call(bench, "get_user_secrets", {}, who=CHIEF)["data"])
    said = legacy(bench, "get_user_secrets", {"keys": "a", "get_json": True}, identity=ANN)
    assert [True, {"a": "1"}] == json.loads(said.body)
    call(bench, "set_user_secrets", {"key": "a"})
    assert {"b": "2"} == json.loads(call(bench, "get_user_secrets", {})["data"])
    call(bench, "set_user_secrets", {})
    assert {} == json.loads(call(bench, "get_user_secrets", {})["data"])


def test_nobody_has_no_secrets() -> None:
    from fakeserver.identity import Identity

    bench = Bench(Policy(anonymous=False))
    for name in ("set_user_secrets", "get_user_secrets"):
        said = json.loads(legacy(bench, name, {}, identity=Identity()).body)
        assert [False, "SSL_CLIENT_S_DN is missing in HTTP request"] == said


def test_a_token_key_is_for_who_may_have_it(bench: Bench) -> None:
    bench.server.token_keys["pilot_server"] = "KEY"
    values = {"client_name": "pilot_server"}
    assert "KEY" == read(legacy(bench, "get_token_key", values))["tokenKey"]
    assert {"tokenKey": "KEY"} == call(bench, "get_token_key", values, who=PILOT)["data"]
    said = call(bench, "get_token_key", values)
    assert "'Ann' not in authorized users with 't'" in said["message"]
    assert 80 == read(legacy(bench, "get_token_key", {"client_name": "x"}))["StatusCode"]


def upload(bench: Bench, name: str, file: str, content: bytes) -> dict[str, Any]:
    """Upload a file as a client does."""
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="'
        + file.encode()
        + b'"\r\nContent-Type: application/octet-stream\r\n\r\n'
        + content
        + b"\r\n--b--\r\n"
    )
    request = HttpRequest(
        "POST",
        f"/api/v1/file_server/{name}",
        content_type="multipart/form-data; boundary=b",
        accept="application/json",
        body=body,
    )
    return read(ask(bench, request))


def test_a_file_is_left_found_fetched_and_forgotten(bench: Bench) -> None:
    content = b"sandbox \x00\xff" + struct.pack("<II", 12345, 99)
    assert upload(bench, "upload_cache_file", "../sources.tgz", content)["success"]
    assert content == ask(bench, HttpRequest("GET", "/cache/sources.tgz")).body
    values = {"file_size": len(content), "checksum": 12345}
    found = call(bench, "validate_cache_file", values)["message"]
    assert "FOUND:localhost:sources.tgz" == found
    missing = call(bench, "validate_cache_file", values | {"checksum": 1})["message"]
    assert "NOTFOUND" == missing
    assert call(bench, "touch_cache_file", {"file_name": "sources.tgz"})["success"]
    call(bench, "delete_cache_file", {"file_name": "sources.tgz"})
    assert 404 == ask(bench, HttpRequest("GET", "/cache/sources.tgz")).status
    assert not call(bench, "touch_cache_file", {"file_name": "sources.tgz"})["success"]


def test_a_log_grows_and_is_read_from_where_one_was(bench: Bench) -> None:
    assert "/cache/jedilog/log" == upload(bench, "upload_jedi_log", "log", b"one\n")["data"]
    upload(bench, "update_jedi_log", "log", b"two\n")
    path = "/api/v1/file_server/download_jedi_log"
    assert b"one\ntwo\n" == ask(bench, HttpRequest("GET", path, query="log_name=log")).body
    assert b"two\n" == ask(bench, HttpRequest("GET", path, query="log_name=log&offset=4")).body


@pytest.mark.parametrize("name", ["upload_cache_file", "upload_jedi_log"])
def test_what_is_no_file_is_not_taken(bench: Bench, name: str) -> None:
    assert not call(bench, name, {"file": "text"}, who=PILOT)["success"]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("harvester_heartbeat", {"harvesterID": "h", "data": "nonsense"}),
        ("update_workers", {"harvesterID": "h", "workers": "nonsense"}),
        ("update_workers", {"harvesterID": "h", "workers": "[1]"}),
        ("update_service_metrics", {"harvesterID": "h", "metrics": "nonsense"}),
        ("add_dialogs", {"harvesterID": "h", "dialogs": "nonsense"}),
    ],
)
def test_a_harvester_that_sends_no_json_is_told_so(
    bench: Bench, name: str, values: dict[str, str]
) -> None:
    assert [False, "failed to load JSON"] == json.loads(legacy(bench, name, values).body)


def test_a_harvester_reads_how_many_workers_there_are(bench: Bench) -> None:
    values = {"harvester_id": "h", "panda_queue": QUEUE, "statistics": '{"managed": {}}'}
    assert call(bench, "report_worker_statistics", values)["success"]
    assert {QUEUE: {"h": {"managed": {}}}} == call(bench, "get_worker_statistics", {})["data"]
    wrong = call(bench, "report_worker_statistics", values | {"statistics": "x"})
    assert not wrong["success"]


def test_a_queue_is_swept(bench: Bench) -> None:
    values = {"panda_queue": QUEUE, "status_list": ["running"]}
    values |= {"ce_list": [], "submission_host_list": []}
    said = call(bench, "add_sweep_command", values, who=CHIEF)
    assert "Error retrieving queue configuration from DB" == said["message"]
    bench.server.queues[QUEUE] = {"harvester": "h"}
    assert call(bench, "add_sweep_command", values, who=CHIEF)["success"]
    (command,) = call(bench, "acquire_commands", {"harvester_id": "h", "n_commands": 1}, who=CHIEF)[
        "data"
    ]
    assert "KILL_WORKERS" == command["command"]


def test_slots_have_an_end(bench: Bench) -> None:
    values = {"panda_queue": QUEUE, "slots": 5, "expiration_date": "2026-03-02T08:00:00"}
    assert call(bench, "add_target_slots", values, who=CHIEF)["success"]
    legacy(bench, "add_target_slots", {"pandaQueueName": "B", "numSlots": 1, "validPeriod": "1"})
    slots = bench.server.harvesters.slots
    assert bench.dial.now + 86400.0 == slots[f"{QUEUE}//"]["until"] == slots["B//"]["until"]
    wrong = legacy(
        bench, "add_target_slots", {"pandaQueueName": "B", "numSlots": 1, "validPeriod": "soon"}
    )
    assert 500 == wrong.status
