"""The WSGI application: doors, roles, refusals."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from fakeserver import Policy
from fakeserver import application
from fakeserver.identity import Identity
from fakeserver.wire import JSON
from fakeserver.wire import HttpRequest
from tests.fakeserver.servers import EPOCH
from tests.fakeserver.servers import QUEUE
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import spec
from tests.fakeserver.speakers import PERSON
from tests.fakeserver.speakers import ask
from tests.fakeserver.speakers import form
from tests.fakeserver.speakers import legacy
from tests.fakeserver.speakers import modern
from tests.fakeserver.speakers import read

NOBODY = Identity()
NO_ROLE = "no production/pilot role in VOMS FQANs or non pilot owner"


def wsgi(bench: Bench, method: str, path: str, body: bytes = b"", **more: Any) -> tuple[str, Any]:
    """Call the WSGI application and return status line and body."""
    started: list[Any] = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **more,
    }
    app = application(bench.server)
    content = b"".join(app(environ, lambda *head: started.extend(head)))  # type: ignore[arg-type]
    assert dict(started[1])["Content-Length"] == str(len(content))
    return started[0], content


def test_the_environ_carries_time_name_and_identity(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    body = json.dumps({"siteName": QUEUE, "prodSourceLabel": "managed"}).encode()
    status, content = wsgi(
        bench,
        "POST",
        "/server/panda/getJob",
        body,
        CONTENT_TYPE=JSON,
        HTTP_ACCEPT=JSON,
        SSL_CLIENT_S_DN="/CN=Pilot",
        **{"flightsim.now": EPOCH + 7, "flightsim.who": "pilot-3"},
        **{"flightsim.fqans": ("/atlas/Role=pilot",)},
    )
    assert ("200 OK", 1) == (status, json.loads(content)["PandaID"])
    assert ("pilot-3", EPOCH + 7) == (bench.job(1).pilot, bench.job(1).updated_at)


def test_without_a_time_in_the_environ_it_is_the_servers(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    bench.dial.now += 3
    body = f"siteName={QUEUE}&prodSourceLabel=managed".encode()
    wsgi(bench, "POST", "/server/panda/getJob", body)
    assert EPOCH + 3 == bench.job(1).updated_at


@pytest.mark.parametrize(
    ("path", "status", "text", "nearest"),
    [
        (
            "/server/panda/getjob",
            "403 Forbidden",
            b"ERROR : method getjob is forbidden",
            ["/server/panda/getJob"],
        ),
        ("/api/v1/pilot/xyz", "403 Forbidden", b"ERROR : method xyz is forbidden", []),
        ("/nonsense", "404 Not Found", b"not found", []),
    ],
)
def test_what_the_server_does_not_have(
    bench: Bench, path: str, status: str, text: bytes, nearest: list[str]
) -> None:
    assert (status, text) == wsgi(bench, "POST", path, b"", **{"flightsim.who": "pilot-1"})
    (event,) = bench.of("server.unknown_endpoint")
    assert (path, "pilot-1") == (event["path"], event.who)
    assert set(nearest) <= set(event["nearest"])


def test_a_file_wants_a_get(bench: Bench) -> None:
    status, _ = wsgi(bench, "POST", "/ddmendpoints.json")
    assert "405 Method Not Allowed" == status


def test_an_unexpected_variable_is_refused_by_the_legacy_api_with_500(bench: Bench) -> None:
    bench.server.define_job(spec(1))
    bench.get()
    answer = legacy(bench, "update_job", {"jobId": 1, "state": "running", "mood": "good"})
    expected = b"updateJob() got an unexpected keyword argument 'mood'"
    assert (500, expected) == (answer.status, answer.body)
    assert "sent" == bench.job(1).state
    (event,) = bench.of("job.refused")
    assert (1, "pilot-1", expected.decode()) == (event["job"], event["pilot"], event["why"])


def test_an_unexpected_variable_is_refused_by_api_v1_in_its_envelope(bench: Bench) -> None:
    values = {"job_id": 1, "job_status": "running", "mood": "good"}
    said = read(modern(bench, "update_job", values))
    expected = "Argument error: got an unexpected keyword argument 'mood'"
    assert {"success": False, "message": expected, "data": None} == said
    assert [expected] == bench.refusals()


@pytest.mark.parametrize(
    ("path", "kind"), [("/server/panda/getJob", JSON), ("/api/v1/pilot/acquire_jobs", JSON)]
)
def test_a_broken_body_is_answered_500_and_said(bench: Bench, path: str, kind: str) -> None:
    answer = ask(bench, HttpRequest("POST", path, content_type=kind, body=b"{"))
    assert 500 == answer.status
    assert b"invalid JSON" in answer.body
    assert 1 == len(bench.refusals())


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        (
            "acquire_jobs",
            {"siteName": QUEUE, "prodSourceLabel": "managed"},
            {"StatusCode": 60, "errorDialog": NO_ROLE},
        ),
        (
            "update_job",
            {"jobId": 1, "state": "running"},
            {"StatusCode": 60, "errorDialog": NO_ROLE},
        ),
    ],
)
def test_without_role_the_legacy_api_answers_60(
    bench: Bench, name: str, values: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert expected == read(legacy(bench, name, values, identity=PERSON))
    assert {"StatusCode": "60"} == read(form(bench, name, values, identity=PERSON))
    assert 2 == len(bench.refusals())


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("acquire_event_ranges", {"pandaID": 1, "jobsetID": 1}),
        ("update_event_ranges", {"eventRanges": "[]"}),
        (
            "update_worker_status",
            {"workerID": 1, "harvesterID": "h", "status": "started", "site": "s"},
        ),
    ],
)
def test_without_role_some_of_the_legacy_api_answers_a_text(
    bench: Bench, name: str, values: dict[str, Any]
) -> None:
    answer = legacy(bench, name, values, identity=PERSON)
    assert (200, b"production or pilot role is required") == (answer.status, answer.body)


@pytest.mark.parametrize(
    ("name", "values", "text"),
    [
        ("acquire_jobs", {"site_name": QUEUE}, NO_ROLE),
        ("update_job", {"job_id": 1, "job_status": "x"}, "production or pilot role required"),
        ("acquire_event_ranges", {}, "production or pilot role required"),
    ],
)
def test_without_role_api_v1_says_so(
    bench: Bench, name: str, values: dict[str, Any], text: str
) -> None:
    said = read(modern(bench, name, values, identity=PERSON))
    assert {"success": False, "message": text, "data": None} == said


def test_a_person_gets_analysis_jobs_of_his_own_only(bench: Bench) -> None:
    for panda_id, user in ((1, "/DC=sim/CN=Other"), (2, PERSON.dn + "/CN=77")):
        bench.server.define_job(spec(panda_id, kind="analysis", user=user))
    values = {"siteName": QUEUE, "prodSourceLabel": "user"}
    assert 2 == read(legacy(bench, "acquire_jobs", values, identity=PERSON))["PandaID"]
    assert 20 == read(legacy(bench, "acquire_jobs", values, identity=PERSON))["StatusCode"]


def test_nobody_is_taken_for_a_pilot_unless_the_policy_is_strict() -> None:
    values = {"siteName": QUEUE, "prodSourceLabel": "managed"}
    lenient, strict = Bench(), Bench(Policy(anonymous=False))
    codes = [
        read(legacy(bench, "acquire_jobs", values, identity=NOBODY))["StatusCode"]
        for bench in (lenient, strict)
    ]
    assert [20, 60] == codes


def test_a_strict_api_v1_wants_a_secure_connection() -> None:
    said = read(
        modern(Bench(Policy(anonymous=False)), "get_job_status", {"job_ids": 1}, identity=NOBODY)
    )
    assert "SSL secure connection is required" == said["message"]


def test_api_v1_takes_no_limited_proxy(bench: Bench) -> None:
    limited = Identity("/CN=Pilot/CN=limited proxy", ("/atlas/Role=pilot",))
    said = read(modern(bench, "acquire_jobs", {"site_name": QUEUE}, identity=limited))
    assert "SSL secure connection is required" == said["message"]


def test_api_v1_wants_the_right_method(bench: Bench) -> None:
    said = read(modern(bench, "acquire_jobs", {"site_name": QUEUE}, method="GET"))
    assert "expecting POST, received GET" == said["message"]


def test_api_v1_answers_the_text_of_a_dict_to_who_wants_no_json(bench: Bench) -> None:
    answer = ask(bench, HttpRequest("GET", "/api/v1/system/is_alive"))
    assert b"{'success': True, 'message': '', 'data': None}" == answer.body
