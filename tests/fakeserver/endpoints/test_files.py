"""Files of the cache, traces, and whether the server is there."""

from __future__ import annotations

import json

import pytest

from fakeserver.wire import HttpAnswer
from fakeserver.wire import HttpRequest
from tests.fakeserver.servers import QUEUE
from tests.fakeserver.servers import Bench
from tests.fakeserver.servers import spec
from tests.fakeserver.speakers import ask
from tests.fakeserver.speakers import legacy
from tests.fakeserver.speakers import modern
from tests.fakeserver.speakers import read

QUEUEDATA = {"nickname": QUEUE, "state": "ACTIVE", "status": "online"}


def get(bench: Bench, path: str) -> HttpAnswer:
    """Return the file at *path*."""
    return ask(bench, HttpRequest("GET", path))


def test_queuedata_is_flat_and_schedconfig_is_under_the_name(bench: Bench) -> None:
    bench.server.queues[QUEUE] = QUEUEDATA
    flat = get(bench, f"/cache/schedconfig/{QUEUE}.all.json")
    named = get(bench, f"/cache/schedconfig/{QUEUE}.json")
    assert (QUEUEDATA, {QUEUE: QUEUEDATA}) == (json.loads(flat.body), json.loads(named.body))
    assert ("application/json", 200) == (flat.kind, flat.status)


@pytest.mark.parametrize(
    "path", ["/cache/schedconfig/GONE.all.json", "/cache/schedconfig/GONE.json", "/trf/user/gone"]
)
def test_what_is_not_there_is_a_page_with_404(bench: Bench, path: str) -> None:
    answer = get(bench, path)
    assert (404, "text/html") == (answer.status, answer.kind)


def test_ddmendpoints(bench: Bench) -> None:
    bench.server.endpoints["BNL_DATADISK"] = {"type": "DATADISK"}
    for path in (
        "/ddmendpoints.json",
        "/cache/ddmendpoints.json",
        "/api/atlas/ddmendpoint/query/?json&state=ACTIVE",
    ):
        assert bench.server.endpoints == json.loads(get(bench, path).body)


def test_old_pilots_ask_for_all_queues_at_once(bench: Bench) -> None:
    bench.server.queues[QUEUE] = QUEUEDATA
    answer = get(bench, f"/api/atlas/pandaqueue/query/?json&pandaqueue[]={QUEUE}")
    assert {QUEUE: QUEUEDATA} == json.loads(answer.body)


def test_the_transform_runs_the_payload_tool(bench: Bench) -> None:
    expected = b'#!/bin/sh\nexec flightsim-payload "$0" "$@"\n'
    assert expected == get(bench, "/trf/user/payload").body


def test_a_job_brings_its_transform_if_it_is_from_here(bench: Bench) -> None:
    bench.server.define_job(spec(1, transformation="http://h:25085/trf/user/runGen-00-00-02"))
    bench.server.define_job(spec(2, transformation="Sim_tf.py"))
    assert 200 == get(bench, "/trf/user/runGen-00-00-02").status
    assert ["payload", "runGen-00-00-02"] == sorted(bench.server.transforms)


def test_a_trace_is_taken_whatever_it_is(bench: Bench) -> None:
    for body in (b'{"eventType": "get_sm"}', b"nonsense"):
        answer = ask(bench, HttpRequest("POST", "/traces/", body=body))
        assert (201, b"Created") == (answer.status, answer.body)
    assert [{"eventType": "get_sm"}, "nonsense"] == bench.server.traces


def test_it_is_alive(bench: Bench) -> None:
    assert b"alive=yes" == legacy(bench, "is_alive", {}).body
    assert read(modern(bench, "is_alive", {}))["success"] is True
