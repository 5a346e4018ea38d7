"""Requests and answers in both dialects."""

from __future__ import annotations

import gzip
import json

import pytest

from pilotcore.calls import API
from pilotcore.calls import LEGACY
from pilotcore.dialects import BadAnswer
from pilotcore.dialects import read_answer
from pilotcore.dialects import write_request
from pilotcore.platform import Response
from pilotcore.server import first_record
from pilotcore.server import read_commands

FIELDS = {
    "jobId": "7",
    "state": "failed",
    "attemptNr": 2,
    "pilotErrorCode": 0,
    "transExitCode": None,
    "pilotErrorDiag": "",
    "startTime": "2026-03-01 08:00:00",
    "timestamp": "2026-03-01T08:00:00+00:00",
    "somethingElse": 1,
}


def body(dialect: str) -> dict[str, object]:
    request = write_request(dialect, "update_job", FIELDS, server="https://s:1")
    return dict(json.loads(gzip.decompress(request.body)))


def test_the_legacy_dialect_sends_its_own_names_and_nothing_unknown_or_empty() -> None:
    expected = {
        "jobId": "7",
        "timestamp": "2026-03-01T08:00:00+00:00",
        "state": "failed",
        "startTime": "2026-03-01 08:00:00",
        "attemptNr": 2,
        "pilotErrorCode": 0,
    }
    assert expected == body("legacy")


def test_the_api_dialect_sends_snake_case_and_numbers() -> None:
    expected = {
        "job_id": 7,
        "job_status": "failed",
        "start_time": "2026-03-01 08:00:00",
        "attempt_nr": 2,
        "pilot_error_code": 0,
    }
    assert expected == body("api")


def test_only_the_api_dialect_names_its_encoding() -> None:
    headers = [
        "Content-Encoding" in write_request(name, "update_job", FIELDS, server="s").headers
        for name in ("legacy", "api")
    ]
    assert [False, True] == headers


def test_both_dialects_have_the_same_calls() -> None:
    assert set(LEGACY) == set(API)


def test_equal_fields_are_equal_bytes() -> None:
    one, other = (write_request("api", "update_job", FIELDS, server="s") for _ in range(2))
    assert one.body == other.body


@pytest.mark.parametrize(
    ("dialect", "text", "code"),
    [
        ("legacy", '{"StatusCode": 0}', 0),
        ("legacy", '{"StatusCode": "20"}', 20),
        ("legacy", "StatusCode=60&errorDialog=no", 60),
        ("api", '{"success": true, "data": {"StatusCode": 10}}', 10),
        ("api", '{"success": true, "data": []}', 0),
        ("api", '{"success": false, "message": "No jobs in PanDA"}', 20),
        ("api", '{"success": false, "message": "Timed out"}', 10),
        ("api", '{"success": false, "message": "production or pilot role required"}', 60),
        ("api", '{"success": false, "message": null, "data": null}', 30),
    ],
)
def test_an_answer_has_a_status_code(dialect: str, text: str, code: int) -> None:
    assert code == read_answer(dialect, Response(200, text.encode())).code


@pytest.mark.parametrize("dialect", ["legacy", "api"])
@pytest.mark.parametrize(
    ("status", "text", "lost"),
    [
        (200, "<html>a=b</html>", False),
        (200, "Succeeded", False),
        (200, "", True),
        (200, '{"StatusCode": 0, "Pan', True),
        (200, '{"a": "b"}', True),
        (500, '{"StatusCode": 0, "success": true}', False),
    ],
)
def test_what_does_not_come_from_panda_is_no_answer(
    dialect: str, status: int, text: str, lost: bool
) -> None:
    with pytest.raises(BadAnswer) as caught:
        read_answer(dialect, Response(status, text.encode()))
    assert lost == caught.value.lost


@pytest.mark.parametrize(
    ("fields", "record"),
    [
        ({"PandaID": 1}, {"PandaID": 1}),
        ({"jobs": [{"PandaID": 1}]}, {"PandaID": 1}),
        ({"jobs": []}, {}),
        ({"jobs": "x"}, {}),
        ({"jobs": [7]}, {}),
    ],
)
def test_the_job_is_the_answer_or_the_first_of_its_jobs(
    fields: dict[str, object], record: dict[str, object]
) -> None:
    assert record == first_record(fields)


@pytest.mark.parametrize(
    ("value", "commands"),
    [
        (None, ()),
        ("NULL", ()),
        ("debug,tobekilled", ("debug", "tobekilled")),
        ("tail x.log", ("tail x.log",)),
        ({"a": 1}, ()),
        (" , null,", ()),
    ],
)
def test_commands_are_the_words_between_commas(value: object, commands: tuple[str, ...]) -> None:
    assert commands == read_commands(value)
