"""Jobs from the command line."""

from __future__ import annotations

import io
import json
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from http.server import HTTPServer
from random import Random
from typing import Iterator

import pytest

from fakeserver import PandaServer
from fakeserver.application import application
from fakeserver.clientjobs import read_jobs
from fakeserver.clientjobs import write_jobs
from harness.cli import main
from harness.cli._exit_codes import PASS
from harness.cli._exit_codes import USAGE
from harness.send_job import Order
from harness.send_job import drafts
from simkernel import Journal
from simkernel import ScenarioError

ORDER = Order(queue="BNL_ATLAS_1")
QUEUES = {"BNL_ATLAS_1": {"status": "online"}}


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"queue": " "}, "--queue: ' ' cannot be a queue"),
        ({"count": 0}, "--count: 0 jobs"),
        ({"count": 5001}, "the server takes 1 to 5000"),
        ({"kind": "anlysis"}, "did you mean 'analysis'?"),
        ({"kind": "clone"}, "unknown kind 'clone'"),
        ({"label": "manged"}, "did you mean 'managed'?"),
        ({"cores": 0}, "--cores: 0 cores"),
        ({"memory": "2"}, "--memory: '2' is not a size"),
        ({"disk": "2 GiGa"}, "--disk: 'GiGa' is not a unit"),
        ({"walltime": "-2h"}, "--walltime: -2h is negative"),
        ({"walltime": "2 hours"}, "--walltime: '2 hours' is not a duration"),
        ({"transformation": "payload"}, "--transformation: 'payload' is no URL"),
        ({"attempts": -1}, "--attempts: -1 attempts"),
        ({"inputs": ("a,b",)}, "--input: 'a,b' is no name of a file"),
        ({"inputs": ("a=big",)}, "--input: 'big' is not a size"),
        ({"outputs": ("a", "a")}, "two outputs have the same name"),
    ],
)
def test_wrong_input_is_refused_with_what_to_do(changes: dict[str, object], text: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        drafts(replace(ORDER, **changes))  # type: ignore[arg-type]
    assert text in str(caught.value)
    assert "send-job" in str(caught.value)


def test_jobs_are_numbered_and_each_has_files_of_its_own() -> None:
    order = replace(ORDER, count=2, inputs=("in.root=2 MB",), outputs=("out.root",), memory="2 GB")
    first, second = read_jobs(write_jobs(drafts(order)))
    assert ("flightsim.test.00001", "flightsim.test.00002") == (
        first["jobName"],
        second["jobName"],
    )
    assert [
        ("input", "in.root", 2_000_000),
        ("output", "flightsim.test.00001.out.root", None),
        ("log", "flightsim.test.00001.job.log.tgz", None),
    ] == [(each["type"], each["lfn"], each["fsize"]) for each in first["Files"]]
    assert (2000, "test", "ITB_INTEGRATION") == (
        first["minRamCount"],
        first["prodSourceLabel"],
        first["processingType"],
    )


@pytest.fixture
def live() -> Iterator[tuple[PandaServer, str]]:
    """Return a model and the address at which it answers."""
    journal = Journal(lambda: 0.0)
    server = PandaServer(lambda: 1_772_352_000.0, journal, rng=Random("1/server"))
    server.queues = dict(QUEUES)

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            path, _, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            around = {
                "REQUEST_METHOD": self.command,
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_ACCEPT": self.headers.get("Accept", ""),
                "wsgi.input": io.BytesIO(body),
            }
            if "Authorization" in self.headers:
                around["HTTP_AUTHORIZATION"] = self.headers["Authorization"]
            said: list[str] = []
            text = b"".join(application(server)(around, lambda status, _: said.append(status)))  # type: ignore[arg-type,func-returns-value]
            self.send_response(int(said[0].split()[0]))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = answer

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server, f"http://127.0.0.1:{http.server_address[1]}"
        http.shutdown()
        thread.join()


Live = tuple[PandaServer, str]


def test_many_test_jobs_go_to_a_queue(live: Live, capsys: pytest.CaptureFixture[str]) -> None:
    server, url = live
    code = main(["send-job", "--queue", "BNL_ATLAS_1", "--count", "20", "--url", url, "--json"])
    ids = json.loads(capsys.readouterr().out)
    assert (PASS, 20, sorted(server.jobs)) == (code, len(ids), ids)
    assert {"BNL_ATLAS_1"} == {job.spec.queue for job in server.jobs.values()}
    assert {"activated"} == {job.state.value for job in server.jobs.values()}


def test_a_queue_that_the_server_has_not_got_is_refused(
    live: Live, capsys: pytest.CaptureFixture[str]
) -> None:
    server, url = live
    code = main(["send-job", "--queue", "BNL_ATLAS1", "--url", url])
    assert (USAGE, {}) == (code, server.jobs)
    assert "did you mean 'BNL_ATLAS_1'?" in capsys.readouterr().err


def test_what_the_server_refuses_is_said(live: Live, capsys: pytest.CaptureFixture[str]) -> None:
    server, url = live
    server.people.add_user("", quota_core_s=0)
    assert USAGE == main(["send-job", "--queue", "BNL_ATLAS_1", "--url", url])
    assert "the server refuses: user  used 0 core-seconds" in capsys.readouterr().err


def test_a_bad_token_is_said(
    live: Live, capsys: pytest.CaptureFixture[str], tmp_path: object
) -> None:
    from pathlib import Path

    token = Path(str(tmp_path)) / "token"
    token.write_text("nonsense")
    asked = ["send-job", "--queue", "BNL_ATLAS_1", "--url", live[1], "--token", str(token)]
    assert USAGE == main([*asked, "--origin", "atlas.pilot"])
    assert "the server answers 403: ERROR : Token authentication failed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("http://127.0.0.1:1", "cannot be reached"),
        ("nonsense", "is no address of a server"),
        ("https://", "is no address of a server"),
    ],
)
def test_a_server_that_is_not_there_is_said(
    url: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert USAGE == main(["send-job", "--queue", "BNL_ATLAS_1", "--url", url])
    assert text in capsys.readouterr().err


def test_a_proxy_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["send-job", "--queue", "Q", "--url", "https://127.0.0.1:1", "--proxy", "nowhere.pem"]
    assert USAGE == main(asked)
    assert "the credential cannot be used" in capsys.readouterr().err


def test_a_token_file_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["send-job", "--queue", "Q", "--url", "http://127.0.0.1:1", "--token", "nowhere"]
    assert USAGE == main(asked)
    assert "nowhere cannot be read" in capsys.readouterr().err
