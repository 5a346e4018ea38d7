"""What each fault of the server does to an answer."""

from __future__ import annotations

import json
from urllib.parse import parse_qs

import pytest

from harness.triggers import Trigger
from simkernel import NetError
from simkernel import Response
from simkernel import ScenarioError
from tests.harness.faults.tiny_world import TinyWorld

JSON = "application/json"


def answered(world: TinyWorld, **how: str) -> Response:
    outcome = world.do(world.ask(**how), until=world.clock.now + 1000)
    assert isinstance(outcome.result, Response)
    return outcome.result


def fields(response: Response) -> object:
    return json.loads(response.body)


def header(response: Response, name: str) -> str:
    """Return the header *name*, which is there exactly once."""
    [value] = [value for each, value in response.headers if each == name]
    return value


def test_http_status_answers_without_effect(world: TinyWorld) -> None:
    world.install("http_status", on="server.update_job", options={"status": 502})
    response = answered(world)
    assert (response.status, world.server.effects) == (502, 0)
    assert b"502 Bad Gateway" in response.body


def test_status_code_answers_json_to_whom_accepts_it(world: TinyWorld) -> None:
    world.install("status_code", on="server.acquire_jobs", options={"value": 20})
    response = answered(world, endpoint="acquire_jobs", accept=JSON)
    assert fields(response) == {"StatusCode": 20, "errorDialog": "No jobs in PanDA"}
    assert (response.status, world.server.effects) == (200, 0)


def test_status_code_answers_url_encoded_otherwise(world: TinyWorld) -> None:
    world.install("status_code", on="server.update_job", options={"value": 60})
    assert parse_qs(answered(world).body.decode())["StatusCode"] == ["60"]


def test_status_code_is_wrapped_in_the_newer_dialect(world: TinyWorld) -> None:
    world.install("status_code", on="server.update_job", options={"value": 10})
    whole = fields(answered(world, path="/api/v1/pilot/update_job"))
    assert whole == {"success": False, "message": "Timed out", "data": {"StatusCode": 10}}


def test_a_lost_answer_took_effect(world: TinyWorld) -> None:
    world.install("answer_lost", on="server.update_job")
    outcome = world.do(world.ask())
    assert isinstance(outcome.error, NetError)
    assert (outcome.error.kind, world.server.effects) == ("reset", 1)


def test_an_answer_may_be_lost_in_silence(world: TinyWorld) -> None:
    world.install("answer_lost", on="server.update_job", options={"how": "silence"})
    outcome = world.do(world.ask(), until=86_400)
    assert (outcome.ended_at, outcome.error, world.server.effects) == (None, None, 1)


def test_a_lost_request_took_no_effect(world: TinyWorld) -> None:
    world.install("request_lost", on="server.update_job")
    outcome = world.do(world.ask())
    assert isinstance(outcome.error, NetError)
    assert (outcome.error.kind, world.server.effects) == ("reset", 0)


def test_a_request_may_be_lost_in_silence(world: TinyWorld) -> None:
    world.install("request_lost", on="server.update_job", options={"how": "silence"})
    outcome = world.do(world.ask(), until=86_400)
    assert (outcome.ended_at, world.server.effects) == (None, 0)


@pytest.mark.parametrize("do", ["answer_lost", "request_lost"])
def test_there_are_two_ways_to_lose_something(do: str, world: TinyWorld) -> None:
    with pytest.raises(ScenarioError, match="how = 'sinking' — use 'reset' or 'silence'"):
        world.install(do, on="server.update_job", options={"how": "sinking"})


def test_a_delayed_answer_is_the_same(world: TinyWorld) -> None:
    world.install("delay", on="server.update_job", options={"delay": "10m"})
    outcome = world.do(world.ask())
    assert (601.0, world.server.body) == (outcome.ended_at, outcome.result.body)


def test_a_hanging_server_does_nothing(world: TinyWorld) -> None:
    world.install("hang", on="server.update_job")
    outcome = world.do(world.ask(), until=86_400)
    assert (outcome.ended_at, world.server.effects) == (None, 0)


def test_garbage_cannot_be_decoded(world: TinyWorld) -> None:
    world.install("garbage", on="server.update_job")
    response = answered(world, accept=JSON)
    with pytest.raises(UnicodeDecodeError):
        response.body.decode()
    assert (response.status, header(response, "Content-Type")) == (200, JSON)


def test_garbage_comes_as_the_kind_that_the_newer_dialect_always_speaks(world: TinyWorld) -> None:
    world.install("garbage", on="server.update_job")
    response = answered(world, path="/api/v1/pilot/update_job")
    assert header(response, "Content-Type") == JSON


def test_an_html_page_reads_as_url_encoded_text(world: TinyWorld) -> None:
    world.install("html", on="server.update_job")
    response = answered(world, accept=JSON)
    assert (response.status, world.server.effects) == (200, 0)
    assert header(response, "Content-Type").startswith("text/html")
    assert parse_qs(response.body.decode())


def test_null_fields_leave_the_status_code(world: TinyWorld) -> None:
    world.install("null_fields", on="server.update_job")
    response = answered(world)
    assert fields(response) == {"StatusCode": 0, "command": None, "PandaID": None}
    assert str(len(response.body)) == header(response, "Content-Length")


def test_null_fields_may_be_named(world: TinyWorld) -> None:
    world.install("null_fields", on="server.update_job", options={"fields": ["command", "secrets"]})
    expect = {"StatusCode": 0, "command": None, "PandaID": 7, "secrets": None}
    assert expect == fields(answered(world))


def test_null_fields_are_blank_in_url_encoded_text(world: TinyWorld) -> None:
    world.server.body = b"StatusCode=0&command=NULL"
    world.install("null_fields", on="server.update_job")
    assert answered(world).body == b"StatusCode=0&command="


def test_null_fields_leave_plain_text_alone(world: TinyWorld) -> None:
    world.server.body = b"Succeeded"
    world.install("null_fields", on="server.update_job")
    assert answered(world).body == b"Succeeded"


def test_null_fields_reach_into_the_newer_envelope(world: TinyWorld) -> None:
    world.server.body = b'{"success": true, "message": "", "data": {"command": "NULL"}}'
    world.install("null_fields", on="server.update_job")
    assert fields(answered(world)) == {"success": True, "message": "", "data": {"command": None}}


def test_a_duplicate_takes_effect_twice_and_is_answered_once(world: TinyWorld) -> None:
    world.install("duplicate", on="server.update_job")
    response = answered(world)
    assert (2, world.server.body) == (world.server.effects, response.body)


def test_a_command_rides_on_the_answer(world: TinyWorld) -> None:
    world.install("command", on="server.update_job", options={"command": "softkill"})
    expect = {"StatusCode": 0, "command": "softkill", "PandaID": 7}
    assert (expect, 1) == (fields(answered(world)), world.server.effects)


def test_a_command_is_url_encoded_where_the_answer_is(world: TinyWorld) -> None:
    world.server.body = b"StatusCode=0&command=NULL"
    world.install("command", on="server.update_job", options={"command": "tail payload.stdout"})
    assert answered(world).body == b"StatusCode=0&command=tail+payload.stdout"


def test_a_command_finds_no_place_in_plain_text(world: TinyWorld) -> None:
    world.server.body = b"[1, 2]"
    world.install("command", on="server.update_job")
    assert answered(world).body == b"[1, 2]"


def test_every_third_update_fails_at_most_twice(world: TinyWorld) -> None:
    world.install("http_status", on="server.update_job", at=Trigger(every=3, times=2))
    statuses = [answered(world).status for _ in range(10)]
    assert statuses == [200, 200, 503, 200, 200, 503, 200, 200, 200, 200]
